"""Billing runs: customers, bills and operators of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def customers(
    tx: Tx, run_id: UUID, outcome: str, reason: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Return whom a run skipped, failed for or found billed, with their names."""
    rows = named.run_customers_named(
        tx, run_id=run_id, outcome=outcome, reason=reason, after=after, limit=limit
    )
    return await many(rows)


async def shows(tx: Tx, run_id: UUID, created: int) -> bool:
    """Whether all that a run made is in the read model."""
    return bool(await named.run_shows(tx, run_id=run_id, created=created))


async def bills(tx: Tx, run_id: UUID, after: UUID | None, limit: int) -> list[Row]:
    """Return what a run made."""
    return await many(named.bills_of_run(tx, run_id=run_id, after=after, limit=limit))


async def by_operator(tx: Tx, run_id: UUID, operator_id: UUID) -> list[Row]:
    """A run's figures for each operator right below `operator_id`, and for it alone."""
    return await many(named.run_by_operator(tx, run_id=run_id, operator_id=operator_id))


async def tried_by_operator(tx: Tx, run: Mapping[str, Any]) -> list[Row]:
    """Return whom a dry run would bill, by operator; nothing when the catalogue has changed since."""
    operator_id = UUID(run["operator_id"]) if run["operator_id"] else None
    rows = [row async for row in named.tried_by_operator(tx, run_id=UUID(run["id"]), operator_id=operator_id)]
    return rows if sum(row["customers"] for row in rows) == run["created"] else []


async def by_id(tx: Tx, run_id: UUID) -> Row | None:
    """Return a run within the reader's reach, or one from above."""
    return await one(named.run_by_id(tx, id=run_id))


async def page(tx: Tx, *, period: str | None, after: UUID | None, limit: int) -> list[Row]:
    """Return runs, newest first, from the one after `after`."""
    return await many(named.runs(tx, period=period, after=after, limit=limit))


async def page_of_customers(
    tx: Tx, *, run_id: UUID, outcome: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Return what a run did about each customer, from the one after `after`."""
    return await many(named.run_customers(tx, run_id=run_id, outcome=outcome, after=after, limit=limit))


async def outcomes_in_reach(tx: Tx, run_ids: Sequence[UUID], since: date) -> list[Row]:
    """Return what these runs did about customers within the reader's reach, counted by outcome and reason."""
    return await many(named.run_outcomes_in_reach(tx, run_ids=list(run_ids), since=since))


async def entry(tx: Tx, run_id: UUID, customer_id: UUID) -> Row | None:
    """Return what a run noted about a customer whom it did not bill."""
    return await one(named.entry_of_run(tx, run_id=run_id, customer_id=customer_id))


async def last_entry(tx: Tx, customer_id: UUID, period: str) -> Row | None:
    """Return what the newest run of a period noted about a customer."""
    return await one(named.last_entry_of_customer(tx, customer_id=customer_id, period=period))


async def months_with_a_run(tx: Tx, operator_id: UUID, since: str) -> list[Row]:
    """Return the periods since one in which an operator's customers were run over."""
    return await many(named.months_with_a_run(tx, first=since, operator_id=operator_id))


async def months_left_out(tx: Tx, operator_id: UUID, since: str) -> list[Row]:
    """Return the periods since one that the operator, or one above, has left out."""
    return await many(named.months_left_out(tx, operator_id=operator_id, first=since))


async def leave_month_out(tx: Tx, principal: Principal, period: str, now: datetime) -> None:
    """Leave a month out for the caller's operator; the first decision stands."""
    await named.leave_month_out(
        tx,
        operator_id=principal.operator_id,
        period=period,
        caller=principal.caller,
        left_by=principal.name,
        now=now,
    )


async def bring_month_back(tx: Tx, operator_id: UUID, period: str) -> bool:
    """Whether the operator had left the month out, which it has no longer."""
    return await named.bring_month_back(tx, operator_id=operator_id, period=period) is not None


async def is_anybody_unbilled(tx: Tx, period: str, first_day: date) -> bool:
    """Whether a customer within reach has no bill of a month that they should have one of."""
    return bool(await named.is_anybody_unbilled(tx, period=period, first_day=first_day))


async def unbilled_figures(tx: Tx, period: str, first_day: date) -> Row | None:
    """Return how many customers that is, and what they would be billed."""
    return await one(named.unbilled_figures(tx, period=period, first_day=first_day))


async def page_of_unbilled(
    tx: Tx, *, period: str, first_day: date, after: UUID | None, limit: int
) -> list[Row]:
    """Return who has no bill of a month that they should have one of, from the one after `after`."""
    rows = named.unbilled_customers(tx, period=period, first_day=first_day, after=after, limit=limit)
    return await many(rows)
