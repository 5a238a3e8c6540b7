from typing import Literal, cast

GetInvoiceFilePaper = Literal["58mm", "80mm", "A4", "A5", "A5x2", "Letter"]


def check_get_invoice_file_paper(value: str) -> GetInvoiceFilePaper:
    """Return the value, also one that a later release has added."""
    return cast(GetInvoiceFilePaper, value)
