"""The catalogue that payments hears: customers, operators and what they call themselves, the currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from services.payments import store
from services.payments.handlers import held
from shared import erasure
from shared.contracts.catalog import (
    BillingSettingsChanged,
    CustomerChanged,
    CustomerErased,
    OperatorChanged,
)
from shared.contracts.documents import IspProfileChanged
from shared.contracts.envelope import Message, Received
from shared.db import Tx
from shared.versions import newest

M = TypeVar("M", CustomerChanged, OperatorChanged, IspProfileChanged)


async def hear_catalog(received: Sequence[Received[Message]], tx: Tx) -> None:
    """Know the tree and whose customers they are; held money that waited for one goes to them.

    The tree comes first: a customer's operator may be of the same batch. Tombstones take no lock: nobody here
    asks who is erased.
    """
    heard = [each.data for each in received]
    await erasure.note(tx, [each for each in heard if isinstance(each, CustomerErased)])
    operators = (each for each in heard if isinstance(each, OperatorChanged))
    await store.catalog.know_operators(tx, _newest(operators, lambda each: each.operator_id))
    for each in heard:
        if isinstance(each, BillingSettingsChanged):
            await store.catalog.know_installation(tx, each)
    profiles = (each for each in heard if isinstance(each, IspProfileChanged))
    await store.catalog.know_profiles(tx, _newest(profiles, lambda each: each.operator_id))
    customers = (each for each in heard if isinstance(each, CustomerChanged))
    codes = await store.catalog.know_customers(tx, _newest(customers, lambda each: each.customer_id))
    await held.place_for_customers(tx, codes)


def _newest(states: Iterable[M], id_of: Callable[[M], UUID]) -> list[M]:
    """The newest state of each, ordered by id: two batches wait for each other in one direction only."""
    return sorted(newest(states, id_of, lambda each: each.version), key=id_of)
