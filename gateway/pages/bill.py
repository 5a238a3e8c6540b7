"""One bill: amounts, lines, payments, the customer, and what happened to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import payments as commands
from gateway.domain import Problem, not_found
from gateway.http.requests import PathId, path_id
from gateway.operations import results as answers
from gateway.pages.web import labels as words
from gateway.pages.web import render
from gateway.pages.web.preferences import own_address
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.schemas.filters import Page
from gateway.store import operations
from gateway.store import page_reads as page_queries
from shared.db import Tx
from shared.ids import new_id

MOST_PAYMENTS = 200


@get("/bills/{bill_id:str}")
async def show_bill(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The page of one bill."""
    asked = visit.request.query_params
    return visit.page(
        "bill/page.html",
        **await _facts(visit, path_id(bill_id)),
        recording=asked.get("recording", ""),
        notice="recorded" if asked.get("recorded") else asked.get("problem", ""),
    )


async def _facts(visit: Visit, bill_id: UUID) -> dict[str, Any]:
    async with visit.reading() as tx:
        bill = await queries.bill(tx, bill_id)
        listed = await queries.list_payments_of_bill(
            tx, bill_id, Page(limit=MOST_PAYMENTS), visit.gateway.secret
        )
        origin = await page_queries.origin_of_bill(tx, bill_id)
        return {
            "bill": bill,
            "payments": listed["items"],
            "customer": await _customer(tx, visit, UUID(bill["customer"]["id"])),
            "operator_path": await page_queries.operator_path(
                tx, visit.principal, UUID(bill["operator"]["id"])
            ),
            "timeline": timeline(bill, origin, listed["items"]),
            "origin": origin,
            "numbers": await page_queries.bill_numbers(
                tx, [UUID(each) for each in (bill["reissue_of"], bill["reissued_as"]) if each]
            ),
        }


async def _customer(tx: Tx, visit: Visit, customer_id: UUID) -> Mapping[str, Any] | None:
    """The customer as they are now; nothing when they have moved out of reach."""
    try:
        return await queries.customer(tx, customer_id, visit.gateway.portals)
    except Problem:
        return None


def timeline(
    bill: Mapping[str, Any], origin: Mapping[str, Any], payments: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What happened to a bill, youngest first: when, what, who, from where."""
    happened: list[dict[str, Any]] = [{"kind": "issued", "at": origin["issued_at"], "origin": origin}]
    for payment in payments:
        happened.append({"kind": "paid", "at": render.moment(payment["recorded_at"]), "payment": payment})
        if payment["reversal"]:
            happened.append(
                {"kind": "reversed", "at": render.moment(payment["reversal"]["at"]), "payment": payment}
            )
    if bill["void"]:
        happened.append({"kind": "voided", "at": render.moment(bill["void"]["at"]), "void": bill["void"]})
    return sorted((each for each in happened if each["at"]), key=lambda each: each["at"], reverse=True)


async def changed_bill(
    visit: Visit,
    bill_id: UUID,
    payment: Mapping[str, Any] | None = None,
    reversal: Mapping[str, Any] | None = None,
    recording: str = "",
    refusal: str = "",
    voided: bool = False,
) -> Response[Any]:
    """The page's content in place of the old one, and a note about what changed."""
    return visit.page(
        "bill/changed.html",
        **await _facts(visit, bill_id),
        payment=payment,
        reversal=reversal,
        recording=recording,
        refusal=refusal,
        voided=voided,
        notice="",
    )


@get("/bills/{bill_id:str}/state")
async def show_state(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """Asked again while a payment is on its way."""
    bill_uuid, operation_id = path_id(bill_id), visit.request.query_params.get("operation", "")
    async with visit.reading() as tx:
        found = await operations.find(tx, path_id(operation_id))
        if found is None or found.caller != visit.principal.caller:
            raise not_found()
        body = await answers.answer(tx, found, visit.gateway.portals) if found.state == "completed" else None
    if found.state == "refused" and found.problem:
        text = words.problem_text(str(found.problem["code"]), str(found.problem["detail"]))
        return await changed_bill(visit, bill_uuid, refusal=text)
    if body is None:
        return visit.page("bill/recording.html", bill_id=bill_id, recording=operation_id)
    if found.kind == "void":
        return await changed_bill(visit, bill_uuid, voided=True)
    if found.kind == "reversal":
        return await changed_bill(visit, bill_uuid, reversal=body)
    return await changed_bill(visit, bill_uuid, payment=body)


@get("/bills/{bill_id:str}/void")
async def show_void(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """A reason is asked for before a bill is voided; money on it must be reversed first."""
    visit.principal.must("void")
    async with visit.reading() as tx:
        bill = await queries.bill(tx, path_id(bill_id))
    shown = render.current_address(visit.request)
    values = {
        "reason": "",
        "reissue": "",
        "idempotency_key": str(new_id()),
        "return_to": own_address(shown) if shown else f"/bills/{bill_id}",
    }
    return _void_form(visit, bill, values)


def _void_form(
    visit: Visit,
    bill: Mapping[str, Any],
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    if not problem and bill["paid_minor"]:
        problem = words.problem_text("has-payments")
    template = "bill/void.html" if visit.is_swap else "bill/void-page.html"
    return visit.page(template, status, bill=bill, values=values, errors=errors or {}, problem=problem)


@post("/bills/{bill_id:str}/void", status_code=200)
async def void_bill(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """Void the bill; with reissue one with today's package follows."""
    visit.principal.must("void")
    bill_uuid, form = path_id(bill_id), await visit.form()
    values = {name: form.one(name) for name in ("reason", "reissue", "idempotency_key", "return_to")}
    async with visit.reading() as tx:
        bill = await queries.bill(tx, bill_uuid)
    if not values["reason"]:
        errors = {"reason": _("Say why, for whoever looks at this later.")}
        return _void_form(visit, bill, values, errors, status=422)
    raw = json.dumps({"reason": values["reason"], "reissue": values["reissue"] == "true"})
    try:
        outcome = await commands.void_bill(
            visit.gateway,
            visit.principal,
            bill_uuid,
            lambda: bodies.read(bodies.Void, raw.encode()),
            form.key("void", bill_id, raw),
        )
    except Problem as problem:
        return _void_refused(visit, bill, values, problem)
    if outcome.problem is not None:
        return _void_refused(visit, bill, values, outcome.problem)
    if not visit.is_swap:
        return render.see_other(f"/bills/{bill_id}")
    if render.current_path(visit.request) == f"/bills/{bill_id}":
        waiting = "" if outcome.body is not None else str(outcome.operation_id)
        return await changed_bill(visit, bill_uuid, voided=not waiting, recording=waiting)
    from gateway.pages.payments import row_after

    return await row_after(visit, bill_uuid, None if outcome.body is not None else str(outcome.operation_id))


def _void_refused(
    visit: Visit, bill: Mapping[str, Any], values: Mapping[str, str], problem: Problem
) -> Response[Any]:
    if problem.status not in (409, 422):
        raise problem
    errors = {name: text for name, text in words.field_errors(problem).items() if name == "reason"}
    fresh = {**values, "idempotency_key": str(new_id())}
    text = "" if errors else words.problem_text(problem.code, problem.detail)
    return _void_form(visit, bill, fresh, errors, text, status=422)


ROUTES = [show_bill, show_state, show_void, void_bill]
