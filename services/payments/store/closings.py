"""Closed days as rows, and the sums that a closing is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared.db import Tx


class Whose(TypedDict):
    """The owner of a day: a collector, or where that is None all of an operator."""

    collector: str | None
    operator_id: UUID


async def lock_days(tx: Tx) -> None:
    """Wait for all who move money, and let nobody begin until this transaction ends."""
    await queries.close_days_alone(tx)


async def is_closed(tx: Tx, day: date, whose: Whose) -> bool:
    """Return whether a day is closed."""
    return bool(await queries.day_is_closed(tx, day=day, **whose))


async def last_closed_at(tx: Tx, whose: Whose) -> datetime | None:
    """Return the moment up to which everything was counted; None before the first closing."""
    moment: datetime | None = await queries.last_closing(tx, **whose)
    return moment


async def collected(tx: Tx, day: date, whose: Whose) -> list[dict[str, Any]]:
    """Return what was collected on a day, in lines by method and source."""
    return [dict(row) async for row in queries.collected_on_day(tx, day=day, **whose)]


async def late(tx: Tx, since: datetime, whose: Whose) -> Row:
    """Return the sum of cash of closed days that was recorded since a moment."""
    row: Row = await queries.late_on_closed_days(tx, since=since, **whose)
    return row


async def reversed_since(tx: Tx, since: datetime, whose: Whose) -> Row:
    """Return the sum of cash of closed days that was reversed since a moment."""
    row: Row = await queries.reversed_on_closed_days(tx, since=since, **whose)
    return row


async def save(tx: Tx, closing: Mapping[str, Any]) -> None:
    """Add a closing, all its figures with it."""
    await queries.save_closing(tx, **closing)
