"""What moved on a customer's account."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gateway.store.statements import Row, many, named
from shared.db import Tx


async def movements(tx: Tx, customer_id: UUID, to_date: date, zone: str) -> list[Row]:
    """Return bills, payments and what took them back, up to a day, oldest first."""
    return await many(named.movements_of_customer(tx, customer_id=customer_id, to_date=to_date, zone=zone))
