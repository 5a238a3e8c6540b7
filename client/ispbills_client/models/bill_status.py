from typing import Literal, cast

BillStatus = Literal["paid", "partial", "unpaid", "void"]


def check_bill_status(value: str) -> BillStatus:
    """Return the value, also one that a later release has added."""
    return cast(BillStatus, value)
