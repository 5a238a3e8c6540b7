"""What payments holds of a customer beside the money: words, and what providers said of the payer."""

from __future__ import annotations

from uuid import UUID

from services.payments.store.statements import queries
from shared.contracts.catalog import ERASED_WORDS
from shared.db import Tx


async def has_account(tx: Tx, customer_id: UUID) -> bool:
    """Return whether money ever touched a customer."""
    return bool(await queries.has_account(tx, customer_id=customer_id))


async def erase_from_payments(tx: Tx, customer_id: UUID) -> set[UUID]:
    """Take references, notes and reasons from the payments of a locked account; return those that had any."""
    rows = queries.erase_from_payments(tx, customer_id=customer_id, words=ERASED_WORDS)
    return {row["payment_id"] async for row in rows}


async def erase_the_rest(tx: Tx, customer_id: UUID, code: str) -> bool:
    """Take the words from everything else; False while some of it is still on its way."""
    await queries.erase_from_held(tx, customer_id=customer_id, code=code, words=ERASED_WORDS)
    await queries.erase_from_refunds(tx, customer_id=customer_id, words=ERASED_WORDS)
    await queries.erase_from_gateway_refunds(tx, customer_id=customer_id, words=ERASED_WORDS)
    await queries.erase_from_checkouts(tx, customer_id=customer_id)
    await queries.erase_from_callbacks(tx, customer_id=customer_id)
    return not await queries.is_money_under_way(tx, customer_id=customer_id)
