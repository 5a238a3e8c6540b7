"""Operations: who is alive and how far behind, what could not be handled, what stands still, a rebuild."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import installation as installation_commands
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import audits as audit_queries
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import installation as installation_queries
from gateway.schemas import installation as installation_schemas
from gateway.schemas.filters import Page

PAGE = "/operations"
LETTERS_A_PAGE = 50
RUNS_LOOKED_AT = 5


@get(PAGE)
async def show_installation(visit: ThisVisit) -> Response[Any]:
    """Show how the installation fares."""
    return forms.show(visit, "installation/page.html", **await _facts(visit))


@get("/operations/live")
async def show_live(visit: ThisVisit) -> Response[Any]:
    """Asked every few seconds while somebody looks."""
    return forms.show(visit, "installation/live.html", **await _facts(visit))


async def _facts(visit: Visit) -> dict[str, Any]:
    visit.principal.must("operate")
    asked = visit.request.query_params
    page = Page(limit=LETTERS_A_PAGE, cursor=asked.get("cursor") or None)
    async with visit.reading() as tx:
        installation = await installation_queries.installation(tx, visit.desk.now)
        letters = await installation_queries.list_letters(tx, page, visit.gateway.secret)
        runs = await billing_run_queries.list_runs(tx, None, Page(limit=RUNS_LOOKED_AT), visit.gateway.secret)
        audit = await audit_queries.newest(tx)
    return {
        "installation": installation,
        "audit": audit,
        "letters": letters["items"],
        "runs": [run for run in runs["items"] if run["state"] != "completed"],
        "running": sum(each["replicas"] > 0 for each in installation["processes"]),
        "road_is_silent": installation_queries.is_silent(installation["road_heard_at"], visit.desk.now),
        "query": visit.query,
        "age": labels.waited_text,
        "since": lambda at: labels.age_text(visit.desk.now - datetime.fromisoformat(at)),
        **forwards(asked, PAGE, letters["next_cursor"], len(letters["items"]), installation["letters"]),
    }


async def _letter(visit: Visit, letter_id: UUID) -> installation_schemas.DeadLetter:
    async with visit.reading() as tx:
        return await installation_queries.letter(tx, letter_id)


def _place(letter: Mapping[str, Any]) -> str:
    return letter["topic"] if letter["partition"] is None else f"{letter['topic']}[{letter['partition']}]"


async def _redriving(visit: Visit, letter_id: UUID) -> Sheet:
    """Say what follows from handling a record once more."""
    letter = await _letter(visit, letter_id)
    about = _(
        "%(service)s handles the record of %(place)s once more, where it lies. If it fails again, it stays "
        "here with the reason of then."
    )
    return Sheet(
        heading=_("Redrive dead letter"),
        label=_("Redrive"),
        back=PAGE,
        context={"about": about % {"service": letter["service"], "place": _place(letter)}},
    )


async def _discarding(visit: Visit, letter_id: UUID) -> Sheet:
    """Say what follows from letting a record go."""
    letter = await _letter(visit, letter_id)
    about = _(
        "The record of %(place)s leaves the list for good: what it asked for is never done, and its sender "
        "is not told. It stays in the database for 90 days."
    )
    return Sheet(
        heading=_("Discard dead letter"),
        label=_("Discard for good"),
        back=PAGE,
        tone="danger",
        context={"about": about % {"place": _place(letter)}},
    )


async def _stepping(visit: Visit, standing_id: UUID) -> Sheet:
    """Say what follows from passing over what cannot be read."""
    async with visit.reading() as tx:
        held = await installation_queries.partition(tx, standing_id)
    end = held["next_offset"]
    upto = str(end - 1) if end else _("the end of that batch")
    about = _(
        "%(service)s goes on behind what it cannot read of %(topic)s, partition %(partition)s: the records "
        "from offset %(offset)s to %(upto)s are never read. Audit afterwards: it names what is missing."
    )
    facts = {**held, "upto": upto}
    return Sheet(
        heading=_("Step over what cannot be read"),
        label=_("Step over"),
        back=PAGE,
        tone="danger",
        context={"about": about % facts},
    )


REDRIVE = Form(
    "/dead-letters/{letter_id:str}/redrive",
    permission="operate",
    template="forms/confirm-form.html",
    sheet=_redriving,
    command=installation_commands.redrive,
    done=forms.to(PAGE, "redriven"),
)
DISCARD = Form(
    "/dead-letters/{letter_id:str}/discard",
    permission="operate",
    template="forms/confirm-form.html",
    sheet=_discarding,
    command=installation_commands.discard,
    done=forms.to(PAGE, "discarded"),
)
STEP_OVER = Form(
    "/partitions-set-aside/{standing_id:str}/step-over",
    permission="operate",
    template="forms/confirm-form.html",
    sheet=_stepping,
    command=installation_commands.step_over,
    done=forms.to(PAGE, "stepped-over"),
)

ROUTES = [show_installation, show_live, *REDRIVE.routes, *DISCARD.routes, *STEP_OVER.routes]
