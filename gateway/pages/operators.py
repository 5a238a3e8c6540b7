"""Operators: the tree of resellers."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from gateway.commands import operators as operator_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web import forms
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import operators as operator_queries
from gateway.schemas import operators as operator_schemas
from gateway.store import operators as operator_store

FIELDS = ("code", "name", "parent_id")


@get("/operators")
async def show_operators(visit: ThisVisit) -> Response[Any]:
    """The reader's subtree, as a tree."""
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return forms.show(visit, "operators/page.html", operators=operators)


@get("/operators/new")
async def show_new(visit: ThisVisit) -> Response[Any]:
    """An empty form, below the operator that was asked for."""
    visit.principal.must("change-operators")
    asked = forms.identity(visit.request.query_params.get("parent_id", ""))
    return await _form(
        visit, {"code": "", "name": "", "parent_id": asked or str(visit.principal.operator_id)}
    )


async def _form(
    visit: Visit, values: dict[str, str], errors: dict[str, str] | None = None, problem: str = ""
) -> Response[Any]:
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return forms.ask(
        visit,
        "operators/form.html",
        _("New operator"),
        "/operators",
        values,
        errors,
        problem,
        operators=[(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in operators],
    )


@post("/operators", status_code=200)
async def create(visit: ThisVisit) -> Response[Any]:
    """Add an operator below one of the subtree."""
    visit.principal.must("change-operators")
    form = await visit.form()
    values = {name: form.one(name) for name in (*FIELDS, "idempotency_key")}
    parent = forms.identity(values["parent_id"])
    if parent is None:
        return await _form(visit, values, {"parent_id": _("Choose an operator.")})
    body = {"code": values["code"], "name": values["name"], "parent_id": parent}
    try:
        outcome = await forms.submit(
            visit, form, operator_schemas.Operator, body, operator_commands.create_operator
        )
        return forms.done(visit, outcome, "/operators", "created")
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS)
        return await _form(visit, forms.afresh(values), errors, text)


@get("/operators/{operator_id:str}/change")
async def show_change(visit: ThisVisit, operator_id: PathId) -> Response[Any]:
    """Its name; code and place in the tree stay."""
    visit.principal.must("change-operators")
    async with visit.reading() as tx:
        operator = await operator_queries.operator(tx, visit.principal, path_id(operator_id))
    return _rename_form(visit, operator_id, {"name": operator["name"]}, operator["code"])


def _rename_form(
    visit: Visit,
    operator_id: str,
    values: dict[str, str],
    code: str,
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    return forms.ask(
        visit,
        "operators/rename-form.html",
        _("Rename the operator"),
        "/operators",
        values,
        errors,
        problem,
        action=f"/operators/{operator_id}/change",
        code=code,
    )


@post("/operators/{operator_id:str}/change", status_code=200)
async def change(visit: ThisVisit, operator_id: PathId) -> Response[Any]:
    """Rename an operator; bills that were issued keep the old name."""
    visit.principal.must("change-operators")
    found, form = path_id(operator_id), await visit.form()
    values = {name: form.one(name) for name in ("name", "idempotency_key")}
    async with visit.reading() as tx:
        operator = await operator_queries.operator(tx, visit.principal, found)
    rename, body = operator_commands.change_operator, {"name": values["name"]}
    try:
        outcome = await forms.submit(visit, form, operator_schemas.OperatorChange, body, rename, found)
        return forms.done(visit, outcome, "/operators", "saved")
    except Problem as problem:
        errors, text = forms.refusal(problem, ("name",))
        fresh = forms.afresh(values)
        return _rename_form(visit, operator_id, fresh, operator["code"], errors, text)


ROUTES = [show_operators, show_new, create, show_change, change]
