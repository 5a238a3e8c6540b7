from typing import Literal, cast

IspProfileLanguageType0 = Literal["bn", "en"]


def check_isp_profile_language_type_0(value: str) -> IspProfileLanguageType0:
    """Return the value, also one that a later release has added."""
    return cast(IspProfileLanguageType0, value)
