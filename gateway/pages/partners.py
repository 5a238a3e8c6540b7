"""Partner systems, and money of theirs that waits to be placed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import partners as partner_commands
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web import forms
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import held_payments as held_payment_queries
from gateway.queries import partners as partner_queries
from gateway.schemas import partners as partner_schemas
from gateway.schemas.filters import Page
from gateway.store import operators as operator_store

PARTNERS_A_PAGE = 200
HELD_A_PAGE = 50


@get("/partners")
async def show_partners(visit: ThisVisit) -> Response[Any]:
    """Partner systems, and money that waits."""
    visit.principal.must("place-held")
    secret, cursor = visit.gateway.secret, visit.request.query_params.get("cursor") or None
    async with visit.reading() as tx:
        partners = await partner_queries.list_partners(tx, Page(limit=PARTNERS_A_PAGE), secret)
        held = await held_payment_queries.list_held_payments(
            tx, "held", Page(limit=HELD_A_PAGE, cursor=cursor), secret
        )
        ids = [UUID(each["operator_id"]) for each in partners["items"]]
        names = await operator_store.names(tx, ids)
    return forms.show(
        visit,
        "partners/page.html",
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
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return forms.ask(
        visit,
        "partners/form.html",
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
    body = {"name": values["name"], "operator_id": values["operator_id"]}
    try:
        outcome = await forms.submit(visit, form, partner_schemas.Partner, body, partner_commands.add_partner)
        return forms.done(visit, outcome, "/partners", "added")
    except Problem as problem:
        errors, text = forms.refusal(problem, ("name", "operator_id"))
        if "name" in errors and problem.code == "invalid":
            errors["name"] = _("Lower-case letters, digits and dashes, at most 40, such as city-agents.")
        return await _partner_form(visit, forms.afresh(values), errors, text)


ROUTES = [show_partners, show_new_partner, add_partner]
