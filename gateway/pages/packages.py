"""Packages: what is sold, at which price and VAT."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import packages as package_commands
from gateway.pages import choices
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import billing_settings as settings_queries
from gateway.queries import packages as package_queries
from gateway.schemas import packages as package_schemas
from gateway.store import packages as package_store

MOST_PACKAGES = 1_000
NAMED = {"price_minor": "price", "vat_basis_points": "vat"}


@get("/packages")
async def show_packages(visit: ThisVisit) -> Response[Any]:
    """Show what the reader's subtree may sell."""
    async with visit.reading() as tx:
        packages = await package_store.with_operators(tx, visit.principal, MOST_PACKAGES)
    return forms.show(visit, "packages/page.html", packages=packages)


async def _new_package(visit: Visit) -> Sheet:
    """Ask for a package, with the installation's VAT."""
    async with visit.reading() as tx:
        vat = (await settings_queries.billing_settings(tx))["default_vat_basis_points"]
        operators = await choices.operators(tx, visit)
    everyone = [("", _("Every operator"))] if visit.principal.sees_all else []
    return Sheet(
        heading=_("Add package"),
        label=_("Add package"),
        back="/packages",
        values={"name": "", "price": "", "vat": labels.percentage(vat), "operator_id": ""},
        context={"operators": everyone + operators, "is_new": True},
    )


def _terms(typed: Typed) -> dict[str, Any]:
    """Return the body of a change: what the package is called and costs."""
    if not typed["name"]:
        typed.errors["name"] = labels.field_text("name")
    return {
        "name": typed["name"],
        "price_minor": typed.amount("price", least_minor=0),
        "vat_basis_points": typed.percentage("vat"),
    }


def _package(typed: Typed) -> dict[str, Any]:
    return {**_terms(typed), "operator_id": typed.identity("operator_id")}


ADD = Form(
    "/packages",
    shown_at="/packages/new",
    permission="change-packages",
    template="packages/form.html",
    sheet=_new_package,
    fields=("name", "price", "vat", "operator_id"),
    schema=package_schemas.Package,
    body=_package,
    named=NAMED,
    command=package_commands.create_package,
    done=forms.to("/packages", "created"),
)


async def _known_package(visit: Visit, package_id: UUID) -> Sheet:
    """Ask for other terms, for bills yet to come."""
    async with visit.reading() as tx:
        package = await package_queries.package(tx, visit.principal, package_id)
    return Sheet(
        heading=_("Edit package"),
        label=_("Save"),
        back="/packages",
        values={
            "name": package["name"],
            "price": visit.formats.plain_amount(package["price_minor"]),
            "vat": labels.percentage(package["vat_basis_points"]),
        },
        context={"is_new": False},
    )


CHANGE = Form(
    "/packages/{package_id:str}/change",
    permission="change-packages",
    template="packages/form.html",
    sheet=_known_package,
    fields=("name", "price", "vat"),
    schema=package_schemas.PackageChange,
    body=_terms,
    named=NAMED,
    command=package_commands.change_package,
    done=forms.to("/packages", "saved"),
)

ROUTES = [show_packages, *ADD.routes, *CHANGE.routes]
