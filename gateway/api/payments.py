"""/payments and /bills/{id}/payments: what was paid, and taking it back."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import payments as payment_commands
from gateway.http import responses
from gateway.http.payments_csv import stream_payments
from gateway.http.requests import Here, PathId, Who, path_id, wants_csv
from gateway.http.responses import Answer, Written
from gateway.queries import payments as payment_queries
from gateway.schemas import fields
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as


@get("/payments", summary="List payments with their totals", opt=says(media=("application/json", "text/csv")))
async def list_payments(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    wanted: Wanted[payment_schemas.PaymentQuery],
) -> Answer[payment_schemas.PaymentList] | Response[Any]:
    """Return a page of the filter with the totals of all of it; with `Accept: text/csv` every payment."""
    if wants_csv(request):
        async with acting_as(gateway.pool, principal) as tx:
            selection = await payment_queries.select_all(tx, principal, wanted.filter)
        return stream_payments(gateway, principal, selection, wanted.sort)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await payment_queries.list_payments(tx, principal, wanted.filter, wanted.page, gateway.secret)
        )


@get("/bills/{bill_id:str}/payments", summary="List the payments of a bill")
async def list_bill_payments(
    gateway: Here, principal: Who, bill_id: PathId, wanted: Wanted[Paged]
) -> Answer[Listed[payment_schemas.PaymentShown]]:
    """Return the payments that touch the bill; `allocated_minor` is the part on it."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await payment_queries.list_payments_of_bill(tx, path_id(bill_id), wanted.page, gateway.secret)
        )


@post(
    "/bills/{bill_id:str}/payments",
    status_code=201,
    summary="Record a payment",
    opt=says(may="record-payment", keyed=True),
)
async def record_payment(
    asked: Asked[payment_schemas.Payment], bill_id: PathId
) -> Written[payment_schemas.PaymentRecorded]:
    """Record money on a bill and return the payment once the bill shows it; the rest becomes credit.

    A reference that another payment bears is recorded all the same, and named in `warnings`.
    """
    return responses.outcome(
        await payment_commands.record_payment(
            asked.gateway, asked.principal, path_id(bill_id), asked.read, asked.key
        )
    )


@get("/payments/{payment_id:str}", summary="Get a payment")
async def get_payment(
    gateway: Here, principal: Who, payment_id: PathId
) -> Answer[payment_schemas.PaymentShown]:
    """Return a payment as of now."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await payment_queries.payment(tx, path_id(payment_id)))


@post(
    "/payments/{payment_id:str}/reversal",
    status_code=200,
    summary="Reverse a payment",
    opt=says(may="reverse", keyed=True),
)
async def reverse_payment(
    asked: Asked[fields.Reason], payment_id: PathId
) -> Written[payment_schemas.PaymentShown]:
    """Take a payment back and return it: first from credit, then from the bills that it settled."""
    return responses.outcome(
        await payment_commands.reverse_payment(
            asked.gateway, asked.principal, path_id(payment_id), asked.read, asked.key
        )
    )


@post(
    "/payments/{payment_id:str}/refund",
    status_code=201,
    summary="Pay a payment back through its gateway",
    opt=says(may="refund", keyed=True),
)
async def refund_payment(
    asked: Asked[refund_schemas.RefundOfPayment], payment_id: PathId
) -> Written[refund_schemas.ProviderRefund]:
    """Pay it back through the gateway that took it: credit first, then bills, which are owed again."""
    return responses.outcome(
        await payment_commands.refund_payment(
            asked.gateway, asked.principal, path_id(payment_id), asked.read, asked.key
        )
    )


@get("/payments/{payment_id:str}/refunds", summary="List what went back of a payment")
async def list_refunds(
    gateway: Here, principal: Who, payment_id: PathId
) -> Answer[Listed[refund_schemas.ProviderRefund]]:
    """Return what went back through the gateway that took it, is on its way, or could not go back."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await payment_queries.list_refunds(tx, path_id(payment_id)))


ROUTES = [
    list_payments, list_bill_payments, record_payment, get_payment, reverse_payment, refund_payment,
    list_refunds,
]  # fmt: skip
