"""/missed-months: months that nobody ran, who was not billed for them, and which are left out."""

from __future__ import annotations

from litestar import Response, delete, get, put

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import missed_months as missed_month_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, checked_period
from gateway.http.responses import Answer
from gateway.queries import missed_months as missed_month_queries
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.schemas.missed_months import MissedMonth, MonthLeftOut, UnbilledCustomer
from gateway.store.access import acting_as


@get("/missed-months", summary="List missed months")
async def list_missed_months(gateway: Here, principal: Who) -> Answer[Listed[MissedMonth]]:
    """Return the months since billing began that were never run for everybody here, oldest first."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await missed_month_queries.list_missed_months(tx, principal))


@get("/missed-months/{period:str}/customers", summary="List who was not billed for a month")
async def list_unbilled(
    gateway: Here, principal: Who, period: PathId, wanted: Wanted[Paged]
) -> Answer[Listed[UnbilledCustomer]]:
    """Return who has no bill for the month, though a run would make one."""
    month = checked_period("period", period)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await missed_month_queries.list_unbilled(tx, month, wanted.page, gateway.secret)
        )


@get("/missed-months/left-out", summary="List months that are left out")
async def list_left_out(gateway: Here, principal: Who) -> Answer[Listed[MonthLeftOut]]:
    """Return the months that were never run and are left out on purpose, with who decided it."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await missed_month_queries.list_left_out(tx, principal))


@put("/missed-months/{period:str}/left-out", summary="Leave a missed month out", opt=says(may="bill"))
async def leave_out(asked: Asked[Nothing], period: PathId) -> Answer[MonthLeftOut]:
    """Remind nobody of it any more, here and below; nothing is billed, and it can be brought back."""
    return responses.json(
        await missed_month_commands.leave_out(
            asked.gateway, asked.principal, checked_period("period", period)
        )
    )


@delete(
    "/missed-months/{period:str}/left-out",
    status_code=204,
    summary="Bring a month back",
    opt=says(may="bill"),
)
async def bring_back(gateway: Here, principal: Who, period: PathId) -> Response[None]:
    """Be reminded of it again."""
    await missed_month_commands.bring_back(gateway, principal, checked_period("period", period))
    return Response(None, status_code=204)


ROUTES = [list_missed_months, list_left_out, list_unbilled, leave_out, bring_back]
