from typing import Literal, cast

ListCustomersStatusItem = Literal["active", "closed", "suspended"]


def check_list_customers_status_item(value: str) -> ListCustomersStatusItem:
    """Return the value, also one that a later release has added."""
    return cast(ListCustomersStatusItem, value)
