"""How the installation bills; partner systems, and money of theirs that waits to be placed."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import customers as catalogue
from gateway.commands import payments as commands
from gateway.domain import Problem
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web import forms as wishes
from gateway.pages.web.formats import NotAnAmount
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Form, ThisVisit, Visit
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.schemas.filters import Page
from gateway.store import around_reads as queries_around
from gateway.store import page_reads as page_queries
from shared.db import Tx
from shared.ids import new_id

BILLING = ("time_zone", "currency", "due_days", "billing_from", "link_valid_hours", "vat")
PARTNERS_A_PAGE = 200
HELD_A_PAGE = 50


@get("/settings/billing")
async def show_billing(visit: ThisVisit) -> Response[Any]:
    """Time zone, currency, days until due, first month, VAT, life of links."""
    visit.principal.must("change-settings")
    return await _billing(visit)


async def _billing(
    visit: Visit, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, problem: str = ""
) -> Response[Any]:
    async with visit.reading() as tx:
        known = await queries.billing_settings(tx)
        # With a bill the currency is fixed.
        has_bills = await page_queries.latest_period(tx, visit.principal) is not None
    values = {
        **{name: str(known[name] or "") for name in BILLING if name != "vat"},
        "due_days": str(known["due_days"]),
        "vat": wishes.percentage(known["default_vat_basis_points"]),
        "idempotency_key": str(new_id()),
    }
    return wishes.show(
        visit,
        "settings/billing.html",
        422 if errors or problem else 200,
        values=values | (typed or {}),
        errors=errors or {},
        problem=problem,
        has_bills=has_bills,
        is_root=visit.principal.reach is None,
    )


@post("/settings/billing", status_code=200)
async def save_billing(visit: ThisVisit) -> Response[Any]:
    """Set what differs from what was shown."""
    visit.principal.must("change-settings")
    form = await visit.form()
    typed = {name: form.one(name) for name in BILLING if form.one(name)}
    errors: dict[str, str] = {}
    body: dict[str, Any] = {name: typed[name] for name in ("time_zone", "billing_from") if name in typed}
    if typed.get("currency"):
        body["currency"] = typed["currency"].upper()
    for name in ("due_days", "link_valid_hours"):
        if name in typed and typed[name].isascii() and typed[name].isdigit() and len(typed[name]) < 10:
            body[name] = int(typed[name])
        else:
            errors[name] = wishes.field_text(name, "")
    try:
        body["default_vat_basis_points"] = wishes.basis_points(form.one("vat"))
    except NotAnAmount:
        errors["vat"] = _("Type a percentage such as 5 or 7.5.")
    if errors:
        return await _billing(visit, typed, errors)
    raw = json.dumps(body)
    read = lambda: bodies.read(bodies.BillingSettings, raw.encode())  # noqa: E731
    try:
        outcome = await catalogue.change_settings(
            visit.gateway, visit.principal, read, form.key("settings", raw)
        )
        return wishes.done(visit, outcome, "/settings/billing", "saved")
    except Problem as problem:
        errors, text = wishes.refusal(problem, BILLING, {"default_vat_basis_points": "vat"})
        return await _billing(visit, typed, errors, text)


@get("/partners")
async def show_partners(visit: ThisVisit) -> Response[Any]:
    """Partner systems, and money that waits."""
    visit.principal.must("place-held")
    secret, cursor = visit.gateway.secret, visit.request.query_params.get("cursor") or None
    async with visit.reading() as tx:
        partners = await queries.list_partners(tx, Page(limit=PARTNERS_A_PAGE), secret)
        held = await queries.list_held_payments(tx, "held", Page(limit=HELD_A_PAGE, cursor=cursor), secret)
        ids = [UUID(each["operator_id"]) for each in partners["items"]]
        names = await queries_around.operator_names(tx, ids)
    return wishes.show(
        visit,
        "settings/partners.html",
        partners=partners["items"],
        operator_names=names,
        held=held["items"],
        first_page="/partners" if cursor else "",
        next_page=f"/partners?cursor={held['next_cursor']}" if held["next_cursor"] else "",
    )


@get("/partners/new")
async def show_new_partner(visit: ThisVisit) -> Response[Any]:
    """An empty form."""
    visit.principal.must("change-settings")
    return await _partner_form(visit, {"name": "", "operator_id": str(visit.principal.operator_id)})


async def _partner_form(
    visit: Visit, values: dict[str, str], errors: dict[str, str] | None = None, problem: str = ""
) -> Response[Any]:
    async with visit.reading() as tx:
        operators = in_tree_order(await page_queries.operators(tx, visit.principal))
    return wishes.ask(
        visit,
        "settings/partner-form.html",
        _("New partner system"),
        "/partners",
        values,
        errors,
        problem,
        operators=[(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in operators],
    )


@post("/partners", status_code=200)
async def add_partner(visit: ThisVisit) -> Response[Any]:
    """Let a partner system in, for one operator's subtree."""
    visit.principal.must("change-settings")
    form = await visit.form()
    values = {name: form.one(name) for name in ("name", "operator_id", "idempotency_key")}
    raw = json.dumps({"name": values["name"], "operator_id": values["operator_id"]})
    read = lambda: bodies.read(bodies.Partner, raw.encode())  # noqa: E731
    try:
        outcome = await catalogue.add_partner(visit.gateway, visit.principal, read, form.key("partner", raw))
        return wishes.done(visit, outcome, "/partners", "added")
    except Problem as problem:
        errors, text = wishes.refusal(problem, ("name", "operator_id"))
        if "name" in errors and problem.code == "invalid":
            errors["name"] = _("Lower-case letters, digits and dashes, at most 40, such as city-agents.")
        return await _partner_form(visit, {**values, "idempotency_key": str(new_id())}, errors, text)


@get("/held-payments/{held_id:str}/place")
async def show_place(visit: ThisVisit, held_id: PathId) -> Response[Any]:
    """Where held money goes: a bill by its number, or a customer by their code."""
    visit.principal.must("place-held")
    async with visit.reading() as tx:
        held = await queries.held_payment(tx, path_id(held_id))
    return _place_form(visit, held, {"target": ""})


def _place_form(
    visit: Visit,
    held: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    heading = _("Place the payment")
    return wishes.ask(
        visit, "settings/place-form.html", heading, "/partners", values, errors, problem, held=held
    )


@post("/held-payments/{held_id:str}/place", status_code=200)
async def place(visit: ThisVisit, held_id: PathId) -> Response[Any]:
    """Give held money to the bill or customer that was typed."""
    visit.principal.must("place-held")
    held_uuid, form = path_id(held_id), await visit.form()
    values = {name: form.one(name)[:100].replace("\x00", "") for name in ("target", "idempotency_key")}
    async with visit.reading() as tx:
        held = await queries.held_payment(tx, held_uuid)
        target = await _target(tx, values["target"])
    if isinstance(target, str):
        return _place_form(visit, held, values, {"target": target})
    raw = json.dumps(target)
    read = lambda: bodies.read(bodies.Place, raw.encode())  # noqa: E731
    key = form.key("place", held_id, raw)
    try:
        outcome = await commands.place_held_payment(visit.gateway, visit.principal, held_uuid, read, key)
        return wishes.done(visit, outcome, "/partners", "placed")
    except Problem as problem:
        errors, text = wishes.refusal(problem, ("target",))
        return _place_form(visit, held, {**values, "idempotency_key": str(new_id())}, errors, text)


async def _target(tx: Tx, typed: str) -> dict[str, str] | str:
    """The body that names what was typed, or what is wrong with it."""
    bill_id = await queries_around.bill_by_number(tx, typed.upper())
    if bill_id is not None:
        return {"bill_id": str(bill_id)}
    found = await queries_around.customers_by_code(tx, typed, 2)
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
        held = await queries.held_payment(tx, path_id(held_id))
    return _reject_form(visit, held, {"reason": ""})


def _reject_form(
    visit: Visit,
    held: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    about = _("%(amount)s of %(source)s is not recorded. The partner is told so, with your reason.")
    return wishes.ask(
        visit,
        "decision/reason-form.html",
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
        held = await queries.held_payment(tx, held_uuid)
    return await _reject(visit, form, held_uuid, held)


async def _reject(visit: Visit, form: Form, held_id: UUID, held: dict[str, Any]) -> Response[Any]:
    values = {"reason": form.one("reason")}
    if not values["reason"]:
        return _reject_form(visit, held, values, {"reason": _("Say why, for whoever looks at this later.")})
    raw = json.dumps(values)
    read = lambda: bodies.read(bodies.Reason, raw.encode())  # noqa: E731
    key = form.key("reject", str(held_id), raw)
    try:
        outcome = await commands.reject_held_payment(visit.gateway, visit.principal, held_id, read, key)
        return wishes.done(visit, outcome, "/partners", "rejected")
    except Problem as problem:
        errors, text = wishes.refusal(problem, ("reason",))
        return _reject_form(visit, held, values, errors, text)


ROUTES = [
    show_billing,
    save_billing,
    show_partners,
    show_new_partner,
    add_partner,
    show_place,
    place,
    show_reject,
    reject,
]
