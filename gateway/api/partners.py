"""/partners: systems that send payments."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, ref
from gateway.commands import partners as partner_commands
from gateway.http import responses
from gateway.http.requests import Here, Query, Who, key_of, raw_body, reader
from gateway.queries import partners as partner_queries
from gateway.schemas import partners as partner_schemas
from gateway.store.access import acting_as


@get("/partners", summary="Partner systems", opt=says(list_of(ref("PartnerShown"))))
async def list_partners(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Partner systems of the subtree."""
    page = Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await partner_queries.list_partners(tx, page, gateway.secret))


@post(
    "/partners",
    status_code=201,
    summary="Let a partner system in",
    opt=says(ref("PartnerShown"), takes=partner_schemas.Partner),
)
async def add_partner(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """It belongs to an operator and reaches only its subtree."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(partner_schemas.Partner, raw)
    return responses.outcome(
        await partner_commands.add_partner(gateway, principal, read, key_of(request, raw))
    )


ROUTES = [list_partners, add_partner]
