from typing import Literal, cast

ListBillsStatusItem = Literal["paid", "partial", "unpaid", "void"]


def check_list_bills_status_item(value: str) -> ListBillsStatusItem:
    """Return the value, also one that a later release has added."""
    return cast(ListBillsStatusItem, value)
