"""/billing-runs: passes over a period."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import says
from gateway.api.resources import PERIOD, list_of, one_of, ref
from gateway.commands import billing_runs as billing_run_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import billing_runs as billing_run_queries
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.store.access import acting_as


@post(
    "/billing-runs",
    status_code=201,
    summary="Bill a period",
    opt=says(ref("RunShown"), takes=billing_run_schemas.Run, keyed=True),
)
async def start_run(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """A run of its own each time. Needs an Idempotency-Key."""
    principal.must("bill")
    raw = await raw_body(request)
    read = reader(billing_run_schemas.Run, raw)
    return responses.outcome(
        await billing_run_commands.start_run(gateway, principal, read, key_of(request, raw))
    )


@get("/billing-runs", summary="Runs", opt=says(list_of(ref("RunShown")), query={"period": PERIOD}))
async def list_runs(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Youngest first."""
    query = Query(request)
    period, page = query.period(), query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await billing_run_queries.list_runs(tx, period, page, gateway.secret))


@get("/billing-runs/{run_id:str}", summary="One run", opt=says(ref("RunShown")))
async def get_run(gateway: Here, principal: Who, run_id: PathId) -> Response[bytes]:
    """Where a run stands."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await billing_run_queries.run(tx, path_id(run_id)))


@get(
    "/billing-runs/{run_id:str}/customers",
    summary="What a run did about each customer",
    opt=says(
        list_of(ref("RunCustomer")),
        query={"outcome": one_of("created", "already_billed", "skipped", "failed")},
    ),
)
async def list_run_customers(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, run_id: PathId
) -> Response[bytes]:
    """Created, already billed, skipped with the reason, or failed."""
    query, run = Query(request), path_id(run_id)
    outcome, page = query.word("outcome", ("created", "already_billed", "skipped", "failed")), query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await billing_run_queries.list_run_customers(tx, run, outcome, page, gateway.secret)
        )


ROUTES = [start_run, list_runs, get_run, list_run_customers]
