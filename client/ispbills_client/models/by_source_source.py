from typing import Literal, cast

BySourceSource = Literal["desk", "partner", "provider"]


def check_by_source_source(value: str) -> BySourceSource:
    """Return the value, also one that a later release has added."""
    return cast(BySourceSource, value)
