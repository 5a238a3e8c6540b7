"""What documents does with what it hears."""

from __future__ import annotations

from collections.abc import Sequence

from shared import inbox, outbox
from shared.contracts.envelope import Command, CommandRefused, Received
from shared.db import Tx
from shared.outbox import Said


async def refuse(commands: Sequence[Received[Command]], tx: Tx) -> None:
    """Refuse each rendering once: without an ISP profile there is no letterhead to print on."""
    fresh = await inbox.recognise(tx, commands, "commands")
    await outbox.say(tx, [Said(_refusal(command.data), because=command.envelope) for command in fresh])


def _refusal(command: Command) -> CommandRefused:
    return CommandRefused(
        service="documents",
        code="isp-profile-not-configured",
        detail="No ISP profile is configured, so an invoice has no letterhead.",
        subject=str(getattr(command, "document_id", command.key())),
    )
