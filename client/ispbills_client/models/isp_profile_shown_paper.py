from typing import Literal, cast

IspProfileShownPaper = Literal["A4", "A5", "A5x2", "Letter"]


def check_isp_profile_shown_paper(value: str) -> IspProfileShownPaper:
    """Return the value, also one that a later release has added."""
    return cast(IspProfileShownPaper, value)
