"""Payments: record money on a bill, take a payment back, pay credit back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from gateway.access import Principal
from gateway.commands.bills import must_be_payable
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import customers as customer_queries
from gateway.queries import payments as payment_queries
from gateway.queries.bills import bill_row
from gateway.queries.payments import payment_row
from gateway.schemas import fields
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas.fields import refuse_card_numbers
from gateway.store.statements import Row
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
    async with opened(gateway, principal, "record-payment", key) as operation:
        bill = await bill_row(operation.tx, bill_id)
        body = read()
        paid_on = await _paid_on(operation.tx, body)
        await operation.claim()
        must_be_payable(bill)
        command = payments.RecordPayment(
            payment_id=operation.id,
            customer_id=bill["customer_id"],
            invoice_id=bill_id,
            amount_minor=body.amount_minor,
            currency=bill["currency"],
            method=body.method,
            paid_on=paid_on,
            reference=body.reference,
            note=body.note,
            **operation.signature,
        )
        await operation.submit("payment", operation.id, command, bill_id=str(bill_id))
    return operation.outcome


async def record_lump_sum(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], payment_schemas.Payment],
    key: Key | None,
) -> Outcome:
    """Record money of a customer, which settles the oldest month that they owe first; the rest is credit."""
    async with opened(gateway, principal, "record-payment", key) as operation:
        await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        body = read()
        paid_on = await _paid_on(operation.tx, body)
        await operation.claim()
        settings = await settings_queries.billing_settings(operation.tx)
        command = payments.RecordPayment(
            payment_id=operation.id,
            customer_id=customer_id,
            invoice_id=None,
            amount_minor=body.amount_minor,
            currency=settings["currency"],
            method=body.method,
            paid_on=paid_on,
            reference=body.reference,
            note=body.note,
            **operation.signature,
        )
        await operation.submit("payment", operation.id, command)
    return operation.outcome


async def _paid_on(tx: Tx, body: payment_schemas.Payment) -> date:
    """When it was paid: today unless said otherwise; 422 for a day to come and for a card number."""
    refuse_card_numbers(reference=body.reference, note=body.note, method=body.method)
    today = await settings_queries.today(tx)
    if body.paid_on is not None and body.paid_on > today:
        raise wrong("paid_on", "This day has not come yet.")
    return body.paid_on or today


async def reverse_payment(
    gateway: Gateway,
    principal: Principal,
    payment_id: UUID,
    read: Callable[[], fields.Reason],
    key: Key | None,
) -> Outcome:
    """Take a payment back: first from credit, then from the bills that it settled."""
    async with opened(gateway, principal, "reverse", key) as operation:
        payment = await payment_row(operation.tx, payment_id)
        body = read()
        refuse_card_numbers(reason=body.reason)
        await operation.claim()
        if payment["reversed"]:
            raise Problem(409, "already-reversed", "This payment has been reversed.")
        command = payments.ReversePayment(
            payment_id=payment_id,
            customer_id=payment["customer_id"],
            reason=body.reason,
            **operation.signature,
        )
        await operation.submit("reversal", payment_id, command)
    return operation.outcome


async def refund_payment(
    gateway: Gateway,
    principal: Principal,
    payment_id: UUID,
    read: Callable[[], refund_schemas.RefundOfPayment],
    key: Key | None,
) -> Outcome:
    """Pay a payment back through the gateway that took it; bills that it settled may be owed again."""
    async with opened(gateway, principal, "refund", key) as operation:
        payment = await payment_row(operation.tx, payment_id)
        body = read()
        refuse_card_numbers(reason=body.reason)
        await operation.claim()
        command = payments.RefundThroughGateway(
            refund_id=operation.id,
            payment_id=payment_id,
            customer_id=payment["customer_id"],
            amount_minor=await _amount_to_pay_back(operation.tx, payment, body.amount_minor),
            reason=body.reason,
            **operation.signature,
        )
        await operation.submit("payment-refund", operation.id, command)
    return operation.outcome


async def _amount_to_pay_back(tx: Tx, payment: Row, asked_minor: int | None) -> int:
    """Return what is asked for, or all that is left; 409 where a gateway cannot pay it back, 422 for more."""
    if payment["reversed"]:
        raise Problem(409, "already-reversed", "This payment has been reversed.")
    if not payment["source"].startswith("provider:"):
        raise Problem(409, "not-refundable", "This payment did not come through a payment gateway.")
    left = await payment_queries.refundable(tx, payment)
    amount = left if asked_minor is None else asked_minor
    if amount > left or amount == 0:
        raise wrong("amount_minor", "Less than that is left of this payment.", "more-than-left")
    return amount


async def refund_credit(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], refund_schemas.Refund],
    key: Key | None,
) -> Outcome:
    """Pay credit back to the customer."""
    async with opened(gateway, principal, "refund", key) as operation:
        await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        body = read()
        refuse_card_numbers(reason=body.reason)
        await operation.claim()
        command = payments.RefundCredit(
            refund_id=operation.id,
            customer_id=customer_id,
            amount_minor=body.amount_minor,
            reason=body.reason,
            **operation.signature,
        )
        await operation.submit("refund", operation.id, command)
    return operation.outcome
