"""Marking one bill as paid, and taking a payment back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import payments as payment_commands
from gateway.http.requests import PathId, path_id
from gateway.operations.submit import Outcome
from gateway.pages import bill_fragments
from gateway.pages.bill_fragments import changed_bill, changed_row
from gateway.pages.web import forms, labels, render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import bills as bill_queries
from gateway.queries import payments as payment_queries
from gateway.schemas import fields
from gateway.schemas import payments as payment_schemas
from shared.ids import new_id
from shared.values.amounts import read_amount
from shared.values.days import read_day
from shared.values.unreadable import Unreadable


@get("/bills/{bill_id:str}/mark-paid")
async def show_mark_paid(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The form, with the balance as its amount; a dialog for HTMX, a page otherwise."""
    visit.principal.must("record-payment")
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, path_id(bill_id))
    return await _form(visit, bill, _fresh(visit, bill))


def _fresh(visit: Visit, bill: dict[str, Any]) -> dict[str, str]:
    referer = visit.request.query_params.get("return_to") or render.current_address(visit.request)
    return {
        "amount": visit.formats.plain_amount(bill["balance_minor"]),
        "paid_on": visit.desk.today.isoformat(),
        "method": "cash",
        "reference": "",
        "note": "",
        "idempotency_key": str(new_id()),
        "return_to": own_address(referer) if referer else f"/bills/{bill['id']}",
    }


async def _form(
    visit: Visit,
    bill: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    if bill["status"] == "void" or not bill["balance_minor"]:
        problem = labels.problem_text("bill-void" if bill["status"] == "void" else "already-paid")
        if visit.is_swap:
            # Somebody else was quicker: the row and the figures behind the dialog say so too.
            facts = await bill_fragments.row_facts(visit, UUID(bill["id"]))
            is_listed = render.current_path(visit.request) == "/bills"
            return visit.page(
                "bills/unpayable.html", problem=problem, is_listed=is_listed, recordings={}, **facts
            )
        return render.see_other(f"/bills/{bill['id']}?problem=already-paid")
    return forms.decision(
        visit,
        "payments/mark-paid-form.html",
        _("Mark as paid"),
        values["return_to"],
        status,
        bill=bill,
        values=values,
        errors=errors or {},
        problem=problem,
        methods=labels.methods(),
    )


@post("/bills/{bill_id:str}/payments", status_code=200)
async def record_payment(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """Record what was typed; the same form with its errors when something is wrong with it."""
    visit.principal.must("record-payment")
    bill_uuid, form = path_id(bill_id), await visit.form()
    values = {
        name: form.one(name)
        for name in ("amount", "paid_on", "method", "reference", "note", "idempotency_key", "return_to")
    }
    errors, body = _read(visit, values)
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_uuid)
    if errors:
        return await _form(visit, bill, values, errors, status=422)
    record, schema = payment_commands.record_payment, payment_schemas.Payment
    try:
        outcome = await forms.submit(visit, form, schema, body, record, bill_uuid)
    except Problem as problem:
        return await _refused(visit, bill_uuid, values, problem)
    return await _recorded(visit, bill_uuid, values, outcome)


def _read(visit: Visit, values: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """What is wrong with the fields, and the body that the command takes."""
    errors: dict[str, str] = {}
    body: dict[str, Any] = {
        "method": values["method"] or "cash",
        "reference": values["reference"] or None,
        "note": values["note"] or None,
    }
    formats = visit.formats
    try:
        body["amount_minor"] = read_amount(values["amount"], formats.currency, formats.digits)
    except Unreadable as error:
        errors["amount"] = labels.unreadable_text(error)
    try:
        day = read_day(values["paid_on"], "day_first", formats.zone)
        body["paid_on"] = day.isoformat()
        if day > visit.desk.today:
            errors["paid_on"] = _("This day has not come yet.")
        elif day.year < 2000:
            errors["paid_on"] = _("This is too long ago.")
    except Unreadable as error:
        errors["paid_on"] = labels.unreadable_text(error)
    if not values["idempotency_key"]:
        values["idempotency_key"] = str(new_id())
    return errors, body


async def _refused(visit: Visit, bill_id: UUID, values: dict[str, str], problem: Problem) -> Response[Any]:
    """The form again: what was typed is kept, the bill is as it is now."""
    if problem.status not in (409, 422):
        raise problem
    errors = dict(labels.field_errors(problem))
    known = {name: text for name, text in errors.items() if name in values}
    if problem.status == 409 or problem.code.startswith("idempotency"):
        # A refusal is kept under its key: the next try is another wish.
        values = forms.afresh(values)
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id)
    text = "" if known else labels.problem_text(problem.code, problem.detail)
    return await _form(visit, bill, values, known, text, status=422)


async def _recorded(visit: Visit, bill_id: UUID, values: dict[str, str], outcome: Outcome) -> Response[Any]:
    if not visit.is_swap:
        note = "recorded" if outcome.body else "recording"
        return render.see_other(f"/bills/{bill_id}?{note}={outcome.operation_id}")
    if render.current_path(visit.request) == f"/bills/{bill_id}":
        return await changed_bill(visit, bill_id, payment=outcome.body, recording=_pending(outcome))
    return await changed_row(visit, bill_id, payment=outcome.body, recording=_pending(outcome))


def _pending(outcome: Outcome) -> str:
    return "" if outcome.body is not None else str(outcome.operation_id)


@get("/payments/{payment_id:str}/reverse")
async def show_reverse(visit: ThisVisit, payment_id: PathId) -> Response[Any]:
    """Why is asked before a payment is taken back."""
    visit.principal.must("reverse")
    async with visit.reading() as tx:
        payment = await payment_queries.payment(tx, path_id(payment_id))
    return _reverse_form(visit, payment, _fresh_reason(visit, payment))


def _fresh_reason(visit: Visit, payment: dict[str, Any]) -> dict[str, str]:
    fallback = f"/bills/{payment['bill_id']}" if payment["bill_id"] else "/bills"
    shown = render.current_address(visit.request)
    return {
        "reason": "",
        "idempotency_key": str(new_id()),
        "return_to": own_address(shown) if shown else fallback,
    }


def _reverse_form(
    visit: Visit,
    payment: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    if payment["reversed"] and not problem:
        problem = labels.problem_text("already-reversed")
    return forms.decision(
        visit,
        "payments/reverse-form.html",
        _("Reverse a payment"),
        values["return_to"],
        status,
        payment=payment,
        values=values,
        errors=errors or {},
        problem=problem,
    )


@post("/payments/{payment_id:str}/reverse", status_code=200)
async def reverse_payment(visit: ThisVisit, payment_id: PathId) -> Response[Any]:
    """Take the payment back; the bill it settled shows it."""
    visit.principal.must("reverse")
    payment_uuid, form = path_id(payment_id), await visit.form()
    values = {name: form.one(name) for name in ("reason", "idempotency_key", "return_to")}
    async with visit.reading() as tx:
        payment = await payment_queries.payment(tx, payment_uuid)
    if not values["reason"]:
        errors = {"reason": _("Say why, for whoever looks at this later.")}
        return _reverse_form(visit, payment, values, errors, status=422)
    reverse, body = payment_commands.reverse_payment, {"reason": values["reason"]}
    try:
        await forms.submit(visit, form, fields.Reason, body, reverse, payment_uuid)
    except Problem as problem:
        return _reversal_refused(visit, payment, values, problem)
    return await _reversed(visit, payment, values)


def _reversal_refused(
    visit: Visit, payment: dict[str, Any], values: dict[str, str], problem: Problem
) -> Response[Any]:
    if problem.status not in (409, 422):
        raise problem
    errors = {name: text for name, text in labels.field_errors(problem).items() if name == "reason"}
    values = forms.afresh(values)
    text = "" if errors else labels.problem_text(problem.code, problem.detail)
    return _reverse_form(visit, payment, values, errors, text, status=422)


async def _reversed(visit: Visit, payment: dict[str, Any], values: dict[str, str]) -> Response[Any]:
    """Show the page that it was asked on, as it is now."""
    bill_id = payment["bill_id"]
    if not visit.is_swap:
        return render.see_other(own_address(values["return_to"]) if values["return_to"] else "/bills")
    if bill_id and render.current_path(visit.request) == f"/bills/{bill_id}":
        return await changed_bill(visit, UUID(bill_id), reversal=payment)
    if bill_id and render.current_path(visit.request) == "/bills":
        return await _row_after_reversal(visit, UUID(bill_id), payment)
    return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")


async def _row_after_reversal(visit: Visit, bill_id: UUID, payment: dict[str, Any]) -> Response[Any]:
    return visit.page(
        "bills/payment-reversed.html",
        **await bill_fragments.row_facts(visit, bill_id),
        payment=payment,
        recordings={},
        changed=str(bill_id),
    )


ROUTES = [show_mark_paid, record_payment, show_reverse, reverse_payment]
