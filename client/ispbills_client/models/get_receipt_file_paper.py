from typing import Literal, cast

GetReceiptFilePaper = Literal["58mm", "80mm", "A4", "A5", "A5x2", "Letter"]


def check_get_receipt_file_paper(value: str) -> GetReceiptFilePaper:
    """Return the value, also one that a later release has added."""
    return cast(GetReceiptFilePaper, value)
