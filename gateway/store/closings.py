"""Days as they are counted: what came in on them, and those that were signed off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.closing_pages import pages
from gateway.store.statements import Row, many, named, one
from shared.db import Tx

MOST_CORRECTIONS = 200
MOST_PAPERS = 200
# Before the first closing nothing was counted, and nothing can be late.
_NEVER = datetime(9998, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose day it is: a collector's, by what payments name them by, or an operator's with its subtree."""

    operator_id: UUID
    operator_name: str
    collector: str | None = None
    collector_name: str | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what statements are asked with."""
        return {"operator_id": self.operator_id, "collector": self.collector}


@dataclass(frozen=True, slots=True)
class Summed:
    """The figures of a day that nobody has closed, as they are now."""

    lines: list[Row]
    late: Row
    reversed: Row


async def sum_up(tx: Tx, whose: Whose, day: date) -> Summed:
    """Sum a day up as payments does when it is closed."""
    since = await named.last_closing_at(tx, **whose.parameters) or _NEVER
    lines = [row async for row in named.sheet_lines(tx, day=day, **whose.parameters)]
    late = await named.sheet_late(tx, since=since, **whose.parameters)
    taken_back = await named.sheet_reversed(tx, since=since, **whose.parameters)
    return Summed(lines, late, taken_back)


async def of_day(tx: Tx, whose: Whose, day: date) -> Row | None:
    """The day as it was signed off; None while it is open."""
    return await one(pages.closing_of_day(tx, day=day, **whose.parameters))


async def by_id(tx: Tx, closing_id: UUID) -> Row | None:
    """A closed day within reach."""
    return await one(pages.closing_by_id(tx, id=closing_id))


async def page(
    tx: Tx,
    principal: Principal,
    collector: str | None,
    operator_id: UUID | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Row]:
    """Closed days, the last ones first."""
    rows = pages.closings(
        tx,
        top=principal.top,
        collector=collector,
        operator_id=operator_id,
        after_day=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )
    return await many(rows)


async def corrections(tx: Tx, whose: Whose, day: date, closed_at: datetime) -> list[Row]:
    """What was recorded or taken back for a day since it was closed."""
    rows = named.corrections_of_day(
        tx, day=day, closed_at=closed_at, limit=MOST_CORRECTIONS, **whose.parameters
    )
    return await many(rows)


async def papers(tx: Tx, whose: Whose, day: date, until: datetime | None) -> list[Row]:
    """Cheques of a day, as far as they were recorded until it was closed."""
    rows = named.papers_of_day(tx, day=day, until=until, limit=MOST_PAPERS, **whose.parameters)
    return await many(rows)
