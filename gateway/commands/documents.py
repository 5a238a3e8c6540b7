"""Documents as files: the one that is there, or one that is asked for and waited for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations import submit
from gateway.operations.submit import Outcome
from gateway.problems import Problem, not_found, wrong
from gateway.queries import account_statements as account_statement_queries
from gateway.queries import payment_links as payment_link_queries
from gateway.queries.bills import bill_row
from gateway.schemas.documents import Look
from gateway.store import bills as bill_store
from gateway.store import customers as customer_store
from gateway.store import documents as document_store
from gateway.store import downloads as download_store
from gateway.store import payments as payment_store
from gateway.store.access import acting_as
from gateway.store.documents import Asking, Document
from gateway.store.statements import Row
from shared import blobs, clock
from shared.blobs import BlobMissing, BlobsUnavailable
from shared.contracts.documents import (
    Addressee,
    BillPayment,
    OpenBill,
    RenderInvoice,
    RenderReceipt,
    RenderStatement,
    ReversalNote,
    SettledBill,
    Settlement,
    StatementEntry,
)
from shared.contracts.envelope import Command
from shared.db import Tx

MOST_PAYMENTS_SHOWN = 200
MOST_SETTLED_SHOWN = 500
MOST_ENTRIES = 2_000
MOST_OPEN_SHOWN = 50
# A statement stands under the letterhead of today, which may have changed since.
STATEMENTS_ARE_KEPT = timedelta(minutes=10)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
# What a command says besides what the file shows.
_NOT_SHOWN = {"actor", "scope", "document_id", "as_of"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file somebody wants: the command that has it made, and where it is fetched."""

    asking: Asking
    command: Command
    address: str
    asked_after: datetime = ALWAYS  # an older file is not new enough


@dataclass(frozen=True, slots=True)
class File:
    """A file that is there, opened to be read."""

    document: Document
    size_bytes: int
    chunks: AsyncIterator[bytes]


Want: TypeAlias = Callable[[Tx], Awaitable[Wanted]]


async def invoice(
    gateway: Gateway, principal: Principal, bill_id: UUID, look: Look, address: str
) -> File | Outcome:
    """A bill as a PDF; its address is told with the operation when it takes longer."""

    async def want(tx: Tx) -> Wanted:
        return await _invoice(tx, gateway, principal, bill_id, look, address)

    return await file_of(gateway, principal, want)


async def _invoice(
    tx: Tx, gateway: Gateway, principal: Principal, bill_id: UUID, look: Look, address: str
) -> Wanted:
    bill = await bill_row(tx, bill_id)
    customer = await customer_store.by_id(tx, bill["customer_id"])
    command = RenderInvoice(
        invoice_id=bill_id,
        customer_id=bill["customer_id"],
        settlement=await _settlement(tx, bill),
        pay_url=await _pay_url(tx, gateway, bill_id),
        language=look.language,
        paper=look.paper,
        **submit.signature(principal),
    )
    versions = {
        "invoice": bill["invoice_version"],
        "reissued_as": str(bill["reissued_as"]),
        "customer": customer["version"] if customer else 0,
    }
    return Wanted(Asking("invoice", bill_id, _shown(command, versions)), command, address)


async def _pay_url(tx: Tx, gateway: Gateway, bill_id: UUID) -> str | None:
    bills = await download_store.settled(tx, [bill_id])
    return (await payment_link_queries.addresses_to_pay(tx, bills.values(), gateway.portals)).get(bill_id)


async def receipt(
    gateway: Gateway, principal: Principal, payment_id: UUID, look: Look, address: str
) -> File | Outcome:
    """A payment's receipt as a PDF, on a sheet or a roll."""

    async def want(tx: Tx) -> Wanted:
        return await _receipt(tx, gateway, principal, payment_id, look, address)

    return await file_of(gateway, principal, want)


async def _receipt(
    tx: Tx, gateway: Gateway, principal: Principal, payment_id: UUID, look: Look, address: str
) -> Wanted:
    payment = await payment_store.by_id(tx, payment_id)
    customer = await customer_store.by_id(tx, payment["customer_id"]) if payment else None
    if payment is None or customer is None:
        raise not_found("There is no such payment.")
    command = RenderReceipt(
        document_id=payment_id,
        customer=_addressee(customer),
        **await _paid(tx, payment),
        as_of=clock.now(),
        portal_url=gateway.portals.url(customer["id"], customer["portal_generation"]),
        language=look.language,
        paper=look.paper,
        **submit.signature(principal),
    )
    return Wanted(Asking("receipt", payment_id, _shown(command, {})), command, address)


async def _paid(tx: Tx, payment: Row) -> dict[str, Any]:
    """Return what a receipt says of its payment: what it settles, what is left of it, what is still owed."""
    settled = await payment_store.settled_by(tx, payment["id"])
    owed = await bill_store.open_of_customer(tx, payment["customer_id"])
    reversal = None
    if payment["reversed"]:
        reversal = ReversalNote(reversed_at=payment["reversed_at"], reason=payment["reversal_reason"] or "–")
    return {
        "payment_id": payment["id"],
        "payment_version": payment["version"],
        "number": payment["reference"] or str(payment["id"])[-8:].upper(),
        "amount_minor": payment["amount_minor"],
        "currency": payment["currency"],
        "method": payment["method"],
        "paid_on": payment["paid_on"],
        "recorded_at": payment["recorded_at"],
        "received_by": payment["recorded_by_name"] or payment["recorded_by"],
        "settles": tuple(SettledBill(**row) for row in settled[:MOST_SETTLED_SHOWN]),
        "credit_minor": payment["credit_minor"],
        "balance_minor": sum(row["balance_minor"] for row in owed),
        "reversal": reversal,
    }


async def statement(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    days: tuple[date | None, date | None],
    look: Look,
    address: str,
) -> File | Outcome:
    """A customer's statement between two days as a PDF, under the profile of these minutes."""

    async def want(tx: Tx) -> Wanted:
        return await _statement(tx, gateway, principal, customer_id, days, look, address)

    return await file_of(gateway, principal, want)


async def _statement(
    tx: Tx,
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    days: tuple[date | None, date | None],
    look: Look,
    address: str,
) -> Wanted:
    account = await account_statement_queries.statement(tx, customer_id, *days)
    if len(account.entries) > MOST_ENTRIES:
        raise wrong("from", f"A statement has at most {MOST_ENTRIES:,} lines. Choose fewer days.", "too-many")
    owed = await bill_store.open_of_customer(tx, customer_id)
    command = RenderStatement(
        document_id=customer_id,
        **_moved(account),
        open_bills=tuple(OpenBill(**row) for row in owed[:MOST_OPEN_SHOWN]),
        as_of=clock.now(),
        portal_url=gateway.portals.url(customer_id, account.customer["portal_generation"]),
        language=look.language,
        paper=look.paper,
        **submit.signature(principal),
    )
    asking = Asking("statement", customer_id, _shown(command, {}))
    return Wanted(asking, command, address, command.as_of - STATEMENTS_ARE_KEPT)


def _moved(account: account_statement_queries.Statement) -> dict[str, Any]:
    """Return what a statement says of an account between its days."""
    return {
        "customer": _addressee(account.customer),
        "currency": account.currency,
        "from_date": account.from_date,
        "to_date": account.to_date,
        "opening_minor": account.opening_minor,
        "entries": tuple(_entry(row) for row in account.entries),
        "closing_minor": account.closing_minor,
    }


def _entry(row: Mapping[str, Any]) -> StatementEntry:
    names = ("kind", "reference", "period", "method", "reason", "reissued", "billed_minor", "paid_minor")
    return StatementEntry(on=row["on_day"], **{name: row[name] for name in names})


def _addressee(customer: Mapping[str, Any]) -> Addressee:
    return Addressee(
        customer_id=customer["id"],
        code=customer["code"],
        name=customer["name"],
        mobile=customer["mobile"],
        address=customer["address"],
        operator_id=customer["operator_id"],
        operator_name=customer["operator_name"] or "–",
    )


async def _settlement(tx: Tx, bill: Mapping[str, Any]) -> Settlement:
    rows = await payment_store.page_of_bill(
        tx,
        bill_id=bill["id"],
        customer_id=bill["customer_id"],
        after=None,
        limit=MOST_PAYMENTS_SHOWN,
    )
    return Settlement(
        as_of=clock.now(),
        paid_minor=bill["paid_minor"],
        balance_minor=bill["balance_minor"],
        payments=tuple(
            BillPayment(
                paid_on=row["paid_on"],
                method=row["method"],
                reference=row["reference"],
                amount_minor=row["allocated_minor"],
            )
            for row in reversed(rows)
            if row["allocated_minor"] > 0 and not row["reversed"]
        ),
    )


def _shown(command: Command, versions: Mapping[str, Any]) -> str:
    """Return what tells this file from another; not who asked, nor when."""
    said = command.model_dump(mode="json", exclude=_NOT_SHOWN)
    if said.get("settlement"):
        said["settlement"]["as_of"] = None
    canonical = json.dumps({**said, "versions": versions}, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


async def file_of(gateway: Gateway, principal: Principal, want: Want) -> File | Outcome:
    """The file, opened; else what became of asking for it: on its way, or the problem."""
    principal.must("see")
    async with acting_as(gateway.pool, principal) as tx:
        wanted = await want(tx)
        document = await document_store.made(tx, wanted.asking, wanted.asked_after)
    if document is not None:
        file = await _opened(gateway, principal, document)
        if file is not None:
            return file
    outcome = await _asked(gateway, principal, want)
    if outcome.body is None:
        return outcome
    async with acting_as(gateway.pool, principal) as tx:
        document = await document_store.by_id(tx, outcome.operation_id)
    file = await _opened(gateway, principal, document) if document else None
    return file or Outcome(outcome.operation_id, 202)


async def _asked(gateway: Gateway, principal: Principal, want: Want) -> Outcome:
    async with submit.opened(gateway, principal, "see", None) as operation:
        wanted = await want(operation.tx)
        under_way = await document_store.under_way(operation.tx, wanted.asking, principal.caller)
        if under_way is not None:
            operation.join(under_way)
        await operation.claim()
        subject_id = wanted.asking.subject_id
        await document_store.add(operation.tx, operation.id, wanted.asking, principal.caller, clock.now())
        await operation.submit("document", subject_id, _for(wanted.command, operation.id), url=wanted.address)
    return operation.outcome


def _for(command: Command, document_id: UUID) -> Command:
    return command.model_copy(update={"document_id": document_id})


async def opened(gateway: Gateway, document: Document, key: str) -> File:
    """Open a file of a document, or what belongs to it; 404 when it has gone."""
    try:
        size_bytes, chunks = await blobs.stream(store_of(gateway), key)
    except BlobMissing as error:
        raise not_found("The file is gone from where files are kept.") from error
    except BlobsUnavailable as error:
        raise store_away() from error
    return File(document, size_bytes, chunks)


async def _opened(gateway: Gateway, principal: Principal, document: Document) -> File | None:
    """The file, ready to be read; None when it has gone from where files are kept."""
    try:
        size_bytes, chunks = await blobs.stream(store_of(gateway), document.blob_key)
    except BlobMissing:
        async with acting_as(gateway.pool, principal) as tx:
            await document_store.forget_file(tx, document.id)
        return None
    except BlobsUnavailable as error:
        raise store_away() from error
    return File(document, size_bytes, chunks)


def store_of(gateway: Gateway) -> blobs.Store:
    """The blob store; 409 where the installation has none."""
    if gateway.blobs is None:
        detail = "No place for files is set up. Set GATEWAY_BLOB_DIR or GATEWAY_BLOB_URL as documents has it."
        raise Problem(409, "documents-not-configured", detail)
    return gateway.blobs


def store_away() -> Problem:
    """The files cannot be read just now."""
    detail = "File storage is not responding. Try again in a moment."
    return Problem(503, "store-unavailable", detail, retry_after_seconds=5)
