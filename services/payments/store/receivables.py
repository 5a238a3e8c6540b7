"""Bills as payments knows them, as rows: heard of in sets or one by one, and found again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from services.payments.store.statements import queries
from shared.contracts.sets import Columns, joined
from shared.db import Tx


class SomeAreKnown(Exception):
    """A bill that was to be new is known: none was added, and the transaction goes on from its savepoint."""


@dataclass(frozen=True, slots=True)
class HeardBill:
    """The part of an invoice that money needs, as invoicing said it in one version."""

    invoice_id: UUID
    customer_id: UUID
    operator_id: UUID
    number: str
    period: str
    currency: str
    total_minor: int
    issued_on: date
    due_on: date
    version: int
    voided: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The version in which a bill was heard of last; rows from before periods were kept learn theirs."""

    version: int
    lacks_period: bool


async def known(tx: Tx, invoice_ids: Collection[UUID]) -> dict[UUID, Known]:
    """Return what was heard of the bills before, those never heard of left out."""
    rows = queries.known_receivables(tx, invoice_ids=list(invoice_ids))
    return {row["invoice_id"]: Known(row["invoice_version"], row["lacks_period"]) async for row in rows}


async def add(tx: Tx, bills: Columns) -> None:
    """Add bills of sets, none of which was heard of before; raise `SomeAreKnown` otherwise.

    One text a column; what invoices of an operator and package have in common is passed once.
    """
    texts = joined(
        {
            "invoice_ids": [row.invoice_id for row in bills.rows],
            "customer_ids": [row.customer_id for row in bills.rows],
            "numbers": [row.number for row in bills.rows],
            "places": list(map(str, bills.places)),
        }
    )
    try:
        await queries.insert_receivables(
            tx,
            **texts,
            operator_ids=[each.operator.operator_id for each in bills.terms],
            currencies=[each.shared.currency for each in bills.terms],
            totals=[each.package.total_minor for each in bills.terms],
            periods=[each.shared.period for each in bills.terms],
            issued=[each.shared.issued_on for each in bills.terms],
            due=[each.shared.due_on for each in bills.terms],
            versions=[each.shared.version for each in bills.terms],
        )
    # The key's index is looked at first or, where a dump was restored, the number's.
    except asyncpg.UniqueViolationError as error:
        raise SomeAreKnown from error


async def save(tx: Tx, bills: Sequence[HeardBill]) -> None:
    """Add bills, or take in their newer version; what is void stays so."""
    if bills:
        await queries.upsert_receivables(
            tx,
            invoice_ids=[each.invoice_id for each in bills],
            customer_ids=[each.customer_id for each in bills],
            operator_ids=[each.operator_id for each in bills],
            numbers=[each.number for each in bills],
            currencies=[each.currency for each in bills],
            totals=[each.total_minor for each in bills],
            periods=[each.period for each in bills],
            issued=[each.issued_on for each in bills],
            due=[each.due_on for each in bills],
            voided=[each.voided for each in bills],
            versions=[each.version for each in bills],
        )
