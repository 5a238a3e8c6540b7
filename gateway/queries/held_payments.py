"""Money that waits to be placed, or has left the waiting room."""

from __future__ import annotations

from uuid import UUID

from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import held_payments as held_payment_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import held_payments as held_payment_store
from shared.db import Tx


async def held_payment(tx: Tx, held_id: UUID) -> held_payment_schemas.HeldPayment:
    """Money that waits, or has left the waiting room."""
    row = await held_payment_store.by_id(tx, held_id)
    if row is None:
        raise not_found("There is no such held payment.")
    return held_payment_schemas.held_payment(row)


async def list_held_payments(
    tx: Tx, state: str, page: Page, secret: str
) -> Listed[held_payment_schemas.HeldPayment]:
    """Money that waits to be placed."""
    return await listed(
        tx,
        "held_payments",
        held_payment_store.page,
        held_payment_schemas.held_payment,
        page,
        secret,
        state=state,
    )
