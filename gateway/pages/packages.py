"""Packages: what is sold, at which price and VAT."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import packages as package_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web import forms, labels
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_settings as settings_queries
from gateway.queries import packages as package_queries
from gateway.schemas import packages as package_schemas
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from shared.values.amounts import read_amount, read_percentage
from shared.values.unreadable import Unreadable

MOST_PACKAGES = 1_000
FIELDS = ("name", "price", "vat", "operator_id")
NAMED = {"price_minor": "price", "vat_basis_points": "vat"}


@get("/packages")
async def show_packages(visit: ThisVisit) -> Response[Any]:
    """What the reader's subtree may sell."""
    principal = visit.principal
    async with visit.reading() as tx:
        rows = await package_store.with_operators(tx, principal, MOST_PACKAGES)
    return forms.show(visit, "packages/page.html", packages=rows)


@get("/packages/new")
async def show_new(visit: ThisVisit) -> Response[Any]:
    """An empty form, with the installation's VAT."""
    visit.principal.must("change-packages")
    async with visit.reading() as tx:
        vat = (await settings_queries.billing_settings(tx))["default_vat_basis_points"]
    return await _form(visit, {"name": "", "price": "", "vat": forms.percentage(vat), "operator_id": ""})


@get("/packages/{package_id:str}/change")
async def show_change(visit: ThisVisit, package_id: PathId) -> Response[Any]:
    """The form with what is known."""
    visit.principal.must("change-packages")
    async with visit.reading() as tx:
        package = await package_queries.package(tx, visit.principal, path_id(package_id))
    values = {
        "name": package["name"],
        "price": visit.formats.plain_amount(package["price_minor"]),
        "vat": forms.percentage(package["vat_basis_points"]),
        "operator_id": str(package["operator_id"] or ""),
    }
    return await _form(visit, values, package_id)


async def _form(
    visit: Visit,
    values: dict[str, str],
    package_id: str = "",
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    choices = [(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in operators]
    everybody = [("", _("Every operator"))] if visit.principal.sees_all else []
    return forms.ask(
        visit,
        "packages/form.html",
        _("Change the package") if package_id else _("New package"),
        "/packages",
        values,
        errors,
        problem,
        action=f"/packages/{package_id}/change" if package_id else "/packages",
        operators=everybody + choices,
        is_new=not package_id,
    )


def _read(visit: Visit, values: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """What is wrong with the amounts, and the body that the command takes."""
    errors: dict[str, str] = {}
    body: dict[str, Any] = {"name": values["name"]}
    try:
        currency, digits = visit.formats.currency, visit.formats.digits
        body["price_minor"] = read_amount(values["price"], currency, digits, least_minor=0)
    except Unreadable as error:
        errors["price"] = labels.unreadable_text(error)
    try:
        body["vat_basis_points"] = read_percentage(values["vat"])
    except Unreadable as error:
        errors["vat"] = labels.unreadable_text(error)
    if not values["name"]:
        errors["name"] = forms.field_text("name", "")
    return errors, body


@post("/packages", status_code=200)
async def create(visit: ThisVisit) -> Response[Any]:
    """Add a package."""
    visit.principal.must("change-packages")
    form = await visit.form()
    return await _save(visit, form, None)


@post("/packages/{package_id:str}/change", status_code=200)
async def change(visit: ThisVisit, package_id: PathId) -> Response[Any]:
    """Change a package for bills yet to come."""
    visit.principal.must("change-packages")
    form = await visit.form()
    return await _save(visit, form, path_id(package_id))


async def _save(visit: Visit, form: Form, package_id: UUID | None) -> Response[Any]:
    values = {name: form.one(name) for name in (*FIELDS, "idempotency_key")}
    errors, body = _read(visit, values)
    shown = str(package_id) if package_id else ""
    if errors:
        return await _form(visit, values, shown, errors)
    create_package, change_package = package_commands.create_package, package_commands.change_package
    try:
        if package_id is None:
            body["operator_id"] = forms.identity(values["operator_id"])
            outcome = await forms.submit(visit, form, package_schemas.Package, body, create_package)
            return forms.done(visit, outcome, "/packages", "created")
        outcome = await forms.submit(
            visit, form, package_schemas.PackageChange, body, change_package, package_id
        )
        return forms.done(visit, outcome, "/packages", "saved")
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS, NAMED)
        return await _form(visit, forms.afresh(values), shown, errors, text)


ROUTES = [show_packages, show_new, show_change, create, change]
