"""/settings/isp-profile: what an operator's documents say of it, inherited field by field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, put

from gateway.access import Principal
from gateway.api.declarations import says
from gateway.api.resources import ID, ref
from gateway.commands import isp_profiles as profile_commands
from gateway.http import files, responses
from gateway.http.requests import Here, Query, Who, key_of, raw_body, reader
from gateway.queries import isp_profiles as profile_queries
from gateway.schemas import isp_profiles as profile_schemas
from gateway.store.access import acting_as

LARGEST_BODY_BYTES = 8_000_000
_WHOSE = {"operator_id": ID}


def operator_of(request: Request[Any, Any, Any], principal: Principal) -> UUID:
    """Whose profile is meant: the caller's operator, unless the query names another."""
    asked = Query(request).ids("operator_id")
    return asked[0] if asked else principal.operator_id


@get("/settings/isp-profile", summary="An operator's profile", opt=says(ref("IspProfileShown"), query=_WHOSE))
async def get_profile(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """What its documents say of it now; `inherited` names whose each field is that is not its own."""
    principal.must("see")
    async with acting_as(gateway.pool, principal) as tx:
        rows = await profile_queries.rows_of(tx, principal, operator_of(request, principal))
    return responses.json(profile_schemas.profile(rows))


@put(
    "/settings/isp-profile",
    summary="Change an operator's profile",
    opt=says(ref("IspProfileShown"), takes=profile_schemas.IspProfile),
    request_max_body_size=LARGEST_BODY_BYTES,
)
async def change_profile(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Sets what is named and keeps the rest, null gives a field back; for what is issued from now on."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(profile_schemas.IspProfile, raw)
    return responses.outcome(
        await profile_commands.change_profile(gateway, principal, read, key_of(request, raw))
    )


@get("/settings/isp-profile/logo", summary="An operator's logo", opt=says(None, query=_WHOSE))
async def get_logo(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[Any]:
    """The picture as its documents bear it."""
    return await files.logo(gateway, principal, operator_of(request, principal))


ROUTES = [get_profile, change_profile, get_logo]
