from typing import Literal, cast

WebhookMessageState = Literal["delivered", "failed", "queued"]


def check_webhook_message_state(value: str) -> WebhookMessageState:
    """Return the value, also one that a later release has added."""
    return cast(WebhookMessageState, value)
