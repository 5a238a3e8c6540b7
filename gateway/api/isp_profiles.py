"""/settings/isp-profile: what an operator's documents say of it, inherited field by field."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, put

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import isp_profiles as profile_commands
from gateway.http import files, responses
from gateway.http.requests import Here, Who
from gateway.http.responses import Answer, Written
from gateway.queries import isp_profiles as profile_queries
from gateway.schemas import isp_profiles as profile_schemas
from gateway.schemas.filters import OfOperator
from gateway.store.access import acting_as

LARGEST_BODY_BYTES = 8_000_000


@get("/settings/isp-profile", summary="Get an operator's profile", opt=says(may="see"))
async def get_isp_profile(
    gateway: Here, principal: Who, wanted: Wanted[OfOperator]
) -> Answer[profile_schemas.IspProfileShown]:
    """Return what its documents say of it now; `inherited` names whose each field is that is not its own."""
    async with acting_as(gateway.pool, principal) as tx:
        operator_id = wanted.operator_id or principal.operator_id
        return responses.json(
            profile_schemas.profile(await profile_queries.rows_of(tx, principal, operator_id))
        )


@put(
    "/settings/isp-profile",
    summary="Change an operator's profile",
    opt=says(may="change-settings"),
    request_max_body_size=LARGEST_BODY_BYTES,
)
async def change_isp_profile(
    asked: Asked[profile_schemas.IspProfile],
) -> Written[profile_schemas.IspProfileShown]:
    """Set what is named and keep the rest, for what is issued from now on; null gives a field back."""
    return responses.outcome(
        await profile_commands.change_profile(asked.gateway, asked.principal, asked.read, asked.key)
    )


@get(
    "/settings/isp-profile/logo",
    summary="Get an operator's logo",
    opt=says(may="see", media=("image/png", "image/jpeg")),
)
async def get_isp_logo(gateway: Here, principal: Who, wanted: Wanted[OfOperator]) -> Response[Any]:
    """Return the picture as its documents bear it."""
    return await files.logo(gateway, principal, wanted.operator_id or principal.operator_id)


ROUTES = [get_isp_profile, change_isp_profile, get_isp_logo]
