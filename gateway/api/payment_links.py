"""/bills/{id}/payment-link and beside it: addresses that customers are sent, and what became of messages."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from gateway.api.declarations import says
from gateway.api.resources import ANY_OBJECT
from gateway.commands import payment_links as payment_link_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, key_of, path_id, raw_body, reader
from gateway.schemas import payment_links as payment_link_schemas


@post(
    "/bills/{bill_id:str}/payment-link",
    status_code=201,
    summary="Send a payment link",
    opt=says(ANY_OBJECT, takes=payment_link_schemas.PaymentLink, keyed=True),
)
async def send_payment_link(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """201 with the link; 409 where no gateway could send it or take the money. Needs an Idempotency-Key."""
    principal.must("send-links")
    raw = await raw_body(request)
    read = reader(payment_link_schemas.PaymentLink, raw)
    return responses.outcome(
        await payment_link_commands.send_payment_link(
            gateway, principal, path_id(bill_id), read, key_of(request, raw)
        )
    )


@post(
    "/customers/{customer_id:str}/portal-message",
    status_code=201,
    summary="Send a customer the address of their portal",
    opt=says(ANY_OBJECT, takes=payment_link_schemas.PortalMessage, keyed=True),
)
async def send_portal_address(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """201 with the message, which is on its way. Needs an Idempotency-Key."""
    principal.must("send-links")
    raw = await raw_body(request)
    read = reader(payment_link_schemas.PortalMessage, raw)
    return responses.outcome(
        await payment_link_commands.send_portal_address(
            gateway, principal, path_id(customer_id), read, key_of(request, raw)
        )
    )


@post(
    "/messages/{message_id:str}/settle",
    status_code=200,
    summary="Say what became of an unknown message",
    opt=says(ANY_OBJECT, takes=payment_link_schemas.MessageOutcome),
)
async def settle_message(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, message_id: PathId
) -> Response[bytes]:
    """`sent` or `failed`, as a person found out."""
    principal.must("place-held")
    raw = await raw_body(request)
    read = reader(payment_link_schemas.MessageOutcome, raw)
    return responses.outcome(
        await payment_link_commands.settle_message(
            gateway, principal, path_id(message_id), read, key_of(request, raw)
        )
    )


ROUTES = [send_payment_link, send_portal_address, settle_message]
