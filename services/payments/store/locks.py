"""Locks on what has no row yet."""

from __future__ import annotations

from collections.abc import Mapping

from services.payments.store.statements import queries
from shared.db import Tx


async def take_stripes(tx: Tx, kind: int, stripes: Mapping[int, bool]) -> None:
    """Take stripes of a kind in the order of their numbers, alone or shared, until the transaction ends.

    One order for all: two transactions that want the same ones wait for each other in one direction only.
    """
    if stripes:
        numbers = sorted(stripes)
        await queries.lock_stripes(
            tx, kind=kind, numbers=numbers, alone=[stripes[number] for number in numbers]
        )
