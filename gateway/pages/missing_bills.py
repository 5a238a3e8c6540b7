"""Generate missing bills: first what would be made, then the run and its reconciliation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.access import Principal
from gateway.commands import billing_runs as billing_run_commands
from gateway.commands import bulk_actions as bulk_action_commands
from gateway.context import Gateway
from gateway.http.requests import PathId, path_id
from gateway.operations.submit import Key, Outcome
from gateway.pages import choices
from gateway.pages.bill_address import BillAddress
from gateway.pages.web import forms, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.translations import ngettext
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_runs as billing_run_queries
from gateway.schemas import billing_runs as billing_run_schemas
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.store import billing_runs as billing_run_store

OPERATORS_SHOWN = 8
OWN = "/bills/generate-missing"


async def _which_month(visit: Visit) -> Sheet:
    """Ask which month, and for whom: those of the list that it was asked from."""
    shown = BillAddress.of(render.current_query(visit.request))
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
        months = await choices.months(tx, visit)
    return Sheet(
        heading=_("Generate missing bills"),
        label=_("Preview"),
        back="/bills",
        values={
            "period": shown.period or visit.desk.today.strftime("%Y-%m"),
            "operator_id": shown.operator_ids[0] if len(shown.operator_ids) == 1 else "",
        },
        context={"months": months, "operators": [("", _("All operators")), *operators]},
    )


def _dry_run(typed: Typed) -> dict[str, Any]:
    return {"period": typed["period"], "operator_id": typed.identity("operator_id"), "dry_run": True}


async def _try_run(gateway: Gateway, principal: Principal, read: Any, key: Key) -> Outcome:
    # Tried by the rule of what will be done: who joined within the month is billed too.
    return await billing_run_commands.start_run(gateway, principal, read, key, kind="generate_missing")


async def _tried(visit: Visit, sent: Sent) -> Response[Any]:
    """Show what the dry run found; it may still be on."""
    if not visit.is_swap:
        return render.see_other(f"{OWN}/{sent.result.operation_id}")
    return await GENERATE.show(visit, sent.result.operation_id)


PREVIEW = Form(
    OWN,
    permission="bill",
    template="missing_bills/generate-form.html",
    sheet=_which_month,
    fields=("period", "operator_id"),
    schema=billing_run_schemas.Run,
    body=_dry_run,
    command=_try_run,
    done=_tried,
)


async def _found(visit: Visit, run_id: UUID) -> Sheet | Response[Any]:
    """Say what the dry run found, above the button that makes it; ask again until it has ended."""
    progress = await _progress(visit, run_id)
    run = progress["run"]
    heading = _("Generate missing bills")
    if run is None or run["state"] != "completed":
        return forms.decision(visit, "missing_bills/looking.html", heading, "/bills", **progress)
    label = ngettext("Generate %(num)s bill", "Generate %(num)s bills", run["created"])
    return Sheet(
        heading=heading,
        label=label % {"num": visit.formats.count(run["created"])} if run["created"] else "",
        stay="" if run["created"] else _("Nothing to do"),
        back="/bills",
        context=progress,
    )


async def _as_tried(typed: Typed) -> dict[str, Any]:
    """Return the bulk action that does what the dry run tried."""
    async with typed.visit.reading() as tx:
        run = await billing_run_queries.run(tx, typed.subject_ids[0])
    return {
        "action": "generate_missing",
        "selection": {"filter": {"operator_id": [run["operator_id"]]} if run["operator_id"] else {}},
        "parameters": {"period": run["period"]},
    }


async def _generate(
    gateway: Gateway, principal: Principal, _dry_run_id: UUID, read: Any, key: Key
) -> Mapping[str, Any]:
    return await bulk_action_commands.start(gateway, principal, read, key)


async def _begun(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the run beside the desk, or on its page."""
    run_id = UUID(sent.body["run_id"])
    if not visit.is_swap:
        return render.see_other(f"{OWN}/{run_id}/progress")
    period, progress = sent.body["parameters"]["period"], await _progress(visit, run_id)
    return visit.page("missing_bills/run-drawer.html", period=period, **progress)


GENERATE = Form(
    OWN + "/{run_id:str}",
    permission="bill",
    template="missing_bills/preview.html",
    sheet=_found,
    schema=bulk_action_schemas.BulkAction,
    body=_as_tried,
    command=_generate,
    done=_begun,
    target="#drawer",
)


async def _progress(visit: Visit, run_id: UUID) -> dict[str, Any]:
    """Return where the run stands; right after its command it may not be known yet."""
    async with visit.reading() as tx:
        try:
            run = await billing_run_queries.run(tx, run_id)
        except Problem:
            return {"run_id": str(run_id), "run": None, "by_operator": [], "more_operators": []}
        operators = []
        if run["dry_run"] and run["state"] == "completed" and run["created"]:
            operators = await billing_run_store.tried_by_operator(tx, run)
    return {
        "run_id": str(run_id),
        "run": run,
        "by_operator": operators[:OPERATORS_SHOWN],
        "more_operators": operators[OPERATORS_SHOWN:],
    }


@get(OWN + "/{run_id:str}/progress")
async def show_progress(visit: ThisVisit, run_id: PathId) -> Response[Any]:
    """Show where a run stands; asked each second while it is on."""
    visit.principal.must("bill")
    progress = await _progress(visit, path_id(run_id))
    if visit.is_swap:
        return visit.page("missing_bills/run-progress.html", **progress)
    heading = _("Generate missing bills")
    return forms.decision(visit, "missing_bills/run-body.html", heading, "/bills", **progress)


ROUTES = [*PREVIEW.routes, *GENERATE.routes, show_progress]
