from typing import Literal, cast

BulkActionShownState = Literal["cancelled", "cancelling", "completed", "queued", "running"]


def check_bulk_action_shown_state(value: str) -> BulkActionShownState:
    """Return the value, also one that a later release has added."""
    return cast(BulkActionShownState, value)
