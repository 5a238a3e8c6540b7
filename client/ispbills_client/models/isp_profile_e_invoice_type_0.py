from typing import Literal, cast

IspProfileEInvoiceType0 = Literal["factur-x", "none"]


def check_isp_profile_e_invoice_type_0(value: str) -> IspProfileEInvoiceType0:
    """Return the value, also one that a later release has added."""
    return cast(IspProfileEInvoiceType0, value)
