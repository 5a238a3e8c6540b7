"""Partner systems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import partners as partner_commands
from gateway.http.requests import PathId, path_id
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


async def _known(visit: Visit, partner_id: UUID) -> partner_schemas.PartnerShown:
    async with visit.reading() as tx:
        return await partner_queries.partner(tx, partner_id)


async def _changing(visit: Visit, partner_id: UUID) -> Sheet:
    """Ask for another operator; the name stands in the names of the topics."""
    partner = await _known(visit, partner_id)
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
    return Sheet(
        heading=_("Change %(name)s") % {"name": partner["name"]},
        label=_("Save"),
        back="/partners",
        values={"operator_id": partner["operator_id"]},
        context={"operators": operators},
    )


CHANGE = Form(
    "/partners/{partner_id:str}/change",
    permission="change-settings",
    template="partners/change-form.html",
    sheet=_changing,
    fields=("operator_id",),
    schema=partner_schemas.PartnerChange,
    command=partner_commands.change_partner,
    done=forms.to("/partners", "saved"),
)


def _about_pausing() -> tuple[str, str, str]:
    about = _(
        "Its payments go on arriving, but none reaches an account: each is held, with a receipt"
        " that says so, and waits under Held money. When you resume, they are recorded by themselves."
    )
    return _("Pause %(name)s"), _("Pause partner"), about


def _about_resuming() -> tuple[str, str, str]:
    about = _(
        "What was held meanwhile is recorded now, each payment with a final receipt; new ones are recorded"
        " as they come."
    )
    return _("Resume %(name)s"), _("Resume partner"), about


def _about_removing() -> tuple[str, str, str]:
    about = _(
        "From now on whatever it sends is rejected. What it has paid stays in the books, and held money"
        " stays for you to place or reject. Then run “ispbills partners remove %(name)s”: it ends the"
        " user that it has on Kafka."
    )
    return _("Remove %(name)s"), _("Remove partner"), about


def _asking(
    texts: Callable[[], tuple[str, str, str]], tone: str
) -> Callable[[Visit, UUID], Awaitable[Sheet]]:
    """Return what says the consequence before it is confirmed."""

    async def confirm(visit: Visit, partner_id: UUID) -> Sheet:
        partner = await _known(visit, partner_id)
        heading, label, about = (text.replace("%(name)s", partner["name"]) for text in texts())
        return Sheet(heading=heading, label=label, back="/partners", tone=tone, context={"about": about})

    return confirm


def _switch(
    word: str, texts: Callable[[], tuple[str, str, str]], *, paused: bool, tone: str, note: str
) -> Form:
    return Form(
        f"/partners/{{partner_id:str}}/{word}",
        permission="change-settings",
        template="forms/confirm-form.html",
        sheet=_asking(texts, tone),
        schema=partner_schemas.PartnerChange,
        body=lambda typed: {"paused": paused},
        command=partner_commands.change_partner,
        done=forms.to("/partners", note),
    )


PAUSE = _switch("pause", _about_pausing, paused=True, tone="primary", note="paused")
RESUME = _switch("resume", _about_resuming, paused=False, tone="primary", note="resumed")
REMOVE = Form(
    "/partners/{partner_id:str}/remove",
    permission="change-settings",
    template="forms/confirm-form.html",
    sheet=_asking(_about_removing, "danger"),
    command=partner_commands.remove_partner,
    done=forms.to("/partners", "removed"),
)


@get("/partners/{partner_id:str}/access")
async def show_access(visit: ThisVisit, partner_id: PathId) -> Response[Any]:
    """Say how a partner's key and limits are changed: at the command line, for no service may make users."""
    visit.principal.must("change-settings")
    partner = await _known(visit, path_id(partner_id))
    heading = _("Key and limits of %(name)s") % {"name": partner["name"]}
    return forms.decision(visit, "partners/access.html", heading, "/partners", partner=partner)


ROUTES = [
    show_partners, show_access, *ADD.routes, *CHANGE.routes, *PAUSE.routes, *RESUME.routes, *REMOVE.routes,
]  # fmt: skip
