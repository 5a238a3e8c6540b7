from typing import Literal, cast

LogoMediaType = Literal["image/jpeg", "image/png"]


def check_logo_media_type(value: str) -> LogoMediaType:
    """Return the value, also one that a later release has added."""
    return cast(LogoMediaType, value)
