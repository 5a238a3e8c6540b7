"""The catalogue that payments hears: customers, operators and what they call themselves, the currency."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from services.payments.handlers import held
from services.payments.store import queries
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.documents import IspProfileChanged
from shared.contracts.envelope import Message, Received
from shared.db import Tx
from shared.versions import newest

M = TypeVar("M", CustomerChanged, OperatorChanged, IspProfileChanged)


async def hear_catalog(received: Sequence[Received[Message]], tx: Tx) -> None:
    """Know the tree and whose customers they are; held money that waited for one goes to them.

    The tree comes first: a customer's operator may be of the same batch.
    """
    heard = [each.data for each in received]
    operators = (each for each in heard if isinstance(each, OperatorChanged))
    await _know_operators(tx, _newest(operators, lambda each: each.operator_id))
    for each in heard:
        if isinstance(each, BillingSettingsChanged):
            await queries.upsert_installation(
                tx,
                currency=each.currency,
                time_zone=each.time_zone,
                link_valid_hours=each.link_valid_hours,
                version=each.version,
            )
    profiles = (each for each in heard if isinstance(each, IspProfileChanged))
    await _know_profiles(tx, _newest(profiles, lambda each: each.operator_id))
    customers = (each for each in heard if isinstance(each, CustomerChanged))
    codes = await _know_customers(tx, _newest(customers, lambda each: each.customer_id))
    await held.place_for_customers(tx, codes)


def _newest(states: Iterable[M], id_of: Callable[[M], UUID]) -> list[M]:
    """The newest state of each, ordered by id: two batches wait for each other in one direction only."""
    return sorted(newest(states, id_of, lambda each: each.version), key=id_of)


async def _know_operators(tx: Tx, operators: Iterable[OperatorChanged]) -> None:
    for each in operators:
        await queries.upsert_operators(
            tx,
            operator_id=each.operator_id,
            code=each.code,
            name=each.name,
            parent_id=each.parent_id,
            path=list(each.path),
            version=each.version,
        )


async def _know_profiles(tx: Tx, profiles: Iterable[IspProfileChanged]) -> None:
    for each in profiles:
        await queries.upsert_profile(
            tx,
            operator_id=each.operator_id,
            name=each.fields.name,
            phone=each.fields.phone,
            address=each.fields.address,
            language=each.fields.language,
            has_logo=False if each.no_logo else True if each.logo else None,
            version=each.version,
        )


async def _know_customers(tx: Tx, customers: Sequence[CustomerChanged]) -> Collection[str]:
    """Save the customers; the codes of those that were new or changed."""
    if not customers:
        return ()
    rows = queries.upsert_customers(
        tx,
        customer_ids=[each.customer_id for each in customers],
        operator_ids=[each.operator_id for each in customers],
        codes=[each.code for each in customers],
        names=[each.name for each in customers],
        mobiles=[each.mobile for each in customers],
        versions=[each.version for each in customers],
    )
    return {row["code"] async for row in rows}
