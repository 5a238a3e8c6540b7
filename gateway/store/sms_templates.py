"""Texts of messages, as operators above have written them."""

from __future__ import annotations

from uuid import UUID

from gateway.store.statements import Row, many, named
from shared.db import Tx


async def above(tx: Tx, operator_id: UUID) -> list[Row]:
    """Return the texts of an operator and of those above it."""
    return await many(named.sms_templates_above(tx, operator_id=operator_id))
