"""Packages: what is sold, at which price and VAT."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import customers as catalogue
from gateway.domain import Problem
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web import forms as wishes
from gateway.pages.web.formats import NotAnAmount
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Form, ThisVisit, Visit
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.store import around_reads as queries_around
from gateway.store import customers as desk
from gateway.store import page_reads as page_queries
from shared.ids import new_id

MOST_PACKAGES = 1_000
FIELDS = ("name", "price", "vat", "operator_id")
NAMED = {"price_minor": "price", "vat_basis_points": "vat"}


@get("/packages")
async def show_packages(visit: ThisVisit) -> Response[Any]:
    """What the reader's subtree may sell."""
    principal = visit.principal
    async with visit.reading() as tx:
        sellers = None if principal.reach is None else await desk.sellers(tx, principal.operator_id)
        rows = await queries_around.packages(tx, sellers, MOST_PACKAGES)
    return wishes.show(visit, "catalogue/packages.html", packages=rows, reaches=principal.reaches)


@get("/packages/new")
async def show_new(visit: ThisVisit) -> Response[Any]:
    """An empty form, with the installation's VAT."""
    visit.principal.must("change-packages")
    async with visit.reading() as tx:
        vat = (await queries.billing_settings(tx))["default_vat_basis_points"]
    return await _form(visit, {"name": "", "price": "", "vat": wishes.percentage(vat), "operator_id": ""})


@get("/packages/{package_id:str}/change")
async def show_change(visit: ThisVisit, package_id: PathId) -> Response[Any]:
    """The form with what is known."""
    visit.principal.must("change-packages")
    async with visit.reading() as tx:
        package = await queries.package(tx, visit.principal, path_id(package_id))
    values = {
        "name": package["name"],
        "price": visit.formats.plain_amount(package["price_minor"]),
        "vat": wishes.percentage(package["vat_basis_points"]),
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
        operators = in_tree_order(await page_queries.operators(tx, visit.principal))
    choices = [(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in operators]
    everybody = [("", _("Every operator"))] if visit.principal.reach is None else []
    return wishes.ask(
        visit,
        "catalogue/package-form.html",
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
        body["price_minor"] = wishes.amount_or_nothing(visit, values["price"])
    except NotAnAmount:
        errors["price"] = _("Type an amount such as 1,050.00.")
    try:
        body["vat_basis_points"] = wishes.basis_points(values["vat"])
    except NotAnAmount:
        errors["vat"] = _("Type a percentage such as 5 or 7.5.")
    if not values["name"]:
        errors["name"] = wishes.field_text("name", "")
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
    gateway, principal = visit.gateway, visit.principal
    try:
        if package_id is None:
            raw = json.dumps({**body, "operator_id": wishes.identity(values["operator_id"])})
            key, read_new = form.key("package", raw), lambda: bodies.read(bodies.Package, raw.encode())
            outcome = await catalogue.create_package(gateway, principal, read_new, key)
            return wishes.done(visit, outcome, "/packages", "created")
        raw = json.dumps(body)
        key = form.key("package", shown, raw)
        outcome = await catalogue.change_package(
            gateway, principal, package_id, lambda: bodies.read(bodies.PackageChange, raw.encode()), key
        )
        return wishes.done(visit, outcome, "/packages", "saved")
    except Problem as problem:
        errors, text = wishes.refusal(problem, FIELDS, NAMED)
        return await _form(visit, {**values, "idempotency_key": str(new_id())}, shown, errors, text)


ROUTES = [show_packages, show_new, show_change, create, change]
