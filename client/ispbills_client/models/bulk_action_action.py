from typing import Literal, cast

BulkActionAction = Literal["download_pdf", "generate_missing", "mark_paid", "send_payment_link"]


def check_bulk_action_action(value: str) -> BulkActionAction:
    """Return the value, also one that a later release has added."""
    return cast(BulkActionAction, value)
