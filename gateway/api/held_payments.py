"""/held-payments: money that waits to be placed."""

from __future__ import annotations

from litestar import get, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import held_payments as held_payment_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.queries import held_payments as held_payment_queries
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.schemas.answers import Listed
from gateway.store.access import acting_as


@get("/held-payments", summary="List held money")
async def list_held_payments(
    gateway: Here, principal: Who, wanted: Wanted[held_payment_schemas.HeldQuery]
) -> Answer[Listed[held_payment_schemas.HeldPayment]]:
    """Return the held money of the subtree; `state` shows what was placed or rejected."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await held_payment_queries.list_held_payments(tx, wanted.state, wanted.page, gateway.secret)
        )


@get("/held-payments/{held_id:str}", summary="Get a held payment")
async def get_held_payment(
    gateway: Here, principal: Who, held_id: PathId
) -> Answer[held_payment_schemas.HeldPayment]:
    """Return money that waits, or that was placed or rejected."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await held_payment_queries.held_payment(tx, path_id(held_id)))


@post(
    "/held-payments/{held_id:str}/place",
    status_code=200,
    summary="Place held money",
    opt=says(may="place-held"),
)
async def place_held_payment(
    asked: Asked[held_payment_schemas.Place], held_id: PathId
) -> Written[held_payment_schemas.HeldPayment]:
    """Give held money to a bill or to a customer."""
    return responses.outcome(
        await held_payment_commands.place_held_payment(
            asked.gateway, asked.principal, path_id(held_id), asked.read, asked.key
        )
    )


@post(
    "/held-payments/{held_id:str}/reject",
    status_code=200,
    summary="Reject held money",
    opt=says(may="place-held"),
)
async def reject_held_payment(
    asked: Asked[fields.Reason], held_id: PathId
) -> Written[held_payment_schemas.HeldPayment]:
    """Refuse held money, with a reason that its sender is told."""
    return responses.outcome(
        await held_payment_commands.reject_held_payment(
            asked.gateway, asked.principal, path_id(held_id), asked.read, asked.key
        )
    )


@post(
    "/held-payments/{held_id:str}/refund",
    status_code=200,
    summary="Pay held money back",
    opt=says(may="refund"),
)
async def refund_held_payment(
    asked: Asked[fields.Reason], held_id: PathId
) -> Written[held_payment_schemas.HeldPayment]:
    """Pay it back through the payment gateway that took it, with a reason."""
    return responses.outcome(
        await held_payment_commands.refund_held_payment(
            asked.gateway, asked.principal, path_id(held_id), asked.read, asked.key
        )
    )


@post(
    "/checkouts/{checkout_id:str}/settle",
    status_code=200,
    summary="Settle an attempt to pay",
    opt=says(may="place-held"),
)
async def settle_checkout(
    asked: Asked[held_payment_schemas.CheckoutAction], checkout_id: PathId
) -> Written[held_payment_schemas.CheckoutSettled]:
    """Ask its provider once more, or give it up."""
    return responses.outcome(
        await held_payment_commands.settle_checkout(
            asked.gateway, asked.principal, path_id(checkout_id), asked.read, asked.key
        )
    )


ROUTES = [
    list_held_payments, get_held_payment, place_held_payment, reject_held_payment, refund_held_payment,
    settle_checkout,
]  # fmt: skip
