"""The facts that messages to customers and the pages of links are made of."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared.db import Connection, Tx


async def of_bills(tx: Tx | Connection, invoice_ids: Collection[UUID]) -> dict[UUID, Row]:
    """Return what is owed on each bill, for what and until when, whose it is, and who asks for it."""
    return {row["invoice_id"]: row async for row in queries.link_facts(tx, invoice_ids=list(invoice_ids))}


async def of_customers(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, Row]:
    """Return each customer's name, code and mobile, and what their ISP calls itself."""
    rows = queries.customer_facts(tx, customer_ids=list(customer_ids))
    return {row["customer_id"]: row async for row in rows}
