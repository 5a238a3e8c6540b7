"""/partners: systems that send payments."""

from __future__ import annotations

from litestar import delete, get, patch, post

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import partners as partner_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
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


@get("/partners/{partner_id:str}", summary="Get a partner system")
async def get_partner(
    gateway: Here, principal: Who, partner_id: PathId
) -> Answer[partner_schemas.PartnerShown]:
    """Return a partner system of the subtree: its state, its key and its limits."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await partner_queries.partner(tx, path_id(partner_id)))


@patch("/partners/{partner_id:str}", summary="Change a partner system", opt=says(may="change-settings"))
async def change_partner(
    asked: Asked[partner_schemas.PartnerChange], partner_id: PathId
) -> Written[partner_schemas.PartnerShown]:
    """Change whose it is, pause it or resume it; what comes meanwhile is held, and placed then."""
    return responses.outcome(
        await partner_commands.change_partner(
            asked.gateway, asked.principal, path_id(partner_id), asked.read, asked.key
        )
    )


@delete(
    "/partners/{partner_id:str}",
    status_code=200,
    summary="Remove a partner system",
    opt=says(may="change-settings"),
)
async def remove_partner(asked: Asked[Nothing], partner_id: PathId) -> Written[partner_schemas.PartnerShown]:
    """Take nothing more from it; what it has paid stays, and it may be added again."""
    return responses.outcome(
        await partner_commands.remove_partner(asked.gateway, asked.principal, path_id(partner_id), asked.key)
    )


ROUTES = [list_partners, get_partner, add_partner, change_partner, remove_partner]
