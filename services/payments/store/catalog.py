"""What payments knows of the catalogue: the installation, operators and their profiles, customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.payments.store.statements import queries
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.documents import IspProfileChanged
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class Installation:
    """How this installation bills; no currency and UTC until invoicing has said it."""

    currency: str | None
    time_zone: str
    sends_receipts: bool


async def installation(tx: Tx) -> Installation:
    """Return how this installation bills, and whether it tells customers of their payments."""
    row = await queries.installation(tx)
    return Installation(row["currency"], row["time_zone"], row["sends_receipts"])


async def know_installation(tx: Tx, settings: BillingSettingsChanged) -> None:
    """Take in how the installation bills, unless something newer is known."""
    await queries.upsert_installation(
        tx,
        currency=settings.currency,
        time_zone=settings.time_zone,
        link_valid_hours=settings.link_valid_hours,
        version=settings.version,
    )


async def know_operators(tx: Tx, operators: Iterable[OperatorChanged]) -> None:
    """Take in operators in the order given, each unless something newer is known of it."""
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


async def know_profiles(tx: Tx, profiles: Iterable[IspProfileChanged]) -> None:
    """Take in what operators call themselves, in the order given, each unless something newer is known."""
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


async def know_customers(tx: Tx, customers: Sequence[CustomerChanged]) -> set[str]:
    """Take in customers by one statement; return the codes of those that were new or changed."""
    if not customers:
        return set()
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
