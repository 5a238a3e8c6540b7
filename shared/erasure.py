"""Erasure: a schema remembers whose personal data was erased, and forgets what it still holds of them.

The row of `erased_customer` is the tombstone: it is written by the handler that hears of the erasure, and a
worker looks for what is left until a look finds nothing. Whoever takes in something of an erased customer
later asks for another look.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from shared.contracts.catalog import CustomerErased
from shared.contracts.envelope import Received
from shared.db import Pool, Tx, in_transaction, statements

_queries = statements(__file__)

CUSTOMERS_A_STEP = 20
# What is on its way ends by itself; an open letter waits for a person.
AGAIN_SOON = timedelta(seconds=5)
AGAIN_LATER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Erased:
    """A customer whose data is to be forgotten: known from now on by id and code alone."""

    customer_id: UUID
    code: str
    erased_at: datetime
    look_at: datetime


# Forgets what a schema holds of a customer; False while something of theirs is still under way there.
Forget: TypeAlias = Callable[[Pool, Erased], Awaitable[bool]]


async def hear(received: Sequence[Received[CustomerErased]], tx: Tx) -> None:
    """Remember who was erased, once nobody is at taking in what comes; the worker takes it from there."""
    await hold_back_what_comes(tx)
    await note(tx, [each.data for each in received])


async def hold_back_what_comes(tx: Tx) -> None:
    """Let nobody ask who is erased until this transaction ends; what they took in before is there by now."""
    await _queries.hold_back_what_comes(tx)


async def note(tx: Tx, erased: Sequence[CustomerErased]) -> None:
    """Write the tombstones."""
    newest = {each.customer_id: each for each in erased}
    if not newest:
        return
    await _queries.note_erased(
        tx,
        customer_ids=list(newest),
        codes=[each.code for each in newest.values()],
        erased_ats=[each.erased_at for each in newest.values()],
    )


async def erased_among(tx: Tx, customer_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the customers who were erased; nobody else is until this transaction ends."""
    await _queries.wait_for_erasures(tx)
    rows = _queries.erased_among(tx, customer_ids=list(customer_ids))
    return {row["customer_id"] async for row in rows}


async def look_again(tx: Tx, customer_ids: Collection[UUID]) -> None:
    """Ask for another look at those of the customers who were erased: something of theirs came in."""
    if customer_ids:
        await _queries.look_again(tx, customer_ids=list(customer_ids))


def forgetting(forget: Forget) -> Callable[[Pool], Awaitable[bool]]:
    """Return a step that forgets what the schema holds of erased customers, the road's copies included."""

    async def step(pool: Pool) -> bool:
        rows = [row async for row in _queries.to_look_at(pool, most=CUSTOMERS_A_STEP)]
        for row in rows:
            erased = Erased(**dict(row))
            is_gone = await forget(pool, erased)
            async with in_transaction(pool) as tx:
                is_free = await _forget_road(tx, erased)
                again_in = None if is_gone and is_free else AGAIN_LATER if is_gone else AGAIN_SOON
                await _queries.looked_at(
                    tx, customer_id=erased.customer_id, seen=erased.look_at, again_in=again_in
                )
        return False

    return step


async def _forget_road(tx: Tx, erased: Erased) -> bool:
    """Forget answers that are kept and letters that are closed; False while an open letter is about them."""
    about = {"customer_id": erased.customer_id, "code": erased.code}
    await _queries.forget_ends(tx, **about)
    await _queries.forget_closed_letters(tx, **about)
    return not await _queries.has_open_letters(tx, **about)
