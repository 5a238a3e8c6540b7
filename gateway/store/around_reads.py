"""What the pages around Customer Bills read beside the API's own queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from gateway.domain import Principal, is_overdue
from shared.db import Tx, statements

_queries = statements(__file__)

Row: TypeAlias = Mapping[str, Any]


def _reach(principal: Principal) -> list[UUID] | None:
    return list(principal.reach) if principal.reach is not None else None


async def bills_of_customer(tx: Tx, customer_id: UUID, today: date, limit: int) -> list[dict[str, Any]]:
    """A customer's bills, youngest first."""
    rows = _queries.bills_of_customer(tx, customer_id=customer_id, limit=limit)
    return [{**row, "overdue": is_overdue(row["status"], row["due_on"], today)} async for row in rows]


async def portal_customer(tx: Tx, customer_id: UUID) -> Row | None:
    """Who a portal is for."""
    row: Row | None = await _queries.portal_customer(tx, customer_id=customer_id)
    return row


async def customers_by_code(tx: Tx, code: str, limit: int) -> list[Row]:
    """Customers with this very code: an operator has at most one, a subtree may have several."""
    return [row async for row in _queries.customers_by_code(tx, code=code, limit=limit)]


async def run_customers(
    tx: Tx, run_id: UUID, outcome: str, reason: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Whom a run skipped, failed for or found billed, with their names."""
    rows = _queries.run_customers_named(
        tx, run_id=run_id, outcome=outcome, reason=reason, after=after, limit=limit
    )
    return [row async for row in rows]


async def bills_of_run(tx: Tx, run_id: UUID, after: UUID | None, limit: int) -> list[Row]:
    """What a run made."""
    return [row async for row in _queries.bills_of_run(tx, run_id=run_id, after=after, limit=limit)]


async def run_by_operator(tx: Tx, run_id: UUID, operator_id: UUID) -> list[Row]:
    """A run's figures for each operator right below `operator_id`, and for it alone."""
    return [row async for row in _queries.run_by_operator(tx, run_id=run_id, operator_id=operator_id)]


async def months(tx: Tx, operator_id: UUID, until: str, limit: int) -> list[Row]:
    """What was billed and collected, by month, oldest first."""
    rows = [row async for row in _queries.months(tx, operator_id=operator_id, until=until, limit=limit)]
    return rows[::-1]


async def month_by_operator(tx: Tx, operator_id: UUID, period: str) -> list[Row]:
    """The same for one month, by the operators right below, and the operator itself."""
    return [row async for row in _queries.month_by_operator(tx, operator_id=operator_id, period=period)]


async def owed_by_due_date(tx: Tx, operator_id: UUID, today: date) -> Row:
    """What is due today, and what is overdue."""
    row: Row = await _queries.owed_by_due_date(tx, operator_id=operator_id, today=today)
    return row


async def due_today(tx: Tx, today: date, limit: int) -> list[Row]:
    """Some of the bills that are due today."""
    return [row async for row in _queries.due_today(tx, today=today, limit=limit)]


async def collected_since(tx: Tx, first_id: UUID, since: datetime) -> Row:
    """Money recorded since a moment; `first_id` is the least id of that moment."""
    row: Row = await _queries.collected_since(tx, first_id=first_id, since=since)
    return row


async def credit_left(tx: Tx) -> Row:
    """Credit that customers have not used."""
    row: Row = await _queries.credit_left(tx)
    return row


async def packages(tx: Tx, sellers: Sequence[UUID] | None, limit: int) -> list[Row]:
    """Packages on sale with the operator they belong to."""
    known = list(sellers) if sellers is not None else None
    return [row async for row in _queries.packages_shown(tx, sellers=known, limit=limit)]


async def operator_names(tx: Tx, ids: Sequence[UUID]) -> dict[str, str]:
    """Names of operators."""
    return {str(row["id"]): row["name"] async for row in _queries.operator_names(tx, ids=list(ids))}


async def activity(
    tx: Tx,
    principal: Principal,
    callers: Sequence[str] | None,
    kinds: Sequence[str],
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """What was asked for in the caller's subtree, youngest first."""
    rows = _queries.activity(
        tx,
        reach=_reach(principal),
        callers=list(callers) if callers is not None else None,
        kinds=list(kinds) or None,
        after=after,
        limit=limit,
    )
    return [row async for row in rows]


async def people(tx: Tx, principal: Principal, limit: int) -> list[Row]:
    """Users of the caller's subtree, by name."""
    return [row async for row in _queries.people_in_reach(tx, reach=_reach(principal), limit=limit)]


async def bill_by_number(tx: Tx, number: str) -> UUID | None:
    """The bill that carries a number."""
    found: UUID | None = await _queries.bill_by_number(tx, number=number)
    return found
