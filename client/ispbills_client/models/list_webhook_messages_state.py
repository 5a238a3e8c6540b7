from typing import Literal, cast

ListWebhookMessagesState = Literal["delivered", "failed", "queued"]


def check_list_webhook_messages_state(value: str) -> ListWebhookMessagesState:
    """Return the value, also one that a later release has added."""
    return cast(ListWebhookMessagesState, value)
