"""Payments: record money on a bill, take a payment back, pay credit back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.commands.bills import bill_row, must_be_payable
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, required, signature
from gateway.problems import Problem, not_found, wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import customers as customer_queries
from gateway.schemas import fields
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas.fields import refuse_card_numbers
from gateway.store import statements
from shared.contracts import payments
from shared.db import Tx


async def record_payment(
    gateway: Gateway,
    principal: Principal,
    bill_id: UUID,
    read: Callable[[], payment_schemas.Payment],
    key: Key | None,
) -> Outcome:
    """Record money on a bill; what is over the balance becomes the customer's credit."""
    principal.must("record-payment")

    async def look(tx: Tx) -> tuple[statements.Row, payment_schemas.Payment]:
        bill = await bill_row(tx, bill_id)
        required(key)
        body = read()
        refuse_card_numbers(reference=body.reference, note=body.note, method=body.method)
        today = await settings_queries.today(tx)
        if body.paid_on is not None and body.paid_on > today:
            raise wrong("paid_on", "This day has not come yet.")
        return bill, body.model_copy(update={"paid_on": body.paid_on or today})

    async def wish(
        tx: Tx, subject: tuple[statements.Row, payment_schemas.Payment], operation_id: UUID
    ) -> Wish:
        bill, body = subject
        must_be_payable(bill)
        assert body.paid_on is not None, "look has put today in its place"
        command = payments.RecordPayment(
            payment_id=operation_id,
            customer_id=bill["customer_id"],
            invoice_id=bill_id,
            amount_minor=body.amount_minor,
            currency=bill["currency"],
            method=body.method,
            paid_on=body.paid_on,
            reference=body.reference,
            note=body.note,
            **signature(principal),
        )
        return Wish("payment", operation_id, command, {"bill_id": str(bill_id)})

    return await perform(gateway, principal, look, wish, key)


async def reverse_payment(
    gateway: Gateway,
    principal: Principal,
    payment_id: UUID,
    read: Callable[[], fields.Reason],
    key: Key | None,
) -> Outcome:
    """Take a payment back: first from credit, then from the bills that it settled."""
    principal.must("reverse")

    async def look(tx: Tx) -> tuple[statements.Row, fields.Reason]:
        payment = await statements.one(tx, "payment_by_id", id=payment_id)
        if payment is None:
            raise not_found("There is no such payment.")
        required(key)
        body = read()
        refuse_card_numbers(reason=body.reason)
        return payment, body

    async def wish(tx: Tx, subject: tuple[statements.Row, fields.Reason], operation_id: UUID) -> Wish:
        payment, body = subject
        if payment["reversed"]:
            raise Problem(409, "already-reversed", "This payment has been reversed.")
        command = payments.ReversePayment(
            payment_id=payment_id,
            customer_id=payment["customer_id"],
            reason=body.reason,
            **signature(principal),
        )
        return Wish("reversal", payment_id, command)

    return await perform(gateway, principal, look, wish, key)


async def refund_credit(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], refund_schemas.Refund],
    key: Key | None,
) -> Outcome:
    """Pay credit back to the customer."""
    principal.must("refund")

    async def look(tx: Tx) -> refund_schemas.Refund:
        await customer_queries.customer(tx, customer_id, gateway.portals)
        body = read()
        refuse_card_numbers(reason=body.reason)
        return body

    async def wish(tx: Tx, body: refund_schemas.Refund, operation_id: UUID) -> Wish:
        command = payments.RefundCredit(
            refund_id=operation_id,
            customer_id=customer_id,
            amount_minor=body.amount_minor,
            reason=body.reason,
            **signature(principal),
        )
        return Wish("refund", operation_id, command)

    return await perform(gateway, principal, look, wish, key)
