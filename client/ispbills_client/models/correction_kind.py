from typing import Literal, cast

CorrectionKind = Literal["late", "reversed"]


def check_correction_kind(value: str) -> CorrectionKind:
    """Return the value, also one that a later release has added."""
    return cast(CorrectionKind, value)
