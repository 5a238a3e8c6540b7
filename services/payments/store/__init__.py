"""Rows of money in, accounts out, and back again; always sets, one round trip each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.payments.domain import Account, Payment, Receivable
from services.payments.store import catalog as catalog
from services.payments.store import checkouts as checkouts
from services.payments.store import closings as closings
from services.payments.store import erasure as erasure
from services.payments.store import facts as facts
from services.payments.store import gateways as gateways
from services.payments.store import held as held
from services.payments.store import links as links
from services.payments.store import locks as locks
from services.payments.store import operators as operators
from services.payments.store import partners as partners
from services.payments.store import receivables as receivables
from services.payments.store import refunds as refunds
from services.payments.store import reminders as reminders
from services.payments.store import republishes as republishes
from services.payments.store import targets as targets
from services.payments.store import tokens as tokens
from services.payments.store import waiting as waiting
from services.payments.store.catalog import Installation as Installation
from services.payments.store.catalog import installation as installation
from services.payments.store.statements import Row as Row
from services.payments.store.statements import queries
from shared.db import Tx

Accounts = dict[UUID, Account]


async def lock_accounts(
    tx: Tx, customer_ids: Collection[UUID], *, whole: Collection[UUID] = frozenset()
) -> Accounts:
    """Lock the customers' money and load its open part: bills that are owed and payments with credit.

    Those in `whole` are loaded with everything, which taking money back needs.
    """
    if not customer_ids:
        return {}
    ids = sorted(customer_ids)
    accounts = await _accounts(tx, [row async for row in queries.lock_accounts(tx, customer_ids=ids)])
    await load(tx, accounts, whole=whole)
    return accounts


async def lock_accounts_with_credit(
    tx: Tx, customer_ids: Iterable[UUID | str], *, moving: Collection[UUID], known: Collection[UUID]
) -> Accounts:
    """Lock those of the customers who have credit, and those whose money moves anyway; nothing is loaded.

    The accounts of `known` are locked where there are any: bills of theirs change.
    """
    await queries.keep_days_open(tx)
    if moving:
        await queries.open_accounts(tx, customer_ids=sorted(moving))
    rows = queries.lock_accounts_with_credit(
        tx, customer_ids=_one_text(customer_ids), moving=[*moving, *known]
    )
    return await _accounts(tx, [row async for row in rows])


async def customers_with_credit(tx: Tx, customer_ids: Iterable[UUID | str]) -> set[UUID]:
    """Return those of the customers who have credit at this moment; their accounts need not be locked."""
    rows = queries.accounts_with_credit(tx, customer_ids=_one_text(customer_ids))
    return {row["customer_id"] async for row in rows}


def _one_text(ids: Iterable[UUID | str]) -> str:
    return ",".join(map(str, ids))


async def read_accounts(tx: Tx, customer_ids: Collection[UUID]) -> Accounts:
    """All of the customers' money, to be said: each state is of one moment, and goes on changing."""
    ids = list(customer_ids)
    accounts = await _accounts(tx, [row async for row in queries.accounts_to_say(tx, customer_ids=ids)])
    async for row in queries.all_receivables(tx, customer_ids=ids):
        accounts[row["customer_id"]].receivables[row["invoice_id"]] = receivable(row)
    async for row in queries.payments_to_say(tx, customer_ids=ids):
        payment = _payment(row)
        payment.allocations = dict(zip(row["invoice_ids"], row["amounts"], strict=True))
        accounts[payment.customer_id].payments[payment.payment_id] = payment
    return accounts


async def _accounts(tx: Tx, rows: Collection[Row]) -> Accounts:
    accounts = {
        row["customer_id"]: Account(
            row["customer_id"],
            row["credit_minor"],
            row["version"],
            row["settled_minor"] or 0,
            row["operator_id"],
        )
        for row in rows
    }
    if uncounted := [row["customer_id"] for row in rows if row["settled_minor"] is None]:
        async for row in queries.settled_by_customers(tx, customer_ids=uncounted):
            accounts[row["customer_id"]].settled = row["settled_minor"]
    return accounts


async def load(tx: Tx, accounts: Accounts, *, whole: Collection[UUID] = frozenset()) -> None:
    """Load the open part of locked accounts, all of those in `whole`."""
    everything = [each for each in accounts if each in whole]
    rest = [each for each in accounts if each not in whole]
    for bills, ids in ((queries.open_receivables, rest), (queries.all_receivables, everything)):
        if ids:
            async for row in bills(tx, customer_ids=ids):
                accounts[row["customer_id"]].receivables[row["invoice_id"]] = receivable(row)
    with_credit = [each for each in rest if accounts[each].credit]
    for payments, ids in ((queries.payments_with_credit, with_credit), (queries.all_payments, everything)):
        if ids:
            rows = [row async for row in payments(tx, customer_ids=ids)]
            for payment in await with_allocations(tx, rows):
                accounts[payment.customer_id].payments[payment.payment_id] = payment


async def payments_by_id(tx: Tx, payment_ids: Collection[UUID]) -> dict[UUID, Payment]:
    """Payments as they are, with what they settle."""
    rows = [row async for row in queries.payments_by_id(tx, payment_ids=list(payment_ids))]
    return {each.payment_id: each for each in await with_allocations(tx, rows)}


async def with_allocations(tx: Tx, rows: Iterable[Row]) -> list[Payment]:
    """The rows as payments, with what they settle."""
    payments = {row["payment_id"]: _payment(row) for row in rows}
    if payments:
        async for row in queries.allocations_of(tx, payment_ids=list(payments)):
            payments[row["payment_id"]].allocations[row["invoice_id"]] = row["amount_minor"]
    return list(payments.values())


async def receivables_by_id(tx: Tx, invoice_ids: Collection[UUID]) -> dict[UUID, Receivable]:
    """Return what is known of the invoices."""
    if not invoice_ids:
        return {}
    rows = queries.receivables_by_id(tx, invoice_ids=list(invoice_ids))
    return {row["invoice_id"]: receivable(row) async for row in rows}


async def refresh_receivables(tx: Tx, accounts: Accounts) -> None:
    """Add bills that came since the accounts were loaded."""
    async for row in queries.open_receivables(tx, customer_ids=list(accounts)):
        accounts[row["customer_id"]].receivables.setdefault(row["invoice_id"], receivable(row))


async def save(tx: Tx, accounts: Iterable[Account]) -> list[Receivable]:
    """Write back whatever was touched; the bills among it."""
    dirty = [each for each in accounts if each.dirty_payments or each.dirty_receivables]
    if not dirty:
        return []
    bills = [bill for each in dirty for bill in each.dirty_receivables.values()]
    payments = [_columns(payment) for each in dirty for payment in each.dirty_payments.values()]
    await queries.save_money(
        tx,
        account_customer_ids=[each.customer_id for each in dirty],
        account_credits=[each.credit for each in dirty],
        account_versions=[each.version for each in dirty],
        account_settled=[each.settled for each in dirty],
        bill_ids=[bill.invoice_id for bill in bills],
        bill_paid=[bill.paid for bill in bills],
        bill_versions=[bill.version for bill in bills],
        **_turned(_COLUMNS, payments),
        **_turned(_ALLOCATIONS, _allocations(dirty)),
    )
    for each in dirty:
        each.dirty_payments, each.dirty_receivables, each.dirty_allocations = {}, {}, set()
    return bills


def _allocations(accounts: Iterable[Account]) -> list[tuple[Any, ...]]:
    return [
        (payment_id, invoice_id, account.payments[payment_id].allocations[invoice_id])
        for account in accounts
        for payment_id, invoice_id in account.dirty_allocations
    ]


def _turned(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Rows as one array a column."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return dict(zip(names, map(list, columns), strict=True))


_ALLOCATIONS = ("allocation_payment_ids", "allocation_invoice_ids", "allocation_amounts")
_COLUMNS = (
    "payment_ids", "customer_ids", "operator_ids", "invoice_ids", "amounts", "allocated", "payment_credits",
    "refunded", "currencies", "methods", "paid_on", "recorded_at", "recorded_by", "recorded_by_names",
    "recorded_by_ids",
    "sources", "external_ids", "payer_references", "notes",
    "reversed", "reversal_reasons", "reversed_at", "reversed_by", "payment_versions",
)  # fmt: skip


def _columns(payment: Payment) -> tuple[Any, ...]:
    return (
        payment.payment_id, payment.customer_id, payment.operator_id, payment.invoice_id, payment.amount,
        payment.allocated, payment.credit, payment.refunded, payment.currency, payment.method,
        payment.paid_on, payment.recorded_at, payment.recorded_by, payment.recorded_by_name,
        payment.recorded_by_id,
        payment.source, payment.external_id, payment.reference, payment.note,
        payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version,
    )  # fmt: skip


def receivable(row: Row) -> Receivable:
    """A row of `receivable` as the domain knows it."""
    return Receivable(
        row["invoice_id"], row["customer_id"], row["operator_id"], row["number"], row["currency"],
        row["total_minor"], row["paid_minor"], row["period"] or f"{row['issued_on']:%Y-%m}", row["issued_on"],
        row["due_on"], row["voided"], row["version"],
    )  # fmt: skip


def _payment(row: Row) -> Payment:
    return Payment(
        payment_id=row["payment_id"],
        customer_id=row["customer_id"],
        invoice_id=row["invoice_id"],
        amount=row["amount_minor"],
        currency=row["currency"],
        method=row["method"],
        paid_on=row["paid_on"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
        recorded_by_name=row["recorded_by_name"],
        recorded_by_id=row["recorded_by_id"],
        source=row["source"],
        operator_id=row["operator_id"],
        external_id=row["external_id"],
        reference=row["reference"],
        note=row["note"],
        credit=row["credit_minor"],
        refunded=row["refunded_minor"],
        reversed=row["reversed"],
        reversal_reason=row["reversal_reason"],
        reversed_at=row["reversed_at"],
        reversed_by=row["reversed_by"],
        version=row["version"],
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """The owners of invoices and customers, where they are known: paths run from the root to the operator."""

    invoices: Mapping[UUID, tuple[UUID, list[UUID] | None]]
    customers: Mapping[UUID, list[UUID] | None]


async def reach_of(tx: Tx, *, invoice_ids: Collection[UUID], customer_ids: Collection[UUID]) -> Reach:
    """Look up whose the invoices and customers are; what is unknown is left out."""
    invoices: dict[UUID, tuple[UUID, list[UUID] | None]] = {}
    customers: dict[UUID, list[UUID] | None] = {}
    if invoice_ids or customer_ids:
        rows = queries.reach(tx, invoice_ids=list(invoice_ids), customer_ids=list(customer_ids))
        async for row in rows:
            if row["invoice_id"] is None:
                customers[row["customer_id"]] = row["path"]
            else:
                invoices[row["invoice_id"]] = (row["customer_id"], row["path"])
    return Reach(invoices, customers)


async def include_receivables(tx: Tx, accounts: Accounts, invoice_ids: Collection[UUID]) -> None:
    """Load the named bills of locked accounts, where they are not open."""
    loaded = {each for account in accounts.values() for each in account.receivables}
    for bill in (await receivables_by_id(tx, set(invoice_ids) - loaded)).values():
        if bill.customer_id in accounts:
            accounts[bill.customer_id].receivables[bill.invoice_id] = bill
