"""/settings/billing: how this installation bills."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, put

from gateway.api.declarations import says
from gateway.api.resources import ref
from gateway.commands import billing_settings as settings_commands
from gateway.http import responses
from gateway.http.requests import Here, Who, key_of, raw_body, reader
from gateway.queries import billing_settings as settings_queries
from gateway.schemas import billing_settings as settings_schemas
from gateway.store.access import acting_as


@get("/settings/billing", summary="How this installation bills", opt=says(ref("Settings")))
async def get_settings(gateway: Here, principal: Who) -> Response[bytes]:
    """Time zone, currency, days until due, first period, life of links."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(settings_schemas.settings(await settings_queries.billing_settings(tx)))


@put(
    "/settings/billing",
    summary="Change how this installation bills",
    opt=says(ref("Settings"), takes=settings_schemas.BillingSettings),
)
async def change_settings(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Sets what is named and keeps the rest; the currency is fixed after the first invoice."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(settings_schemas.BillingSettings, raw)
    return responses.outcome(
        await settings_commands.change_settings(gateway, principal, read, key_of(request, raw))
    )


ROUTES = [get_settings, change_settings]
