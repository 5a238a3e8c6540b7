from typing import Literal, cast

WebhookShownDisabledReasonType0 = Literal["failing", "gone", "switched-off"]


def check_webhook_shown_disabled_reason_type_0(value: str) -> WebhookShownDisabledReasonType0:
    """Return the value, also one that a later release has added."""
    return cast(WebhookShownDisabledReasonType0, value)
