"""Billing runs: their list, one run at work and its reconciliation, and who was (not) billed and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import billing_runs as billing_run_commands
from gateway.domain import PERIOD
from gateway.http.requests import PathId, path_id
from gateway.pages import choices
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import customers as customer_queries
from gateway.queries import missed_months as missed_month_queries
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas import cursors
from gateway.schemas.filters import Page
from gateway.store import billing_runs as billing_run_store
from gateway.store import operations as operation_store
from gateway.store import operators as operator_store
from gateway.store.access import reaches
from shared.db import Tx

OUTCOMES = ("created", "already_billed", "skipped", "failed")
RUNS_A_PAGE = 50
CUSTOMERS_A_PAGE = 100
FAILED_SHOWN = 8
MOST_NAMESAKES = 20


@get("/runs")
async def show_runs(visit: ThisVisit) -> Response[Any]:
    """Show runs, newest first, and the question why somebody was not billed."""
    cursor = visit.request.query_params.get("cursor") or None
    page = Page(limit=RUNS_A_PAGE, cursor=cursor)
    async with visit.reading() as tx:
        listed = await billing_run_queries.list_runs(tx, None, page, visit.gateway.secret)
        ids = [UUID(run["operator_id"]) for run in listed["items"] if run["operator_id"]]
        names = await operator_store.names(tx, ids)
        months = await choices.months(tx, visit)
        missed = [] if cursor else await missed_month_queries.missed_periods(tx, visit.principal)
        left_out = await missed_month_queries.list_left_out(tx, visit.principal)
    return forms.show(
        visit,
        "billing_runs/list.html",
        missed=missed,
        left_out=[] if cursor else left_out["items"],
        runs=listed["items"],
        operator_names=names,
        **forwards(visit.request.query_params, "/runs", listed["next_cursor"], len(listed["items"])),
        months=months,
        values={"code": "", "period": visit.desk.today.strftime("%Y-%m")},
    )


async def _new_run(visit: Visit) -> Sheet:
    """Ask which month, for whom, and whether only to try."""
    period = visit.request.query_params.get("period", "")
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
        asked = period if PERIOD.fullmatch(period) else ""
        months = await choices.months(tx, visit, ahead=1, also=asked)
    return Sheet(
        heading=_("Start billing run"),
        label=_("Start run"),
        back="/runs",
        values={
            "period": asked or visit.desk.today.strftime("%Y-%m"),
            "operator_id": "",
            "dry_run": "true" if visit.request.query_params.get("dry_run") == "true" else "",
        },
        context={"months": months, "operators": [("", _("All operators")), *operators]},
    )


def _run_body(typed: Typed) -> dict[str, Any]:
    return {
        "period": typed["period"],
        "operator_id": typed.identity("operator_id"),
        "dry_run": typed.is_ticked("dry_run"),
    }


async def _started(visit: Visit, sent: Sent) -> Response[Any]:
    # A run's id is its operation's: the page waits for it where it has not been heard of yet.
    return forms.go(visit, f"/runs/{sent.result.operation_id}")


START = Form(
    "/runs",
    shown_at="/runs/new",
    permission="bill",
    template="billing_runs/form.html",
    sheet=_new_run,
    fields=("period", "operator_id", "dry_run"),
    schema=billing_run_schemas.Run,
    body=_run_body,
    command=billing_run_commands.start_run,
    done=_started,
)


@get("/runs/why")
async def show_why(visit: ThisVisit) -> Response[Any]:
    """Show why customers were or were not billed for a month: by code, name or mobile."""
    asked = visit.request.query_params
    words, period = asked.get("code", "").strip()[:100].replace("\x00", ""), asked.get("period", "")
    answers: list[dict[str, Any]] = []
    all_shown = True
    async with visit.reading() as tx:
        months = await choices.months(tx, visit)
        if words and PERIOD.fullmatch(period):
            customers, all_shown = await customer_queries.sought(tx, visit.principal, words, MOST_NAMESAKES)
            for customer in customers:
                billing = await customer_queries.billing_of_customer(
                    tx, customer["id"], period, visit.gateway.portals
                )
                answers.append({**billing, "customer": customer})
    return forms.show(
        visit,
        "billing_runs/why.html" if visit.is_swap else "billing_runs/why-page.html",
        answers=answers,
        all_shown=all_shown,
        asked=bool(words),
        values={"code": words, "period": period},
        months=months,
    )


@get("/runs/{run_id:str}")
async def show_run(visit: ThisVisit, run_id: PathId) -> Response[Any]:
    """One run: how far it is, what it did, whom it left out and why."""
    return forms.show(visit, "billing_runs/page.html", **await _facts(visit, path_id(run_id)))


@get("/runs/{run_id:str}/progress")
async def show_progress(visit: ThisVisit, run_id: PathId) -> Response[Any]:
    """Asked each second while the run works; the last answer asks no more."""
    return forms.show(visit, "billing_runs/run.html", **await _facts(visit, path_id(run_id)))


async def _facts(visit: Visit, run_id: UUID) -> dict[str, Any]:
    async with visit.reading() as tx:
        run = await _run(tx, visit, run_id)
        if run is None:
            return {"run": None, "run_id": str(run_id)}
        failed = await billing_run_store.customers(tx, run_id, "failed", None, None, FAILED_SHOWN)
        names = await operator_store.names(tx, [UUID(run["operator_id"])] if run["operator_id"] else [])
    return {"run": run, "run_id": str(run_id), "failed": failed, "operator_names": names, **_pace(visit, run)}


async def _run(tx: Tx, visit: Visit, run_id: UUID) -> Mapping[str, Any] | None:
    """The run; nothing while its command is on its way."""
    try:
        return await billing_run_queries.run(tx, run_id)
    except Problem:
        waited = await operation_store.find(tx, run_id)
        if waited is None or waited.caller != visit.principal.caller or waited.state == "refused":
            raise
        return None


def _pace(visit: Visit, run: Mapping[str, Any]) -> dict[str, Any]:
    """Return how many customers a second it does, and how long it may still take."""
    looked_at = run["created"] + run["already_billed"] + sum(run["skipped"].values()) + run["failed"]
    began = datetime.fromisoformat(run["started_at"])
    ended = datetime.fromisoformat(run["completed_at"]) if run["completed_at"] else visit.desk.now
    seconds = max((ended - began).total_seconds(), 0.001)
    a_second = looked_at / seconds
    left = max(run["expected"] - looked_at, 0)
    return {
        "looked_at": looked_at,
        "to_do": left,
        "took": f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}",
        "a_second": int(a_second),
        "seconds_left": int(left / a_second) + 1 if a_second >= 1 and left else None,
    }


@get("/runs/{run_id:str}/operators")
async def show_operators(visit: ThisVisit, run_id: PathId) -> Response[Any]:
    """The run's figures by operator; a part of its own, for it reads every bill of the run."""
    async with visit.reading() as tx:
        run = await billing_run_queries.run(tx, path_id(run_id))
        top = UUID(run["operator_id"]) if run["operator_id"] else visit.principal.operator_id
        if not await reaches(tx, visit.principal, top):
            top = visit.principal.operator_id
        rows = await billing_run_store.by_operator(tx, path_id(run_id), top)
    template = "billing_runs/operators.html" if visit.is_swap else "billing_runs/operators-page.html"
    return forms.show(visit, template, run=run, rows=rows)


@get("/runs/{run_id:str}/customers")
async def show_run_customers(visit: ThisVisit, run_id: PathId) -> Response[Any]:
    """Customers of one outcome, and of one reason."""
    run_uuid, asked = path_id(run_id), visit.request.query_params
    outcome = asked.get("outcome", "skipped")
    outcome = outcome if outcome in OUTCOMES else "skipped"
    reason = asked.get("reason") or None
    after = cursors.unseal_id(visit.gateway.secret, "run-page", asked.get("cursor") or None)
    async with visit.reading() as tx:
        run = await billing_run_queries.run(tx, run_uuid)
        most = CUSTOMERS_A_PAGE + 1
        if outcome == "created":
            rows = await billing_run_store.bills(tx, run_uuid, after, most)
        else:
            rows = await billing_run_store.customers(tx, run_uuid, outcome, reason, after, most)
    shown, here = rows[:CUSTOMERS_A_PAGE], f"/runs/{run_id}/customers?outcome={outcome}"
    here += f"&reason={reason}" if reason and reason.replace("-", "").isalnum() else ""
    cursor = None
    if len(rows) > CUSTOMERS_A_PAGE:
        last = shown[-1]["bill_id" if outcome == "created" else "customer_id"]
        cursor = cursors.seal(visit.gateway.secret, "run-page", str(last))
    return forms.show(
        visit,
        "billing_runs/customers.html",
        run=run,
        rows=shown,
        outcome=outcome,
        reason=reason,
        **forwards(asked, here, cursor, len(shown)),
    )


ROUTES = [
    show_runs, *START.routes, show_why, show_run, show_progress, show_operators, show_run_customers,
]  # fmt: skip
