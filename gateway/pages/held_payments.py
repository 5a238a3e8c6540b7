"""Placing and rejecting held payments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import held_payments as held_payment_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.web import forms
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import held_payments as held_payment_queries
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.store import bills as bill_store
from gateway.store import customers as customer_store
from shared.db import Tx


@get("/held-payments/{held_id:str}/place")
async def show_place(visit: ThisVisit, held_id: PathId) -> Response[Any]:
    """Where held money goes: a bill by its number, or a customer by their code."""
    visit.principal.must("place-held")
    async with visit.reading() as tx:
        held = await held_payment_queries.held_payment(tx, path_id(held_id))
    return _place_form(visit, held, {"target": ""})


def _place_form(
    visit: Visit,
    held: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    heading = _("Place the payment")
    return forms.ask(
        visit, "held_payments/place-form.html", heading, "/partners", values, errors, problem, held=held
    )


@post("/held-payments/{held_id:str}/place", status_code=200)
async def place(visit: ThisVisit, held_id: PathId) -> Response[Any]:
    """Give held money to the bill or customer that was typed."""
    visit.principal.must("place-held")
    held_uuid, form = path_id(held_id), await visit.form()
    values = {name: form.one(name)[:100].replace("\x00", "") for name in ("target", "idempotency_key")}
    async with visit.reading() as tx:
        held = await held_payment_queries.held_payment(tx, held_uuid)
        target = await _target(tx, values["target"])
    if isinstance(target, str):
        return _place_form(visit, held, values, {"target": target})
    place_held_payment = held_payment_commands.place_held_payment
    try:
        outcome = await forms.submit(
            visit, form, held_payment_schemas.Place, target, place_held_payment, held_uuid
        )
        return forms.done(visit, outcome, "/partners", "placed")
    except Problem as problem:
        errors, text = forms.refusal(problem, ("target",))
        return _place_form(visit, held, forms.afresh(values), errors, text)


async def _target(tx: Tx, typed: str) -> dict[str, str] | str:
    """The body that names what was typed, or what is wrong with it."""
    bill_id = await bill_store.id_by_number(tx, typed.upper())
    if bill_id is not None:
        return {"bill_id": str(bill_id)}
    found = await customer_store.by_code(tx, typed, 2)
    if len(found) == 1:
        return {"customer_id": str(found[0]["id"])}
    if found:
        return _("Several customers here have this code. Type a bill number instead.")
    return _("There is no bill with this number and no customer with this code here.")


@get("/held-payments/{held_id:str}/reject")
async def show_reject(visit: ThisVisit, held_id: PathId) -> Response[Any]:
    """Why held money is refused."""
    visit.principal.must("place-held")
    async with visit.reading() as tx:
        held = await held_payment_queries.held_payment(tx, path_id(held_id))
    return _reject_form(visit, held, {"reason": ""})


def _reject_form(
    visit: Visit,
    held: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    about = _("%(amount)s of %(source)s is not recorded. The partner is told so, with your reason.")
    return forms.ask(
        visit,
        "forms/reason-form.html",
        _("Reject the payment"),
        "/partners",
        values,
        errors,
        problem,
        action=f"/held-payments/{held['id']}/reject",
        about=about
        % {
            "amount": visit.formats.money_text(held["amount_minor"]),
            "source": held["source"].partition(":")[2],
        },
        label=_("Reject the payment"),
        tone="danger",
    )


@post("/held-payments/{held_id:str}/reject", status_code=200)
async def reject(visit: ThisVisit, held_id: PathId) -> Response[Any]:
    """Refuse held money, with a reason."""
    visit.principal.must("place-held")
    held_uuid, form = path_id(held_id), await visit.form()
    async with visit.reading() as tx:
        held = await held_payment_queries.held_payment(tx, held_uuid)
    return await _reject(visit, form, held_uuid, held)


async def _reject(visit: Visit, form: Form, held_id: UUID, held: dict[str, Any]) -> Response[Any]:
    values = {"reason": form.one("reason")}
    if not values["reason"]:
        return _reject_form(visit, held, values, {"reason": _("Say why, for whoever looks at this later.")})
    reject_held_payment = held_payment_commands.reject_held_payment
    try:
        outcome = await forms.submit(visit, form, fields.Reason, values, reject_held_payment, held_id)
        return forms.done(visit, outcome, "/partners", "rejected")
    except Problem as problem:
        errors, text = forms.refusal(problem, ("reason",))
        return _reject_form(visit, held, values, errors, text)


ROUTES = [show_place, place, show_reject, reject]
