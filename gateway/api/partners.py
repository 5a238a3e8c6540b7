"""/partners: systems that send payments."""

from __future__ import annotations

from litestar import get, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import partners as partner_commands
from gateway.http import responses
from gateway.http.requests import Here, Who
from gateway.http.responses import Answer, Written
from gateway.queries import partners as partner_queries
from gateway.schemas import partners as partner_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as


@get("/partners", summary="List partner systems")
async def list_partners(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[partner_schemas.PartnerShown]]:
    """Return the partner systems of the subtree."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await partner_queries.list_partners(tx, wanted.page, gateway.secret))


@post("/partners", status_code=201, summary="Add a partner system", opt=says(may="change-settings"))
async def add_partner(asked: Asked[partner_schemas.Partner]) -> Written[partner_schemas.PartnerShown]:
    """Add a partner system, which belongs to an operator and reaches only its subtree."""
    return responses.outcome(
        await partner_commands.add_partner(asked.gateway, asked.principal, asked.read, asked.key)
    )


ROUTES = [list_partners, add_partner]
