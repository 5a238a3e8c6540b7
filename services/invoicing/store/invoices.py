"""Invoices as rows: voided and issued anew, one by one."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared import clock
from shared.db import Tx


class Issue(TypedDict):
    """An invoice to be issued by itself."""

    id: UUID
    operator_id: UUID
    customer_id: UUID
    package_id: UUID
    sequence: int
    net_minor: int
    vat_minor: int
    total_minor: int
    issued_at: datetime
    issued_on: date
    due_on: date
    vat_basis_points: int
    period: str
    currency: str
    number: str
    operator_name: str
    package_name: str
    customer_code: str
    customer_name: str
    customer_mobile: str | None
    reissue_of: UUID


async def of_customer(tx: Tx, invoice_id: UUID, customer_id: UUID) -> Row | None:
    """Return a customer's invoice with the path of the operator that issued it; None for an unknown one."""
    row: Row | None = await queries.invoice_of_scope(tx, invoice_id=invoice_id, customer_id=customer_id)
    return row


async def lock(tx: Tx, invoice_id: UUID) -> Row:
    """Return an invoice that nobody else changes until this transaction ends."""
    row: Row = await queries.lock_invoice(tx, id=invoice_id)
    return row


async def void(tx: Tx, invoice_id: UUID, *, reason: str, voided_by: str, reissued_as: UUID | None) -> Row:
    """End an invoice, or name the one that stands in its place; return it."""
    row: Row = await queries.void_invoice(
        tx,
        id=invoice_id,
        voided_at=clock.now(),
        void_reason=reason,
        voided_by=voided_by,
        reissued_as=reissued_as,
    )
    return row


async def reissue_terms(tx: Tx, customer_id: UUID) -> Row:
    """Return what a customer would be billed today: operator, package, price, names."""
    row: Row = await queries.reissue_terms(tx, customer_id=customer_id)
    return row


async def issue(tx: Tx, invoice: Issue) -> Row:
    """Add an invoice; return it."""
    row: Row = await queries.issue_invoice(tx, **invoice)
    return row
