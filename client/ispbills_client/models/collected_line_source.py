from typing import Literal, cast

CollectedLineSource = Literal["desk", "partner", "provider"]


def check_collected_line_source(value: str) -> CollectedLineSource:
    """Return the value, also one that a later release has added."""
    return cast(CollectedLineSource, value)
