"""Billing runs, and what one did about each customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.billing_runs import RunShown
from gateway.schemas.fields import Row
from gateway.schemas.filters import Page
from gateway.store import billing_runs as billing_run_store
from shared.db import Tx


async def run(tx: Tx, run_id: UUID) -> RunShown:
    """Return where a run stands; one from above with the figures of the reader's own customers."""
    row = await billing_run_store.by_id(tx, run_id)
    if row is None:
        raise not_found("There is no such run.")
    return (await _with_own_figures(tx, [billing_run_schemas.run(row)]))[0]


async def list_runs(tx: Tx, period: str | None, page: Page, secret: str) -> Listed[RunShown]:
    """Return runs, newest first."""
    runs = await listed(
        tx, "runs", billing_run_store.page, billing_run_schemas.run, page, secret, period=period
    )
    return {"items": await _with_own_figures(tx, runs["items"]), "next_cursor": runs["next_cursor"]}


async def _with_own_figures(tx: Tx, runs: Sequence[RunShown]) -> list[RunShown]:
    """Return the runs, those from above with what they did about customers within reach."""
    above = [run for run in runs if run["is_above"]]
    if not above:
        return list(runs)
    since = date.fromisoformat(min(run["period"] for run in above) + "-01")
    run_ids = [UUID(run["id"]) for run in above]
    outcomes = await billing_run_store.outcomes_in_reach(tx, run_ids, since)
    own = {run["id"]: [row for row in outcomes if str(row["run_id"]) == run["id"]] for run in above}
    return [_counted(run, own[run["id"]]) if run["is_above"] else run for run in runs]


def _counted(run: RunShown, outcomes: Sequence[Row]) -> RunShown:
    def count(outcome: str) -> int:
        return sum(row["customers"] for row in outcomes if row["outcome"] == outcome)

    return {
        **run,
        "expected": sum(row["customers"] for row in outcomes),
        "created": count("created"),
        "already_billed": count("already_billed"),
        "skipped": {row["reason"]: row["customers"] for row in outcomes if row["outcome"] == "skipped"},
        "failed": count("failed"),
        "total_minor": sum(row["total_minor"] for row in outcomes),
    }


async def list_run_customers(
    tx: Tx, run_id: UUID, outcome: str | None, page: Page, secret: str
) -> Listed[billing_run_schemas.RunCustomer]:
    """Return what a run did about each customer."""
    await run(tx, run_id)
    return await listed(
        tx,
        "run_customers",
        billing_run_store.page_of_customers,
        billing_run_schemas.run_customer,
        page,
        secret,
        "customer_id",
        run_id=run_id,
        outcome=outcome,
    )
