"""/closings: what a collector or an operator took on a day, counted and signed off."""

from __future__ import annotations

from litestar import get, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import closings as closing_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.queries import billing_settings as settings_queries
from gateway.queries import closings as closing_queries
from gateway.schemas import closings as closing_schemas
from gateway.schemas.answers import Listed
from gateway.store.access import acting_as


@get("/closings", summary="List closed days")
async def list_closings(
    gateway: Here, principal: Who, wanted: Wanted[closing_schemas.ClosingQuery]
) -> Answer[Listed[closing_schemas.Closing]]:
    """Return the days that were signed off, the last ones first."""
    async with acting_as(gateway.pool, principal) as tx:
        if wanted.operator_id is not None or wanted.collector is not None:
            await closing_queries.whose_day(tx, principal, wanted.operator_id, wanted.collector)
        return responses.json(
            await closing_queries.list_closings(
                tx, principal, wanted.collector, wanted.operator_id, wanted.page, gateway.secret
            )
        )


@get("/closings/sheet", summary="Get the sheet of a day")
async def get_sheet(
    gateway: Here, principal: Who, wanted: Wanted[closing_schemas.SheetQuery]
) -> Answer[closing_schemas.DaySheet]:
    """Return a day as it is now: open with the figures of now, or as signed, with what changed since."""
    async with acting_as(gateway.pool, principal) as tx:
        whose = await closing_queries.whose_day(tx, principal, wanted.operator_id, wanted.collector)
        day = wanted.day or await settings_queries.today(tx)
        return responses.json(await closing_queries.sheet(tx, whose, day))


@get("/closings/{closing_id:str}", summary="Get a closed day")
async def get_closing(gateway: Here, principal: Who, closing_id: PathId) -> Answer[closing_schemas.Closing]:
    """Return a day as it was signed off."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await closing_queries.closing(tx, path_id(closing_id)))


@post("/closings", status_code=201, summary="Close a day", opt=says(may="close-day", keyed=True))
async def close_day(asked: Asked[closing_schemas.Close]) -> Written[closing_schemas.Closing]:
    """Sign a day off and return it; what is recorded or taken back for it later is in the next closing."""
    return responses.outcome(
        await closing_commands.close_day(asked.gateway, asked.principal, asked.read, asked.key)
    )


ROUTES = [list_closings, get_sheet, get_closing, close_day]
