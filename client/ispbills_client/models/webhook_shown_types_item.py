from typing import Literal, cast

WebhookShownTypesItem = Literal[
    "bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed"
]


def check_webhook_shown_types_item(value: str) -> WebhookShownTypesItem:
    """Return the value, also one that a later release has added."""
    return cast(WebhookShownTypesItem, value)
