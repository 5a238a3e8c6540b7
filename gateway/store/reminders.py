"""Rules of reminders, and what one would do on a day."""

from __future__ import annotations

from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def rules(tx: Tx, operator_id: UUID | None = None) -> list[Row]:
    """Return the rules of one operator, or of the whole reach."""
    return await many(named.reminder_rules(tx, operator_id=operator_id))


async def rule(tx: Tx, rule_id: UUID) -> Row | None:
    """Return a rule within the reader's reach."""
    return await one(named.reminder_rule_by_id(tx, id=rule_id))


async def plan(tx: Tx, operation_id: UUID) -> Row | None:
    """Return what a dry run found, once it has."""
    return await one(named.reminder_plan(tx, operation_id=operation_id))
