from typing import Literal, cast

BillItemStatus = Literal["paid", "partial", "unpaid", "void"]


def check_bill_item_status(value: str) -> BillItemStatus:
    """Return the value, also one that a later release has added."""
    return cast(BillItemStatus, value)
