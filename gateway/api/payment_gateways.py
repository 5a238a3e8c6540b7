"""/settings/payment-gateways: through whom money is taken online."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, put

from gateway.api.declarations import says
from gateway.api.resources import ANY_OBJECT, FLAG, ID, list_of, shape
from gateway.commands import payment_gateways as payment_gateway_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, raw_body, reader
from gateway.queries import gateways as gateway_queries
from gateway.schemas import payment_gateways as payment_gateway_schemas
from gateway.schemas.payment_gateways import checked_provider
from gateway.store.access import acting_as


@get("/settings/payment-gateways", summary="Payment gateways", opt=says(list_of(ANY_OBJECT)))
async def list_payment_gateways(gateway: Here, principal: Who) -> Response[bytes]:
    """Every one of the subtree, without its secrets."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.payment_gateways(tx, principal))


@get(
    "/settings/payment-gateways/{provider:str}",
    summary="A payment gateway of an operator",
    opt=says(ANY_OBJECT, query={"operator_id": ID}),
)
async def get_payment_gateway(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, provider: PathId
) -> Response[bytes]:
    """The operator's own, or by whose it collects meanwhile; never a secret."""
    principal.must("change-settings")
    known, operator_id = checked_provider(provider), Query(request).id("operator_id")
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.payment_gateway(tx, principal, known, operator_id))


@put(
    "/settings/payment-gateways/{provider:str}",
    summary="Set up a payment gateway",
    opt=says(ANY_OBJECT, takes=payment_gateway_schemas.PaymentGateway),
)
async def configure_payment_gateway(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, provider: PathId
) -> Response[bytes]:
    """Sets what is named and keeps the rest; 422 when the provider refuses the credentials."""
    principal.must("change-settings")
    known = checked_provider(provider)
    raw = await raw_body(request)
    read = reader(payment_gateway_schemas.PaymentGateway, raw)
    return responses.outcome(
        await payment_gateway_commands.configure(gateway, principal, known, read, key_of(request, raw))
    )


@delete(
    "/settings/payment-gateways/{provider:str}",
    status_code=200,
    summary="Take a payment gateway away",
    opt=says(ANY_OBJECT, query={"operator_id": ID}),
)
async def remove_payment_gateway(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, provider: PathId
) -> Response[bytes]:
    """Its secrets go with it; the nearest above counts from then on."""
    principal.must("change-settings")
    known, operator_id = checked_provider(provider), Query(request).id("operator_id")
    return responses.outcome(
        await payment_gateway_commands.remove(gateway, principal, known, operator_id, key_of(request, b""))
    )


@get(
    "/settings/online-payments",
    summary="What is done about online payments",
    opt=says(shape(send_receipts=FLAG)),
)
async def get_online_settings(gateway: Here, principal: Who) -> Response[bytes]:
    """Whether payments are confirmed by a message."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.online_settings(tx))


@put(
    "/settings/online-payments",
    summary="Change what is done about online payments",
    opt=says(shape(send_receipts=FLAG), takes=payment_gateway_schemas.OnlineSettings),
)
async def change_online_settings(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """Off until somebody switches it on."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(payment_gateway_schemas.OnlineSettings, raw)
    return responses.outcome(
        await payment_gateway_commands.change_online_settings(gateway, principal, read, key_of(request, raw))
    )


ROUTES = [
    list_payment_gateways, get_payment_gateway, configure_payment_gateway, remove_payment_gateway,
    get_online_settings, change_online_settings,
]  # fmt: skip
