from typing import Literal, cast

IspProfilePaperType0 = Literal["A4", "A5", "A5x2", "Letter"]


def check_isp_profile_paper_type_0(value: str) -> IspProfilePaperType0:
    """Return the value, also one that a later release has added."""
    return cast(IspProfilePaperType0, value)
