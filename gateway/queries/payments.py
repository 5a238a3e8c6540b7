"""Payments of a bill and of a customer."""

from __future__ import annotations

from uuid import UUID

from gateway.problems import not_found
from gateway.queries.bills import bill_row
from gateway.queries.customers import customer
from gateway.queries.lists import listed
from gateway.schemas import payments as payment_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.schemas.portal_links import Portals
from gateway.store import statements
from shared.db import Tx


async def list_payments_of_bill(
    tx: Tx, bill_id: UUID, page: Page, secret: str
) -> Listed[payment_schemas.PaymentShown]:
    """Return what settles a bill, newest first."""
    row = await bill_row(tx, bill_id)
    return await listed(
        tx,
        "payments_of_bill",
        payment_schemas.payment,
        page,
        secret,
        bill_id=bill_id,
        customer_id=row["customer_id"],
    )


async def list_payments_of_customer(
    tx: Tx, customer_id: UUID, page: Page, secret: str, portals: Portals
) -> Listed[payment_schemas.PaymentShown]:
    """A customer's payments, youngest first."""
    await customer(tx, customer_id, portals)
    return await listed(
        tx, "payments_of_customer", payment_schemas.payment, page, secret, customer_id=customer_id
    )


async def payment_row(tx: Tx, payment_id: UUID) -> statements.Row:
    """Return a payment within reach as it is kept, or raise 404."""
    row = await statements.one(tx, "payment_by_id", id=payment_id)
    if row is None:
        raise not_found("There is no such payment.")
    return row


async def payment(tx: Tx, payment_id: UUID) -> payment_schemas.PaymentShown:
    """One payment as of now."""
    return payment_schemas.payment(await payment_row(tx, payment_id))
