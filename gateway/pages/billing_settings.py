"""The settings page of how the installation bills."""

from __future__ import annotations

from typing import Any

from gateway.commands import billing_settings as settings_commands
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import Visit
from gateway.queries import billing_settings as settings_queries
from gateway.schemas import billing_settings as settings_schemas
from gateway.store import bills as bill_store

FIELDS = ("time_zone", "currency", "due_days", "vat", "billing_from", "link_valid_hours")


async def _settings(visit: Visit) -> Sheet:
    """Show time zone, currency, days until due, VAT, first month, life of links."""
    async with visit.reading() as tx:
        known = await settings_queries.billing_settings(tx)
        # With a bill the currency is fixed.
        has_bills = await bill_store.latest_period(tx, visit.principal) is not None
    values = {
        **{name: str(known[name] or "") for name in FIELDS if name != "vat"},
        "due_days": str(known["due_days"]),
        "vat": labels.percentage(known["default_vat_basis_points"]),
    }
    return Sheet(values=values, context={"has_bills": has_bills, "is_root": visit.principal.sees_all})


def _body(typed: Typed) -> dict[str, Any]:
    """Return what was filled in; an empty text keeps what is there."""
    body: dict[str, Any] = {name: typed[name] for name in ("time_zone", "billing_from") if typed[name]}
    if typed["currency"]:
        body["currency"] = typed["currency"].upper()
    return {
        **body,
        "due_days": typed.number("due_days"),
        "link_valid_hours": typed.number("link_valid_hours"),
        "default_vat_basis_points": typed.percentage("vat"),
    }


BILLING = Form(
    "/settings/billing",
    permission="change-settings",
    template="billing_settings/page.html",
    is_page=True,
    sheet=_settings,
    fields=FIELDS,
    schema=settings_schemas.BillingSettings,
    body=_body,
    named={"default_vat_basis_points": "vat"},
    command=settings_commands.change_settings,
    done=forms.to("/settings/billing", "saved"),
)

ROUTES = BILLING.routes
