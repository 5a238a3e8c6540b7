from typing import Literal, cast

ListBulkItemsState = Literal["failed", "pending", "skipped", "succeeded"]


def check_list_bulk_items_state(value: str) -> ListBulkItemsState:
    """Return the value, also one that a later release has added."""
    return cast(ListBulkItemsState, value)
