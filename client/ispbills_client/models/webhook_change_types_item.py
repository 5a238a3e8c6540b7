from typing import Literal, cast

WebhookChangeTypesItem = Literal[
    "bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed"
]


def check_webhook_change_types_item(value: str) -> WebhookChangeTypesItem:
    """Return the value, also one that a later release has added."""
    return cast(WebhookChangeTypesItem, value)
