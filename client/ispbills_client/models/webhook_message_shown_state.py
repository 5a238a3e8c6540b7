from typing import Literal, cast

WebhookMessageShownState = Literal["delivered", "failed", "queued"]


def check_webhook_message_shown_state(value: str) -> WebhookMessageShownState:
    """Return the value, also one that a later release has added."""
    return cast(WebhookMessageShownState, value)
