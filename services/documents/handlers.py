"""What documents does with what it hears."""

from __future__ import annotations

from collections.abc import Sequence

from shared import inbox, outbox
from shared.contracts.documents import RenderDocument
from shared.contracts.envelope import CommandRefused, Received
from shared.db import Tx
from shared.outbox import Said


async def refuse_rendering(commands: Sequence[Received[RenderDocument]], tx: Tx) -> None:
    """Refuse each rendering once: without an ISP profile there is no letterhead to print on."""
    fresh = await inbox.recognise(tx, commands, "commands")
    await outbox.say(tx, [Said(_refusal(command.data), because=command.envelope) for command in fresh])


def _refusal(command: RenderDocument) -> CommandRefused:
    return CommandRefused(
        service="documents",
        code="isp-profile-not-configured",
        detail="No ISP profile is configured, so an invoice has no letterhead.",
        subject=str(command.document_id),
    )
