from typing import Literal, cast

WebhookWithSecretDisabledReasonType0 = Literal["failing", "gone", "switched-off"]


def check_webhook_with_secret_disabled_reason_type_0(value: str) -> WebhookWithSecretDisabledReasonType0:
    """Return the value, also one that a later release has added."""
    return cast(WebhookWithSecretDisabledReasonType0, value)
