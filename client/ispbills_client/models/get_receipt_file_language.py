from typing import Literal, cast

GetReceiptFileLanguage = Literal["bn", "en"]


def check_get_receipt_file_language(value: str) -> GetReceiptFileLanguage:
    """Return the value, also one that a later release has added."""
    return cast(GetReceiptFileLanguage, value)
