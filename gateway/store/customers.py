"""Customers by code and by portal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gateway.store.statements import Row, named
from shared.db import Tx


async def portal_customer(tx: Tx, customer_id: UUID) -> Row | None:
    """Return the customer that a portal is for."""
    row: Row | None = await named.portal_customer(tx, customer_id=customer_id)
    return row


async def by_code(tx: Tx, code: str, limit: int) -> list[Row]:
    """Customers with this very code: an operator has at most one, a subtree may have several."""
    return [row async for row in named.customers_by_code(tx, code=code, limit=limit)]


async def portal_generation(tx: Tx, customer_id: UUID) -> int:
    """Which of a customer's portal addresses opens; the first is 0."""
    return int(await named.portal_generation(tx, customer_id=customer_id) or 0)


async def renew_portal_address(tx: Tx, customer_id: UUID, now: datetime) -> None:
    """Another portal address; the one before opens nothing."""
    await named.renew_portal_address(tx, customer_id=customer_id, now=now)
