"""Republishes as rows, ended by what all services share."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.invoicing.store.statements import queries
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Envelope
from shared.db import Tx
from shared.republishing import Republishes

ends = Republishes(queries)


async def start(tx: Tx, command_id: UUID, envelope: Envelope, subjects: Sequence[str]) -> None:
    """Open a republish of these subjects."""
    await queries.start_republish(
        tx, command_id=command_id, envelope=envelope_to_json(envelope), subjects=subjects
    )
