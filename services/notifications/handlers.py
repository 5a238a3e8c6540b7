"""What notifications does with what it hears."""

from __future__ import annotations

from collections.abc import Sequence

from shared import inbox, outbox
from shared.contracts.envelope import CommandRefused, Received
from shared.contracts.notifications import SendMessage
from shared.db import Tx
from shared.outbox import Said


async def refuse_messages(commands: Sequence[Received[SendMessage]], tx: Tx) -> None:
    """Refuse each message once: without an SMS gateway there is no way to take it anywhere."""
    fresh = await inbox.recognise(tx, commands, "commands")
    await outbox.say(tx, [Said(_refusal(command.data), because=command.envelope) for command in fresh])


def _refusal(command: SendMessage) -> CommandRefused:
    return CommandRefused(
        service="notifications",
        code="sms-gateway-not-configured",
        detail="No SMS gateway is configured; share the customer's portal address instead.",
        subject=str(command.message_id),
    )
