"""Held payments: place them or reject them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, not_found
from gateway.queries import customers as customer_queries
from gateway.queries import held_payments as held_payment_queries
from gateway.queries.bills import bill_row
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.store import held_payments as held_payment_store
from shared.contracts import payments


async def place_held_payment(
    gateway: Gateway,
    principal: Principal,
    held_id: UUID,
    read: Callable[[], held_payment_schemas.Place],
    key: Key | None,
) -> Outcome:
    """Give held money to a bill or to a customer."""
    async with opened(gateway, principal, "place-held", key) as operation:
        await held_payment_queries.held_payment(operation.tx, held_id)
        body = read()
        customer_id = body.customer_id
        if body.bill_id is not None:
            customer_id = (await bill_row(operation.tx, body.bill_id))["customer_id"]
        assert customer_id is not None, "the body names one of the two"
        if body.bill_id is None:
            await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        await operation.claim()
        command = payments.PlaceHeldPayment(
            held_id=held_id, customer_id=customer_id, invoice_id=body.bill_id, **operation.signature
        )
        await operation.submit("held-placed", held_id, command)
    return operation.outcome


async def reject_held_payment(
    gateway: Gateway, principal: Principal, held_id: UUID, read: Callable[[], fields.Reason], key: Key | None
) -> Outcome:
    """Refuse held money, with a reason."""
    async with opened(gateway, principal, "place-held", key) as operation:
        await held_payment_queries.held_payment(operation.tx, held_id)
        body = read()
        await operation.claim()
        command = payments.RejectHeldPayment(held_id=held_id, reason=body.reason, **operation.signature)
        await operation.submit("held-rejected", held_id, command)
    return operation.outcome


async def refund_held_payment(
    gateway: Gateway, principal: Principal, held_id: UUID, read: Callable[[], fields.Reason], key: Key | None
) -> Outcome:
    """Pay held money back through the gateway that took it, with a reason."""
    async with opened(gateway, principal, "refund", key) as operation:
        held = await held_payment_queries.held_payment(operation.tx, held_id)
        body = read()
        await operation.claim()
        if held["checkout_id"] is None:
            raise Problem(409, "not-refundable", "This money did not come through a payment gateway.")
        command = payments.RefundHeldPayment(
            held_id=held_id, refund_id=operation.id, reason=body.reason, **operation.signature
        )
        await operation.submit("held-rejected", held_id, command)
    return operation.outcome


async def settle_checkout(
    gateway: Gateway,
    principal: Principal,
    checkout_id: UUID,
    read: Callable[[], held_payment_schemas.CheckoutAction],
    key: Key | None,
) -> Outcome:
    """Ask the provider about an attempt to pay once more, or give it up."""
    async with opened(gateway, principal, "place-held", key) as operation:
        checkout = await held_payment_store.checkout(operation.tx, checkout_id)
        if checkout is None:
            raise not_found("There is no such attempt to pay.")
        body = read()
        await operation.claim()
        command = payments.SettleCheckout(
            checkout_id=checkout_id,
            customer_id=checkout["customer_id"],
            action=body.action,
            **operation.signature,
        )
        await operation.submit("checkout-settled", checkout_id, command)
    return operation.outcome
