from typing import Literal, cast

LogoShownMediaType = Literal["image/jpeg", "image/png"]


def check_logo_shown_media_type(value: str) -> LogoShownMediaType:
    """Return the value, also one that a later release has added."""
    return cast(LogoShownMediaType, value)
