"""Partner systems."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import partners as partner_commands
from gateway.pages import choices
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import partners as partner_queries
from gateway.schemas import partners as partner_schemas
from gateway.schemas.filters import Page
from gateway.store import held_payments as held_payment_store
from gateway.store import operators as operator_store

PARTNERS_A_PAGE = 200


@get("/partners")
async def show_partners(visit: ThisVisit) -> Response[Any]:
    """Show partner systems, and whether money waits."""
    visit.principal.must("place-held")
    async with visit.reading() as tx:
        partners = await partner_queries.list_partners(tx, Page(limit=PARTNERS_A_PAGE), visit.gateway.secret)
        counts = await held_payment_store.counts(tx)
        operator_ids = [UUID(each["operator_id"]) for each in partners["items"]]
        names = await operator_store.names(tx, operator_ids)
    return forms.show(
        visit,
        "partners/page.html",
        partners=partners["items"],
        operator_names=names,
        waiting=counts["held"] if counts else 0,
    )


async def _new_partner(visit: Visit) -> Sheet:
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    return Sheet(
        heading=_("Add partner"),
        label=_("Add partner"),
        back="/partners",
        values={"name": "", "operator_id": str(visit.principal.operator_id)},
        texts={"name": _("Use lower-case letters, digits and dashes, at most 40, such as city-agents.")},
        context={"operators": operators},
    )


ADD = Form(
    "/partners",
    shown_at="/partners/new",
    permission="change-settings",
    template="partners/form.html",
    sheet=_new_partner,
    fields=("name", "operator_id"),
    schema=partner_schemas.Partner,
    command=partner_commands.add_partner,
    done=forms.to("/partners", "added"),
)

ROUTES = [show_partners, *ADD.routes]
