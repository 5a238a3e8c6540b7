from typing import Literal, cast

IspProfileShownLanguage = Literal["bn", "en"]


def check_isp_profile_shown_language(value: str) -> IspProfileShownLanguage:
    """Return the value, also one that a later release has added."""
    return cast(IspProfileShownLanguage, value)
