"""Billing runs, and what one did about each customer."""

from __future__ import annotations

from uuid import UUID

from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import statements
from shared.db import Tx


async def run(tx: Tx, run_id: UUID) -> billing_run_schemas.RunShown:
    """Return where a run stands."""
    row = await statements.one(tx, "run_by_id", id=run_id)
    if row is None:
        raise not_found("There is no such run.")
    return billing_run_schemas.run(row)


async def list_runs(
    tx: Tx, period: str | None, page: Page, secret: str
) -> Listed[billing_run_schemas.RunShown]:
    """Runs, youngest first."""
    return await listed(tx, "runs", billing_run_schemas.run, page, secret, period=period)


async def list_run_customers(
    tx: Tx, run_id: UUID, outcome: str | None, page: Page, secret: str
) -> Listed[billing_run_schemas.RunCustomer]:
    """Return what a run did about each customer."""
    await run(tx, run_id)
    return await listed(
        tx,
        "run_customers",
        billing_run_schemas.run_customer,
        page,
        secret,
        "customer_id",
        run_id=run_id,
        outcome=outcome,
    )
