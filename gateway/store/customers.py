"""Customers: one by one, by code and by portal, and a page of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.store.customer_pages import pages
from gateway.store.statements import Row, many, named, one
from shared.db import Tx

# Closed: the column that each order goes by, beside the id; joining is what ids tell by themselves.
SORTS: Mapping[str, str] = {
    "joined": "", "name": "name", "balance": "balance_minor", "-balance": "balance_minor",
}  # fmt: skip


async def page(
    tx: Tx, chosen: Mapping[str, Any], sort: str, limit: int, after: Sequence[str] | None
) -> list[Row]:
    """Up to `limit` customers of a filter in the order of `sort`, after a place: its value and its id."""
    after_id = UUID(after[1]) if after else None
    if SORTS[sort] == "balance_minor":
        minor = int(after[0]) if after else None
        sign = -1 if sort.startswith("-") else 1
        rows = pages.customers_by_balance(
            tx, **chosen, sign=sign, after=after_id, after_minor=minor, limit=limit
        )
    else:
        name = after[0] if after else None
        rows = pages.customers(
            tx, **chosen, by_name=sort == "name", after=after_id, after_name=name, limit=limit
        )
    return await many(rows)


async def totals(tx: Tx, chosen: Mapping[str, Any]) -> Row:
    """Return how many customers a filter holds, and what they owe."""
    row: Row = await pages.customer_totals(tx, **chosen)
    return row


async def named_by_ids(tx: Tx, customer_ids: Sequence[UUID]) -> list[Row]:
    """Return customers by their ids, by name, with their operators' names."""
    return await many(named.customers_by_ids(tx, customer_ids=list(customer_ids)))


async def portal_customer(tx: Tx, customer_id: UUID) -> Row | None:
    """Return the customer that a portal is for."""
    row: Row | None = await named.portal_customer(tx, customer_id=customer_id)
    return row


async def by_code(tx: Tx, code: str, limit: int) -> list[Row]:
    """Customers with this very code: an operator has at most one, a subtree may have several."""
    return await many(named.customers_by_code(tx, code=code, limit=limit))


async def portal_generation(tx: Tx, customer_id: UUID) -> int:
    """Which of a customer's portal addresses opens; the first is 0."""
    return int(await named.portal_generation(tx, customer_id=customer_id) or 0)


async def renew_portal_address(tx: Tx, customer_id: UUID, now: datetime) -> None:
    """Another portal address; the one before opens nothing."""
    await named.renew_portal_address(tx, customer_id=customer_id, now=now)


async def by_id(tx: Tx, customer_id: UUID) -> Row | None:
    """Return a customer within the reader's reach."""
    return await one(named.customer_by_id(tx, id=customer_id))


async def of_operator(tx: Tx, operator_id: UUID, code: str) -> Row | None:
    """Return an operator's customer with this code."""
    return await one(named.customer_by_code(tx, operator_id=operator_id, code=code))
