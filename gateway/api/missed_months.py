"""/missed-months: months that nobody ran, and who was not billed for them."""

from __future__ import annotations

from litestar import get

from gateway.api.declarations import Wanted
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, checked_period
from gateway.http.responses import Answer
from gateway.queries import missed_months as missed_month_queries
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.schemas.missed_months import MissedMonth, UnbilledCustomer
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


ROUTES = [list_missed_months, list_unbilled]
