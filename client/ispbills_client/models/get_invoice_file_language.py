from typing import Literal, cast

GetInvoiceFileLanguage = Literal["bn", "en"]


def check_get_invoice_file_language(value: str) -> GetInvoiceFileLanguage:
    """Return the value, also one that a later release has added."""
    return cast(GetInvoiceFileLanguage, value)
