"""Customers by code, by portal, and those without a bill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from gateway.store.statements import Row, named
from shared.db import Tx


async def portal_customer(tx: Tx, customer_id: UUID) -> Row | None:
    """Who a portal is for."""
    row: Row | None = await named.portal_customer(tx, customer_id=customer_id)
    return row


async def by_code(tx: Tx, code: str, limit: int) -> list[Row]:
    """Customers with this very code: an operator has at most one, a subtree may have several."""
    return [row async for row in named.customers_by_code(tx, code=code, limit=limit)]


async def without_bill(tx: Tx, period: str, operator_id: UUID | None, today: date) -> list[Mapping[str, Any]]:
    """Operators with customers who have no bill for a month: how many, and for how much."""
    after = date.fromisoformat(f"{period}-28") + timedelta(days=4)
    until = min(after.replace(day=1), today + timedelta(days=1))
    return [row async for row in named.without_bill(tx, period=period, operator_id=operator_id, until=until)]
