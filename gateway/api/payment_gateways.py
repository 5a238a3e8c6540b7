"""/settings/payment-gateways: through whom money is taken online."""

from __future__ import annotations

from litestar import delete, get, put

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import payment_gateways as payment_gateway_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who
from gateway.http.responses import Answer, Written
from gateway.queries import gateways as gateway_queries
from gateway.schemas import payment_gateways as payment_gateway_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import OfOperator
from gateway.schemas.payment_gateways import checked_provider
from gateway.store.access import acting_as

MAY = says(may="change-settings")


@get("/settings/payment-gateways", summary="List payment gateways", opt=MAY)
async def list_payment_gateways(
    gateway: Here, principal: Who
) -> Answer[Listed[payment_gateway_schemas.PaymentGatewayShown]]:
    """Return every one of the subtree, without its secrets."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.payment_gateways(tx, principal))


@get("/settings/payment-gateways/{provider:str}", summary="Get an operator's payment gateway", opt=MAY)
async def get_payment_gateway(
    gateway: Here, principal: Who, provider: PathId, wanted: Wanted[OfOperator]
) -> Answer[payment_gateway_schemas.PaymentGatewayShown]:
    """Return the operator's own, or by whose it collects meanwhile; never a secret."""
    known = checked_provider(provider)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.payment_gateway(tx, principal, known, wanted.operator_id))


@put("/settings/payment-gateways/{provider:str}", summary="Set up a payment gateway", opt=MAY)
async def configure_payment_gateway(
    asked: Asked[payment_gateway_schemas.PaymentGateway], provider: PathId
) -> Written[payment_gateway_schemas.PaymentGatewayShown]:
    """Set what is named and keep the rest; 422 when the provider refuses the credentials."""
    return responses.outcome(
        await payment_gateway_commands.configure(
            asked.gateway, asked.principal, checked_provider(provider), asked.read, asked.key
        )
    )


@delete(
    "/settings/payment-gateways/{provider:str}",
    status_code=200,
    summary="Take a payment gateway away",
    opt=MAY,
)
async def remove_payment_gateway(
    asked: Asked[Nothing], provider: PathId, wanted: Wanted[OfOperator]
) -> Written[payment_gateway_schemas.PaymentGatewayShown]:
    """Take it away with its secrets; the nearest above counts from then on."""
    return responses.outcome(
        await payment_gateway_commands.remove(
            asked.gateway, asked.principal, checked_provider(provider), wanted.operator_id, asked.key
        )
    )


@get("/settings/online-payments", summary="Get what is done about online payments", opt=MAY)
async def get_online_settings(
    gateway: Here, principal: Who
) -> Answer[payment_gateway_schemas.OnlineSettingsShown]:
    """Return whether payments are confirmed by a message."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.online_settings(tx))


@put("/settings/online-payments", summary="Change what is done about online payments", opt=MAY)
async def change_online_settings(
    asked: Asked[payment_gateway_schemas.OnlineSettings],
) -> Written[payment_gateway_schemas.OnlineSettingsShown]:
    """Say whether payments are confirmed by a message; off until somebody switches it on."""
    return responses.outcome(
        await payment_gateway_commands.change_online_settings(
            asked.gateway, asked.principal, asked.read, asked.key
        )
    )


ROUTES = [
    list_payment_gateways, get_payment_gateway, configure_payment_gateway, remove_payment_gateway,
    get_online_settings, change_online_settings,
]  # fmt: skip
