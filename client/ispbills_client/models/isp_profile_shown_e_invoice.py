from typing import Literal, cast

IspProfileShownEInvoice = Literal["factur-x", "none"]


def check_isp_profile_shown_e_invoice(value: str) -> IspProfileShownEInvoice:
    """Return the value, also one that a later release has added."""
    return cast(IspProfileShownEInvoice, value)
