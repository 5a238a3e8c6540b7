from typing import Literal, cast

BulkItemState = Literal["failed", "pending", "skipped", "succeeded"]


def check_bulk_item_state(value: str) -> BulkItemState:
    """Return the value, also one that a later release has added."""
    return cast(BulkItemState, value)
