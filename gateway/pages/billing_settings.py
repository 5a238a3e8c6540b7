"""How the installation bills."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from gateway.commands import billing_settings as settings_commands
from gateway.pages.web import forms, labels
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_settings as settings_queries
from gateway.schemas import billing_settings as settings_schemas
from gateway.store import bills as bill_store
from shared.ids import new_id
from shared.values.amounts import read_percentage
from shared.values.unreadable import Unreadable

BILLING = ("time_zone", "currency", "due_days", "billing_from", "link_valid_hours", "vat")


@get("/settings/billing")
async def show_billing(visit: ThisVisit) -> Response[Any]:
    """Time zone, currency, days until due, first month, VAT, life of links."""
    visit.principal.must("change-settings")
    return await _billing(visit)


async def _billing(
    visit: Visit, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, problem: str = ""
) -> Response[Any]:
    async with visit.reading() as tx:
        known = await settings_queries.billing_settings(tx)
        # With a bill the currency is fixed.
        has_bills = await bill_store.latest_period(tx, visit.principal) is not None
    values = {
        **{name: str(known[name] or "") for name in BILLING if name != "vat"},
        "due_days": str(known["due_days"]),
        "vat": forms.percentage(known["default_vat_basis_points"]),
        "idempotency_key": str(new_id()),
    }
    return forms.show(
        visit,
        "billing_settings/page.html",
        422 if errors or problem else 200,
        values=values | (typed or {}),
        errors=errors or {},
        problem=problem,
        has_bills=has_bills,
        is_root=visit.principal.sees_all,
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
            errors[name] = forms.field_text(name, "")
    try:
        body["default_vat_basis_points"] = read_percentage(form.one("vat"))
    except Unreadable as error:
        errors["vat"] = labels.unreadable_text(error)
    if errors:
        return await _billing(visit, typed, errors)
    change_settings = settings_commands.change_settings
    try:
        outcome = await forms.submit(visit, form, settings_schemas.BillingSettings, body, change_settings)
        return forms.done(visit, outcome, "/settings/billing", "saved")
    except Problem as problem:
        errors, text = forms.refusal(problem, BILLING, {"default_vat_basis_points": "vat"})
        return await _billing(visit, typed, errors, text)


ROUTES = [show_billing, save_billing]
