"""The audit of the promises: asked for by a button of Operations, followed and read in its dialog."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from gateway.commands import audits as audit_commands
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Answer, Form, Sent
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import audits as audit_queries
from gateway.schemas.audits import Audit

PAGE = "/operations"
AUDIT = "/operations/audit"


@get(AUDIT)
async def show_audit(visit: ThisVisit) -> Response[Any]:
    """Show the newest audit, or how one is made where no process here can."""
    visit.principal.must("operate")
    return await _shown(visit)


@get("/operations/audit/progress")
async def show_progress(visit: ThisVisit) -> Response[Any]:
    """Asked every other second while an audit is under way; a new stage is told to who cannot see."""
    visit.principal.must("operate")
    facts = await _facts(visit)
    said = visit.request.query_params.get("said", "")
    return visit.page("audits/standing.html", **facts, is_news=said != facts["stage"])


async def _shown(visit: Visit) -> Answer:
    facts = await _facts(visit)
    return forms.decision(
        visit, "audits/audit.html", _("Audit of the promises"), PAGE, **facts, is_news=False
    )


async def _facts(visit: Visit) -> dict[str, Any]:
    async with visit.reading() as tx:
        audit = await audit_queries.newest(tx)
        can_audit = await audit_queries.can_audit(tx)
    return {
        "audit": audit,
        "can_audit": can_audit,
        "stage": _stage(audit),
        "took": labels.waited_text(audit.seconds) if audit else "",
        "is_swap": visit.is_swap,
    }


def _stage(audit: Audit | None) -> str:
    """Return the stage of an audit, as the dialog tells one from the next."""
    if audit is None:
        return ""
    return "looking-again" if audit.looks_again else audit.state


async def _follow(visit: Visit, sent: Sent) -> Answer:
    return await _shown(visit) if visit.is_swap else render.see_other(AUDIT)


ASK = Form(
    AUDIT,
    permission="operate",
    command=audit_commands.ask,
    arguments=lambda typed: (),
    done=_follow,
)

ROUTES = [show_audit, show_progress, *ASK.routes]
