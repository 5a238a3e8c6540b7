"""Payments as they are read: pages by keyset, sums in groups, searches through customers and references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.payment_pages import SORTS, pages
from gateway.store.statements import Row, many, named, one
from shared.db import Tx

MOST_WITH_REFERENCE = 3


async def last_of_bills(tx: Tx, bill_ids: Sequence[UUID]) -> dict[str, Mapping[str, Any]]:
    """Return what settled each bill last."""
    return {str(row["bill_id"]): row async for row in named.last_payments(tx, bill_ids=list(bill_ids))}


@dataclass(frozen=True, slots=True)
class Found:
    """Matches of a search: customers, and payments by their reference or their sender's id."""

    customer_ids: list[UUID]
    payment_ids: list[UUID]
    exact: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter made ready: whose subtrees (None: all), between which moments."""

    tops: list[UUID] | None
    methods: list[str] | None
    sources: list[str] | None
    recorded_by: str | None
    paid_from: date | None
    paid_to: date | None
    since: datetime | None
    before: datetime | None
    reversed: bool | None
    with_credit: bool | None
    found: Found | None

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what statements are asked with."""
        return {
            "tops": self.tops,
            "methods": self.methods,
            "sources": self.sources,
            "recorded_by": self.recorded_by,
            "paid_from": self.paid_from,
            "paid_to": self.paid_to,
            "since": self.since,
            "before": self.before,
            "reversed": self.reversed,
            "with_credit": self.with_credit,
            "customer_ids": self.found.customer_ids if self.found else None,
            "payment_ids": self.found.payment_ids if self.found else None,
        }


async def find(tx: Tx, top: UUID | None, words: str, most: int) -> tuple[list[UUID], bool]:
    """Payments whose reference or sender's id begins with the words, below `top`; whether these are all."""
    rows = [row["id"] async for row in named.found_payments(tx, top=top, words=words, at_most=most + 1)]
    return rows[:most], len(rows) <= most


async def page(
    tx: Tx, selection: Selection, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> list[Row]:
    """Up to `limit` payments of the selection, in the order of `sort`, after a place in it."""
    rows = getattr(pages, f"payments_{SORTS[sort].name}")(
        tx,
        **selection.parameters,
        after=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )
    return await many(rows)


async def sums(tx: Tx, selection: Selection) -> list[Row]:
    """Sums by method, source, reversal and credit, of the selection without those four filters."""
    parameters = {
        name: value
        for name, value in selection.parameters.items()
        if name not in ("methods", "sources", "reversed", "with_credit")
    }
    return await many(named.payment_sums(tx, **parameters))


async def parts(tx: Tx, payment_id: UUID) -> list[Row]:
    """Return what a payment settles, bill by bill."""
    return await many(named.parts_of_payment(tx, payment_id=payment_id))


async def with_reference(
    tx: Tx, principal: Principal, reference: str, but_not: UUID | None = None
) -> list[Row]:
    """The last payments within reach that bear a reference and stand."""
    rows = named.payments_with_reference(
        tx,
        reference=reference,
        top=principal.top,
        but_not=but_not,
        before=None,
        limit=MOST_WITH_REFERENCE,
    )
    return await many(rows)


async def earlier_with_reference(tx: Tx, operator_id: UUID, payment: Row) -> list[Row]:
    """The last payments in an operator's subtree that bore the reference of this one before it."""
    if not payment["reference"]:
        return []
    rows = named.payments_with_reference(
        tx,
        reference=payment["reference"],
        top=operator_id,
        but_not=payment["id"],
        before=payment["recorded_at"],
        limit=MOST_WITH_REFERENCE,
    )
    return await many(rows)


async def by_id(tx: Tx, payment_id: UUID) -> Row | None:
    """Return a payment within the reader's reach, as of now."""
    return await one(named.payment_by_id(tx, id=payment_id))


async def on_bill(tx: Tx, payment_id: UUID, bill_id: UUID) -> Row | None:
    """Return a payment with the part of it that lies on this bill."""
    return await one(named.payment_on_bill(tx, id=payment_id, bill_id=bill_id))


async def page_of_bill(
    tx: Tx, *, bill_id: UUID, customer_id: UUID, after: UUID | None, limit: int
) -> list[Row]:
    """Return payments of a bill, youngest first, from the one after `after`."""
    rows = named.payments_of_bill(tx, bill_id=bill_id, customer_id=customer_id, after=after, limit=limit)
    return await many(rows)


async def page_of_customer(tx: Tx, *, customer_id: UUID, after: UUID | None, limit: int) -> list[Row]:
    """Return a customer's payments, youngest first, from the one after `after`."""
    return await many(named.payments_of_customer(tx, customer_id=customer_id, after=after, limit=limit))


async def settled_by(tx: Tx, payment_id: UUID) -> list[Row]:
    """Return the bills that a payment settles, and how much of each."""
    return await many(named.settled_by_payment(tx, payment_id=payment_id))


async def in_list(tx: Tx, payment_id: UUID) -> Row | None:
    """Return a payment within the reader's reach as the list shows it."""
    return await one(named.payment_in_list(tx, id=payment_id))
