"""Generate missing bills: first what would be made, then the run and its reconciliation."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import billing_runs as billing_run_commands
from gateway.commands import bulk_actions as bulk_action_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import PERIOD, BillAddress, in_tree_order, shifted
from gateway.pages.web import forms, labels
from gateway.pages.web.render import current_query
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import billing_settings as settings_queries
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import fields
from gateway.store import billing_runs as billing_run_store
from gateway.store import operators as operator_store
from shared.db import Tx
from shared.ids import new_id

MONTHS_OFFERED = 12
OPERATORS_SHOWN = 8


@get("/bills/generate-missing")
async def show_generate(visit: ThisVisit) -> Response[Any]:
    """Which month, and for whom."""
    visit.principal.must("bill")
    shown = BillAddress.of(current_query(visit.request))
    values = {
        "period": shown.period or visit.desk.today.strftime("%Y-%m"),
        "operator_id": shown.operator_ids[0] if len(shown.operator_ids) == 1 else "",
    }
    return await _form(visit, values)


async def _form(
    visit: Visit,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
        months = await _months(tx, visit)
    return forms.decision(
        visit,
        "missing_bills/generate-form.html",
        _("Generate missing bills"),
        "/bills",
        status,
        values={"idempotency_key": str(new_id()), **values},
        errors=errors or {},
        problem=problem,
        months=[(month, visit.formats.month(month)) for month in months],
        operators=[("", _("All operators")), *((each["id"], _indented(each)) for each in operators)],
    )


def _indented(operator: dict[str, Any]) -> str:
    return "– " * int(operator["level"] - 1) + str(operator["name"])


async def _months(tx: Tx, visit: Visit) -> list[str]:
    """From this month back to the first that is billed."""
    current = visit.desk.today.strftime("%Y-%m")
    first = (await settings_queries.billing_settings(tx))["billing_from"] or current
    months = [shifted(current, -back) for back in range(MONTHS_OFFERED)]
    return [month for month in months if month >= first] or [current]


@post("/bills/generate-missing", status_code=200)
async def start_generate(visit: ThisVisit) -> Response[Any]:
    """A dry run first; once it was looked at, the run."""
    visit.principal.must("bill")
    form = await visit.form()
    values = {name: form.one(name) for name in ("period", "operator_id", "idempotency_key")}
    if not PERIOD.fullmatch(values["period"]):
        return await _form(visit, values, {"period": _("Choose a month.")}, status=422)
    is_preview = form.one("step") != "run"
    try:
        run_id = await (_try(visit, form, values) if is_preview else _begin(visit, form, values))
    except Problem as problem:
        return await _refused(visit, values, problem)
    context = await _progress(visit, run_id)
    if is_preview:
        template = "missing_bills/preview.html" if visit.is_swap else "missing_bills/preview-page.html"
    else:
        template = "missing_bills/run-drawer.html" if visit.is_swap else "missing_bills/run-page.html"
    return visit.page(template, values=forms.afresh(values), **context)


async def _try(visit: Visit, form: Form, values: dict[str, str]) -> UUID:
    """A dry run; it may still be on when this returns."""
    raw = json.dumps(
        {"period": values["period"], "operator_id": values["operator_id"] or None, "dry_run": True}
    )
    outcome = await billing_run_commands.start_run(
        visit.gateway,
        visit.principal,
        lambda: fields.read(billing_run_schemas.Run, raw.encode()),
        form.key("dry-run", raw),
        # Tried by the rule of what will be done: who joined within the month is billed too.
        kind="generate_missing",
    )
    if outcome.problem is not None:
        raise outcome.problem
    return UUID(outcome.body["id"]) if outcome.body else outcome.operation_id


async def _begin(visit: Visit, form: Form, values: dict[str, str]) -> UUID:
    """The bulk action that the run carries out."""
    wanted = {"operator_id": [values["operator_id"]]} if values["operator_id"] else {}
    raw = json.dumps(
        {
            "action": "generate_missing",
            "selection": {"filter": wanted},
            "parameters": {"period": values["period"]},
        }
    )
    action = await bulk_action_commands.start(
        visit.gateway,
        visit.principal,
        lambda: fields.read(bulk_action_schemas.BulkAction, raw.encode()),
        form.key("run", raw),
    )
    return UUID(action["run_id"])


async def _refused(visit: Visit, values: dict[str, str], problem: Problem) -> Response[Any]:
    if problem.status not in (409, 422, 404):
        raise problem
    errors = {name: text for name, text in labels.field_errors(problem).items() if name in values}
    text = "" if errors else labels.problem_text(problem.code, problem.detail)
    return await _form(visit, forms.afresh(values), errors, text, status=422)


async def _progress(visit: Visit, run_id: UUID) -> dict[str, Any]:
    """Where the run stands; right after its command it may not be known yet."""
    async with visit.reading() as tx:
        try:
            run = await billing_run_queries.run(tx, run_id)
        except Problem:
            return {"run_id": str(run_id), "run": None, "by_operator": []}
        rows = []
        if run["dry_run"] and run["state"] == "completed" and run["created"]:
            rows = await billing_run_store.tried_by_operator(tx, run)
    return {
        "run_id": str(run_id),
        "run": run,
        "by_operator": rows[:OPERATORS_SHOWN],
        "more_operators": rows[OPERATORS_SHOWN:],
    }


@get("/bills/generate-missing/{run_id:str}")
async def show_progress(visit: ThisVisit, run_id: PathId) -> Response[Any]:
    """Asked each second while a run is on: its preview, or its progress."""
    visit.principal.must("bill")
    context = await _progress(visit, path_id(run_id))
    run = context["run"]
    is_preview = visit.request.query_params.get("preview") == "true"
    values = {
        "period": run["period"] if run else "",
        "operator_id": (run["operator_id"] or "") if run else "",
        "idempotency_key": str(new_id()),
    }
    if is_preview:
        template = "missing_bills/preview-body.html" if visit.is_swap else "missing_bills/preview-page.html"
    else:
        template = "missing_bills/run-progress.html" if visit.is_swap else "missing_bills/run-page.html"
    return visit.page(template, values=values, **context)


ROUTES = [show_generate, start_generate, show_progress]
