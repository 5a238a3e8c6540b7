"""Locks on what arrives, so that bills, customers and the money for them never miss each other.

The money path takes its locks in one order: accounts (by customer id), what money waits for (by stripe),
held money (by id), customers' bills (by stripe). Each kind is taken once a transaction, and no lock is ever
raised from shared to exclusive: see docs/decisions/0016.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar
from uuid import UUID
from zlib import crc32

from services.payments import store
from shared.db import Tx

# A batch of thousands names everything; stripes bound what it takes out of the server's lock table.
STRIPES = 128
_TARGETS, _BILLS = 7201, 7202

T = TypeVar("T")


class Overtaken(Exception):
    """Something arrived whose account is not locked, while the locks were being taken."""


async def undisturbed(tx: Tx, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work; begin again, without its locks, whenever it was overtaken.

    It must raise `Overtaken` before it changes anything outside the transaction.
    """
    while True:
        try:
            async with tx.transaction():
                return await work()
        except Overtaken:
            continue


async def share_targets(tx: Tx, names: Iterable[UUID | str] | None) -> None:
    """Say that invoices (ids, numbers) or customers (codes) are added: nobody begins to hold their money.

    None stands for more names than there are stripes.
    """
    await store.locks.take_stripes(tx, _TARGETS, dict.fromkeys(_stripes(names), False))


async def stop_targets(tx: Tx, names: Iterable[UUID | str]) -> None:
    """Wait for whoever adds these, and keep others from it: a new statement sees all there is."""
    await store.locks.take_stripes(tx, _TARGETS, dict.fromkeys(map(_stripe, names), True))


async def share_bills(tx: Tx, customer_ids: Iterable[UUID] | None, *, alone: Iterable[UUID] = ()) -> None:
    """Say that these customers get bills; the money of those in `alone` moves in the same transaction."""
    shared = dict.fromkeys(_stripes(customer_ids), False)
    await store.locks.take_stripes(tx, _BILLS, shared | dict.fromkeys(map(_stripe, alone), True))


async def stop_bills(tx: Tx, customer_ids: Iterable[UUID]) -> None:
    """Wait for whoever adds bills to these customers, and keep others from it."""
    await share_bills(tx, (), alone=customer_ids)


def _stripes(names: Iterable[UUID | str] | None) -> Iterable[int]:
    return range(STRIPES) if names is None else map(_stripe, names)


def _stripe(name: UUID | str) -> int:
    """The same in every process; the last bits of an id are random."""
    return (name.int if isinstance(name, UUID) else crc32(name.encode())) % STRIPES
