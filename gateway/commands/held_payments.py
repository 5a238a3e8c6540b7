"""Held payments: place them or reject them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.commands.bills import bill_row
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, signature
from gateway.queries import customers as customer_queries
from gateway.queries import held_payments as held_payment_queries
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from shared.contracts import payments
from shared.db import Tx


async def place_held_payment(
    gateway: Gateway,
    principal: Principal,
    held_id: UUID,
    read: Callable[[], held_payment_schemas.Place],
    key: Key | None,
) -> Outcome:
    """Give held money to a bill or to a customer."""
    principal.must("place-held")

    async def look(tx: Tx) -> tuple[UUID, UUID | None]:
        await held_payment_queries.held_payment(tx, held_id)
        body = read()
        if body.bill_id is not None:
            bill = await bill_row(tx, body.bill_id)
            return bill["customer_id"], body.bill_id
        assert body.customer_id is not None, "the body names one of the two"
        await customer_queries.customer(tx, body.customer_id, gateway.portals)
        return body.customer_id, None

    async def wish(tx: Tx, target: tuple[UUID, UUID | None], operation_id: UUID) -> Wish:
        command = payments.PlaceHeldPayment(
            held_id=held_id, customer_id=target[0], invoice_id=target[1], **signature(principal)
        )
        return Wish("held-placed", held_id, command)

    return await perform(gateway, principal, look, wish, key)


async def reject_held_payment(
    gateway: Gateway, principal: Principal, held_id: UUID, read: Callable[[], fields.Reason], key: Key | None
) -> Outcome:
    """Refuse held money, with a reason."""
    principal.must("place-held")

    async def look(tx: Tx) -> fields.Reason:
        await held_payment_queries.held_payment(tx, held_id)
        return read()

    async def wish(tx: Tx, body: fields.Reason, operation_id: UUID) -> Wish:
        command = payments.RejectHeldPayment(held_id=held_id, reason=body.reason, **signature(principal))
        return Wish("held-rejected", held_id, command)

    return await perform(gateway, principal, look, wish, key)
