"""Taking a lump sum on a customer's page: how it is split is shown before it is recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import payments as payment_commands
from gateway.domain import split
from gateway.http.requests import PathId, path_id
from gateway.pages.web import forms, labels
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import customers as customer_queries
from gateway.schemas import payments as payment_schemas
from gateway.store import bills as bill_store
from shared.values.amounts import read_amount
from shared.values.days import read_day
from shared.values.unreadable import Unreadable

FIELDS = ("amount", "paid_on", "method", "reference", "note")
NAMES = {"amount_minor": "amount"}


@get("/customers/{customer_id:str}/payment")
async def show_payment(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """The form, with all that is owed as its amount."""
    visit.principal.must("record-payment")
    facts = await _facts(visit, path_id(customer_id))
    fresh = {
        "amount": visit.request.query_params.get("amount")
        or (visit.formats.plain_amount(facts["owed_minor"]) if facts["owed_minor"] else ""),
        "paid_on": visit.desk.today.isoformat(),
        "method": "cash",
        "reference": "",
        "note": "",
    }
    return _form(visit, facts, fresh)


@get("/customers/{customer_id:str}/payment/split")
async def show_split(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """How the amount that is being typed would be split."""
    visit.principal.must("record-payment")
    facts = await _facts(visit, path_id(customer_id))
    typed = visit.request.query_params.get("amount", "")
    return visit.page("lump_sums/split-changed.html", **facts, **_split(visit, facts, typed))


async def _facts(visit: Visit, customer_id: UUID) -> dict[str, Any]:
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, customer_id, visit.gateway.portals)
        owed = await bill_store.owed_by_customer(tx, customer_id, visit.desk.today)
    return {"customer": customer, "owed": owed, "owed_minor": sum(bill["balance_minor"] for bill in owed)}


def _split(visit: Visit, facts: dict[str, Any], typed: str) -> dict[str, Any]:
    """What each bill gets of what was typed; nothing where that cannot be read."""
    try:
        amount = read_amount(typed, visit.formats.currency, visit.formats.digits) if typed.strip() else 0
    except Unreadable as error:
        return {
            "amount_minor": 0,
            "parts": [],
            "credit_minor": 0,
            "unreadable": labels.unreadable_text(error),
        }
    gets, left = split(amount, facts["owed"])
    return {
        "amount_minor": amount,
        "parts": list(zip(facts["owed"], gets, strict=True)),
        "credit_minor": left,
        "unreadable": "",
    }


def _form(
    visit: Visit,
    facts: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    return forms.ask(
        visit,
        "lump_sums/form.html",
        _("Take a payment"),
        f"/customers/{facts['customer']['id']}",
        values,
        errors,
        problem,
        methods=labels.methods(),
        **facts,
        **_split(visit, facts, values["amount"]),
    )


@post("/customers/{customer_id:str}/payment", status_code=200)
async def record(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Record the lump sum; it settles the oldest due first."""
    visit.principal.must("record-payment")
    customer, form = path_id(customer_id), await visit.form()
    values = {name: form.one(name) for name in (*FIELDS, "idempotency_key")}
    errors, body = _read(visit, values)
    if errors:
        return _form(visit, await _facts(visit, customer), values, errors)
    record_lump_sum = payment_commands.record_lump_sum
    try:
        outcome = await forms.submit(visit, form, payment_schemas.Payment, body, record_lump_sum, customer)
        return forms.done(visit, outcome, f"/customers/{customer}", "recorded")
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS, NAMES)
        return _form(visit, await _facts(visit, customer), forms.afresh(values), errors, text)


def _read(visit: Visit, values: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """What is wrong with which field, and the body that the command takes."""
    errors: dict[str, str] = {}
    body: dict[str, Any] = {
        "method": values["method"] or "cash",
        "reference": values["reference"] or None,
        "note": values["note"] or None,
    }
    try:
        body["amount_minor"] = read_amount(values["amount"], visit.formats.currency, visit.formats.digits)
    except Unreadable as error:
        errors["amount"] = labels.unreadable_text(error)
    try:
        body["paid_on"] = read_day(values["paid_on"], "day_first", visit.formats.zone).isoformat()
    except Unreadable as error:
        errors["paid_on"] = labels.unreadable_text(error)
    return errors, body


ROUTES = [show_payment, show_split, record]
