"""Figures of the dashboard, from the totals that the read model keeps."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from gateway.store.statements import Row, many, named
from shared.db import Tx


async def months(tx: Tx, operator_id: UUID, until: str, limit: int) -> list[Row]:
    """Return what was billed and collected, by month, oldest first."""
    rows = [row async for row in named.months(tx, operator_id=operator_id, until=until, limit=limit)]
    return rows[::-1]


async def month_by_operator(tx: Tx, operator_id: UUID, period: str) -> list[Row]:
    """The same for one month, by the operators right below, and the operator itself."""
    return await many(named.month_by_operator(tx, operator_id=operator_id, period=period))


async def owed_by_due_date(tx: Tx, operator_id: UUID, today: date) -> Row:
    """Return what is due today, and what is overdue."""
    row: Row = await named.owed_by_due_date(tx, operator_id=operator_id, today=today)
    return row


async def due_today(tx: Tx, today: date, limit: int) -> list[Row]:
    """Some of the bills that are due today."""
    return await many(named.due_today(tx, today=today, limit=limit))


async def collected(tx: Tx, today: date, first_id: UUID, since: datetime) -> Row:
    """Return the money paid today, and that recorded since a moment, whose least id is `first_id`."""
    row: Row = await named.collected(tx, today=today, first_id=first_id, since=since)
    return row


async def overdue_by_age(tx: Tx, operator_id: UUID, today: date) -> list[Row]:
    """Return what is overdue, by the first day of each age: 1, 31, 61, 91."""
    return await many(named.overdue_by_age(tx, operator_id=operator_id, today=today))


async def credit_left(tx: Tx) -> Row:
    """Credit that customers have not used."""
    row: Row = await named.credit_left(tx)
    return row
