"""Payments and links that wait for their bill or customer, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from services.payments.store.statements import Row, queries
from shared import clock
from shared.cloudevents import envelope_from_json, envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.payments import CreatePaymentLink, RecordPayment
from shared.db import Tx

Waiting: TypeAlias = RecordPayment | CreatePaymentLink


async def park(tx: Tx, command: Received[Any]) -> None:
    """Keep a payment or the wish for a link until its bill or customer is known; again, it waits once."""
    await queries.park_command(
        tx,
        command_id=command.id,
        invoice_id=command.data.invoice_id,
        customer_id=command.data.customer_id,
        command=command.data.model_dump(mode="json"),
        envelope=envelope_to_json(command.envelope),
        since=clock.now(),
    )


async def take_ripe(tx: Tx, waited_since: datetime) -> list[Received[Waiting]]:
    """Take out what need not wait any more: its bill or customer is known, or it has waited since then."""
    return [_command(row) async for row in queries.take_ripe_commands(tx, waited_since=waited_since)]


def _command(row: Row) -> Received[Waiting]:
    envelope = envelope_from_json(row["envelope"])
    kind = CreatePaymentLink if envelope.type == CreatePaymentLink.type else RecordPayment
    command = kind.model_validate(row["command"], strict=False)
    return Received(command, envelope, command.destination(), 0, 0)
