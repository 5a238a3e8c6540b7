from typing import Literal, cast

WebhookWithSecretTypesItem = Literal[
    "bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed"
]


def check_webhook_with_secret_types_item(value: str) -> WebhookWithSecretTypesItem:
    """Return the value, also one that a later release has added."""
    return cast(WebhookWithSecretTypesItem, value)
