"""/billing-runs: passes over a period."""

from __future__ import annotations

from litestar import get, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import billing_runs as billing_run_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.queries import billing_runs as billing_run_queries
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas.answers import Listed
from gateway.store.access import acting_as


@post("/billing-runs", status_code=201, summary="Bill a period", opt=says(may="bill", keyed=True))
async def start_run(asked: Asked[billing_run_schemas.Run]) -> Written[billing_run_schemas.RunShown]:
    """Start a run over a period; each one that is asked for is a run of its own."""
    return responses.outcome(
        await billing_run_commands.start_run(asked.gateway, asked.principal, asked.read, asked.key)
    )


@get("/billing-runs", summary="List billing runs")
async def list_runs(
    gateway: Here, principal: Who, wanted: Wanted[billing_run_schemas.RunQuery]
) -> Answer[Listed[billing_run_schemas.RunShown]]:
    """Return the runs, newest first."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await billing_run_queries.list_runs(tx, wanted.period, wanted.page, gateway.secret)
        )


@get("/billing-runs/{run_id:str}", summary="Get a billing run")
async def get_run(gateway: Here, principal: Who, run_id: PathId) -> Answer[billing_run_schemas.RunShown]:
    """Return where a run stands."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await billing_run_queries.run(tx, path_id(run_id)))


@get("/billing-runs/{run_id:str}/customers", summary="List the customers of a billing run")
async def list_run_customers(
    gateway: Here, principal: Who, run_id: PathId, wanted: Wanted[billing_run_schemas.RunCustomerQuery]
) -> Answer[Listed[billing_run_schemas.RunCustomer]]:
    """Return what the run did about each customer, with the reason where there is no bill."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await billing_run_queries.list_run_customers(
                tx, path_id(run_id), wanted.outcome, wanted.page, gateway.secret
            )
        )


ROUTES = [start_run, list_runs, get_run, list_run_customers]
