from typing import Literal, cast

WebhookTypesItem = Literal["bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed"]


def check_webhook_types_item(value: str) -> WebhookTypesItem:
    """Return the value, also one that a later release has added."""
    return cast(WebhookTypesItem, value)
