"""/settings/billing: how this installation bills."""

from __future__ import annotations

from litestar import get, put

from gateway.api.declarations import Asked, says
from gateway.commands import billing_settings as settings_commands
from gateway.http import responses
from gateway.http.requests import Here, Who
from gateway.http.responses import Answer, Written
from gateway.queries import billing_settings as settings_queries
from gateway.schemas import billing_settings as settings_schemas
from gateway.store.access import acting_as


@get("/settings/billing", summary="Get the billing settings")
async def get_settings(gateway: Here, principal: Who) -> Answer[settings_schemas.Settings]:
    """Return the time zone, the currency, the days until due, the first period and the life of links."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(settings_schemas.settings(await settings_queries.billing_settings(tx)))


@put("/settings/billing", summary="Change the billing settings", opt=says(may="change-settings"))
async def change_settings(
    asked: Asked[settings_schemas.BillingSettings],
) -> Written[settings_schemas.Settings]:
    """Set what is named and keep the rest; the currency is fixed after the first invoice."""
    return responses.outcome(
        await settings_commands.change_settings(asked.gateway, asked.principal, asked.read, asked.key)
    )


ROUTES = [get_settings, change_settings]
