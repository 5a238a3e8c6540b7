"""/bills/{id}/payment-link: an address to pay at."""

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
    """409 for as long as no gateway is set up that could serve the link. Needs an Idempotency-Key."""
    principal.must("send-links")
    raw = await raw_body(request)
    read = reader(payment_link_schemas.PaymentLink, raw)
    return responses.outcome(
        await payment_link_commands.send_payment_link(
            gateway, principal, path_id(bill_id), read, key_of(request, raw)
        )
    )


ROUTES = [send_payment_link]
