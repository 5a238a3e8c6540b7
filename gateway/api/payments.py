"""/payments and /bills/{id}/payments: what was paid, and taking it back."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, ref
from gateway.commands import payments as payment_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import payments as payment_queries
from gateway.schemas import fields
from gateway.schemas import payments as payment_schemas
from gateway.store.access import acting_as


@get("/bills/{bill_id:str}/payments", summary="What settles a bill", opt=says(list_of(ref("PaymentShown"))))
async def list_payments(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """Payments that touch the bill; `allocated_minor` is the part on it."""
    bill, page = path_id(bill_id), Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await payment_queries.list_payments_of_bill(tx, bill, page, gateway.secret))


@post(
    "/bills/{bill_id:str}/payments",
    status_code=201,
    summary="Record a payment",
    opt=says(ref("PaymentShown"), takes=payment_schemas.Payment, keyed=True),
)
async def record_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """201 with the payment once the bill shows it. Needs an Idempotency-Key."""
    principal.must("record-payment")
    raw = await raw_body(request)
    read = reader(payment_schemas.Payment, raw)
    return responses.outcome(
        await payment_commands.record_payment(
            gateway, principal, path_id(bill_id), read, key_of(request, raw)
        )
    )


@get("/payments/{payment_id:str}", summary="One payment", opt=says(ref("PaymentShown")))
async def get_payment(gateway: Here, principal: Who, payment_id: PathId) -> Response[bytes]:
    """A payment as of now."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await payment_queries.payment(tx, path_id(payment_id)))


@post(
    "/payments/{payment_id:str}/reversal",
    status_code=200,
    summary="Reverse a payment",
    opt=says(ref("PaymentShown"), takes=fields.Reason, keyed=True),
)
async def reverse_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, payment_id: PathId
) -> Response[bytes]:
    """200 with the payment, taken back. Needs an Idempotency-Key."""
    principal.must("reverse")
    raw = await raw_body(request)
    read = reader(fields.Reason, raw)
    return responses.outcome(
        await payment_commands.reverse_payment(
            gateway, principal, path_id(payment_id), read, key_of(request, raw)
        )
    )


ROUTES = [list_payments, record_payment, get_payment, reverse_payment]
