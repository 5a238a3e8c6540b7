"""Payments as they are read: pages by keyset, sums in groups, searches through customers and references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.payment_pages import SORTS, pages
from gateway.store.statements import Row, named
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
    return [row async for row in rows]


async def sums(tx: Tx, selection: Selection) -> list[Row]:
    """Sums by method, source and reversal, of the selection without those three filters."""
    parameters = {
        name: value
        for name, value in selection.parameters.items()
        if name not in ("methods", "sources", "reversed")
    }
    return [row async for row in named.payment_sums(tx, **parameters)]


async def parts(tx: Tx, payment_id: UUID) -> list[Row]:
    """Return what a payment settles, bill by bill."""
    return [row async for row in named.parts_of_payment(tx, payment_id=payment_id)]


async def with_reference(
    tx: Tx, principal: Principal, reference: str, but_not: UUID | None = None
) -> list[Row]:
    """The last payments within reach that bear a reference and stand."""
    rows = named.payments_with_reference(
        tx, reference=reference, top=principal.top, but_not=but_not, limit=MOST_WITH_REFERENCE
    )
    return [row async for row in rows]
