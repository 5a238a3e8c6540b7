"""The end of a day: what a collector or an operator took is summed up, compared with a count, and signed.

A day is closed once and never changed. What is recorded or taken back for it later is in the next closing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.payments import store
from services.payments.domain import (
    DayClosed as DayIsClosed,
)
from services.payments.domain import (
    DayNotBegun,
    FiguresChanged,
    NotExplained,
    NotFound,
    cash_in_hand,
    is_within,
)
from services.payments.handlers.settling import zone_of
from services.payments.store import Row
from services.payments.store.closings import Whose
from shared import clock
from shared.contracts.envelope import Received
from shared.contracts.payments import CloseDay, CollectedBy, DayClosed
from shared.db import Tx
from shared.outbox import Said

# Before the first closing nothing was counted, and nothing can be late.
_NEVER = datetime(9998, 1, 1, tzinfo=UTC)


def day_closed(row: Row) -> DayClosed:
    """A closed day as the world hears it."""
    facts = {name: value for name, value in dict(row).items() if name != "lines"}
    return DayClosed(**facts, lines=tuple(CollectedBy(**line) for line in row["lines"]), version=1)


async def close_day(command: Received[CloseDay], tx: Tx) -> list[Said]:
    """Sum the day up, and sign it where what was seen is still so."""
    wanted = command.data
    path = await store.operators.path(tx, wanted.operator_id)
    if path is None or not is_within(path, wanted.scope):
        raise NotFound
    await store.closings.lock_days(tx)
    now = clock.now()
    if wanted.day > now.astimezone(await zone_of(tx)).date():
        raise DayNotBegun
    whose: Whose = {"collector": wanted.collector, "operator_id": wanted.operator_id}
    if await store.closings.is_closed(tx, wanted.day, whose):
        raise DayIsClosed
    row = await _summed_up(tx, wanted, whose, now)
    if row["expected_minor"] != wanted.expected_minor:
        raise FiguresChanged
    if row["expected_minor"] != wanted.counted_minor and not wanted.note:
        raise NotExplained
    await store.closings.save(tx, row)
    return [Said(day_closed(row), because=command.envelope)]


async def _summed_up(tx: Tx, wanted: CloseDay, whose: Whose, now: datetime) -> dict[str, Any]:
    """Return the row of a closing; everything that counts was recorded before `now`."""
    since = await store.closings.last_closed_at(tx, whose) or _NEVER
    lines = await store.closings.collected(tx, wanted.day, whose)
    late = await store.closings.late(tx, since, whose)
    taken_back = await store.closings.reversed_since(tx, since, whose)
    cash = cash_in_hand(lines)
    return {
        **whose,
        "closing_id": wanted.closing_id,
        "collector_name": wanted.collector_name,
        "day": wanted.day,
        "currency": (await store.installation(tx)).currency or wanted.currency,
        "lines": lines,
        "payments": sum(line["payments"] for line in lines),
        "collected_minor": sum(line["amount_minor"] for line in lines),
        "cash_minor": cash,
        "late_payments": late["payments"],
        "late_minor": late["amount_minor"],
        "reversed_payments": taken_back["payments"],
        "reversed_minor": taken_back["amount_minor"],
        "expected_minor": cash + late["amount_minor"] - taken_back["amount_minor"],
        "counted_minor": wanted.counted_minor,
        "note": wanted.note,
        "closed_by": wanted.actor.signed_as,
        "closed_by_name": wanted.actor.name,
        "closed_at": now,
    }
