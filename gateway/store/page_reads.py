"""What pages read beside the API's own queries: labels, notes of rows, choices of filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from gateway.domain import Principal
from gateway.store import customers as desk
from shared.db import Tx, statements

_queries = statements(__file__)

# A tree with more operators than this is searched, not shown.
MOST_OPERATORS = 3_000
MOST_PACKAGES = 500


async def operators(tx: Tx, principal: Principal) -> list[dict[str, Any]]:
    """Every operator of the caller's subtree, for a tree."""
    reach = list(principal.reach) if principal.reach is not None else None
    rows = _queries.operators_in_reach(tx, reach=reach, limit=MOST_OPERATORS)
    return [
        {
            "id": str(row["id"]),
            "code": row["code"],
            "name": row["name"],
            "parent_id": str(row["parent_id"]) if row["parent_id"] else None,
        }
        async for row in rows
    ]


async def packages(tx: Tx, principal: Principal) -> list[dict[str, Any]]:
    """What the caller's subtree may sell, by name."""
    sellers = None if principal.reach is None else await desk.sellers(tx, principal.operator_id)
    rows = _queries.packages_on_sale(tx, sellers=sellers, limit=MOST_PACKAGES)
    return [
        {"id": str(row["id"]), "name": row["name"], "price_minor": row["price_minor"]} async for row in rows
    ]


async def operator_name(tx: Tx, operator_id: UUID) -> str:
    """The name of one operator; empty while nobody has said it."""
    row = await desk.one(tx, "operator_by_id", id=operator_id)
    return str(row["name"]) if row else ""


async def latest_period(tx: Tx, principal: Principal) -> str | None:
    """The month of the caller's youngest bill."""
    period: str | None = await _queries.latest_period(tx, operator_id=principal.operator_id)
    return period


async def last_payments(tx: Tx, bill_ids: Sequence[UUID]) -> dict[str, Mapping[str, Any]]:
    """What settled each bill last."""
    return {str(row["bill_id"]): row async for row in _queries.last_payments(tx, bill_ids=list(bill_ids))}


async def bill_numbers(tx: Tx, bill_ids: Sequence[UUID]) -> dict[str, str]:
    """The numbers of some bills."""
    return {str(row["id"]): row["number"] async for row in _queries.bill_numbers(tx, bill_ids=list(bill_ids))}


async def parent_names(tx: Tx, operator_ids: Sequence[UUID]) -> dict[str, str]:
    """The name of the operator above each."""
    return {str(row["id"]): row["name"] async for row in _queries.parent_names(tx, ids=list(operator_ids))}


async def origin_of_bill(tx: Tx, bill_id: UUID) -> Mapping[str, Any]:
    """How a bill that can be seen came to be."""
    row: Mapping[str, Any] = await _queries.origin_of_bill(tx, bill_id=bill_id)
    return row


async def operator_path(tx: Tx, principal: Principal, operator_id: UUID) -> list[str]:
    """Names from the top of the caller's reach down to an operator."""
    reach = list(principal.reach) if principal.reach is not None else None
    return [row["name"] async for row in _queries.operator_path(tx, operator_id=operator_id, reach=reach)]


async def without_bill(tx: Tx, period: str, operator_id: UUID | None, today: date) -> list[Mapping[str, Any]]:
    """Operators with customers who have no bill for a month: how many, and for how much."""
    after = date.fromisoformat(f"{period}-28") + timedelta(days=4)
    until = min(after.replace(day=1), today + timedelta(days=1))
    return [
        row async for row in _queries.without_bill(tx, period=period, operator_id=operator_id, until=until)
    ]


async def selection_summary(tx: Tx, bill_ids: Sequence[UUID]) -> Mapping[str, Any]:
    """What chosen bills add up to."""
    row: Mapping[str, Any] = await _queries.selection_summary(tx, bill_ids=list(bill_ids))
    return row


async def bulk_actions(
    tx: Tx, principal: Principal, after: UUID | None, limit: int
) -> list[Mapping[str, Any]]:
    """Bulk actions of the caller's subtree, youngest first."""
    reach = list(principal.reach) if principal.reach is not None else None
    return [row async for row in _queries.bulk_actions(tx, reach=reach, after=after, limit=limit)]


async def running_bulk_actions(tx: Tx, principal: Principal) -> int:
    """How many are under way."""
    reach = list(principal.reach) if principal.reach is not None else None
    return int(await _queries.running_bulk_actions(tx, reach=reach))


async def bulk_action_facts(tx: Tx, action_id: UUID) -> Mapping[str, Any]:
    """Who asked for it and when, and how much money its successes moved."""
    row: Mapping[str, Any] = await _queries.bulk_action_facts(tx, action_id=action_id)
    return row


async def items_shown(tx: Tx, action_id: UUID, state: str, limit: int) -> list[Mapping[str, Any]]:
    """Items of one state, grouped by their outcome."""
    return [
        row async for row in _queries.items_shown(tx, action_id=action_id, state=state, after=0, limit=limit)
    ]


async def outcomes(tx: Tx, action_id: UUID) -> list[Mapping[str, Any]]:
    """Why items failed or were skipped, and how many."""
    return [row async for row in _queries.outcomes(tx, action_id=action_id)]
