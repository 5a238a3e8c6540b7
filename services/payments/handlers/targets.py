"""The place of a partner's money: the bill or customer that it names, within the partner's reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from services.payments import store
from services.payments.store.targets import Bill, Customer
from shared.contracts.payments import HeldReason
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class Wanted:
    """The target that a payment names (exactly one of three), its currency, and its partner's operator."""

    operator_id: UUID | None
    currency: str
    invoice_id: UUID | None
    invoice_number: str | None
    customer_code: str | None

    @property
    def target(self) -> UUID | str:
        """The one that it names."""
        return self.invoice_id or self.invoice_number or self.customer_code or ""


@dataclass(frozen=True, slots=True)
class Place:
    """The customer whose money it is, and the bill that it settles first."""

    customer_id: UUID
    invoice_id: UUID | None


Found: TypeAlias = "Place | HeldReason"


async def find(tx: Tx, wanted: Sequence[Wanted]) -> list[Found]:
    """The place of each, or the reason why it has none yet."""
    known = await _look_up(tx, wanted)
    return [_find(each, known) for each in wanted]


@dataclass(frozen=True, slots=True)
class _Known:
    bills: Mapping[UUID | str, Bill]
    customers: Mapping[str, Sequence[Customer]]
    paths: Mapping[UUID, Sequence[UUID]]
    currency: str | None


async def _look_up(tx: Tx, wanted: Sequence[Wanted]) -> _Known:
    ids = {each.invoice_id for each in wanted if each.invoice_id}
    numbers = {each.invoice_number for each in wanted if each.invoice_number}
    codes = {each.customer_code for each in wanted if each.customer_code}
    bills = await store.targets.bills(tx, ids, numbers)
    customers = await store.targets.customers(tx, codes)
    owners: list[Bill | Customer] = [
        *bills.values(),
        *(each for namesakes in customers.values() for each in namesakes),
    ]
    paths = await store.operators.paths(tx, {each.operator_id for each in owners})
    return _Known(bills, customers, paths, (await store.installation(tx)).currency)


def _find(wanted: Wanted, known: _Known) -> Found:
    if wanted.customer_code is not None:
        place, currency = _customer(wanted, known), known.currency
    else:
        bill = known.bills.get(wanted.invoice_id or wanted.invoice_number or "")
        place, currency = _bill(bill, wanted, known), bill.currency if bill else known.currency
    if currency not in (None, wanted.currency):
        return "currency-mismatch"
    return place


def _bill(bill: Bill | None, wanted: Wanted, known: _Known) -> Found:
    if bill is None:
        return "unknown-invoice"
    if wanted.operator_id not in known.paths.get(bill.operator_id, ()):
        return "outside-reach"
    return Place(bill.customer_id, bill.invoice_id)


def _customer(wanted: Wanted, known: _Known) -> Found:
    """A code is unique within one operator only; others in the partner's subtree may have it as well."""
    all_of_them = known.customers.get(wanted.customer_code or "", ())
    reached = [each for each in all_of_them if wanted.operator_id in known.paths.get(each.operator_id, ())]
    if len(reached) == 1:
        return Place(reached[0].customer_id, None)
    if reached:
        return "ambiguous-customer"
    return "outside-reach" if all_of_them else "unknown-customer"
