"""Messages to customers, as notifications hears the wish for them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import Command, ShortText, Text


class SendMessage(Command):
    """Send one text to one mobile; `message_id` is the reference that the SMS gateway sees."""

    type: ClassVar[str] = "message.send.v1"
    topic: ClassVar[str] = "notifications.commands"

    message_id: UUID
    customer_id: UUID
    mobile: ShortText
    text: Text

    def key(self) -> str:
        return str(self.customer_id)
