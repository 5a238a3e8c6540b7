"""Close of day: what a collector or an operator took and should have in hand, counted and signed off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get

from gateway.commands import closings as closing_commands
from gateway.http.requests import PathId, path_id
from gateway.pages import choices
from gateway.pages.given import typed_day
from gateway.pages.payment_address import PaymentAddress
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed, identity
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import closings as closing_queries
from gateway.schemas import closings as closing_schemas
from gateway.schemas.filters import Page
from gateway.store import closings as closing_store
from gateway.store.closings import Whose
from shared.db import Tx
from shared.values.amounts import read_amount
from shared.values.unreadable import Unreadable

PAGE = "/close-of-day"
SIGN = f"{PAGE}/sign"
DAYS_SHOWN = 30
MOST_PEOPLE = 500


@dataclass(frozen=True)
class DayAddress:
    """Whose day, and which; a collector's own by default, else the operator's, of today."""

    day: date
    collector: str = ""
    operator_id: str = ""

    @classmethod
    def of(cls, visit: Visit, given: Mapping[str, str] | None = None) -> DayAddress:
        """Read what is asked for; what cannot be meant means nothing."""
        asked: Mapping[str, str] = visit.request.query_params if given is None else given
        collector = str(asked.get("collector", "")).strip()[:200].replace("\x00", "")
        operator_id = identity(str(asked.get("operator_id", ""))) or ""
        if not collector and not operator_id and visit.principal.role == "collector":
            collector = visit.principal.email
        day = typed_day(str(asked.get("day", ""))) or visit.desk.today
        return cls(min(day, visit.desk.today), collector, "" if collector else operator_id)

    def to(self, path: str = PAGE, **changes: Any) -> str:
        """The address with some of it changed."""
        changed = {"day": self.day, "collector": self.collector, "operator_id": self.operator_id, **changes}
        return f"{path}?{urlencode({name: str(value) for name, value in changed.items() if value})}"

    def away(self, days: int) -> str:
        """The address of a day before or after."""
        return self.to(day=self.day + timedelta(days=days))

    async def whose(self, tx: Tx, visit: Visit) -> Whose:
        """Return whose day it is; 404 out of reach."""
        operator_id = UUID(self.operator_id) if self.operator_id else None
        return await closing_queries.whose_day(tx, visit.principal, operator_id, self.collector or None)


@get(PAGE)
async def show_day(visit: ThisVisit) -> Response[Any]:
    """The sheet of a day, and the days that were closed before."""
    address = DayAddress.of(visit)
    async with visit.reading() as tx:
        whose = await address.whose(tx, visit)
        sheet = await closing_queries.sheet(tx, whose, address.day)
        closed_at = sheet["closing"]["closed_at"] if sheet["closing"] else None
        until = datetime.fromisoformat(closed_at) if closed_at else None
        papers = await closing_store.papers(tx, whose, address.day, until)
        own = None if whose.collector else whose.operator_id
        past = await closing_queries.list_closings(
            tx, visit.principal, whose.collector, own, Page(limit=DAYS_SHOWN), visit.gateway.secret
        )
        people = await choices.people(tx, visit)
        operators = await choices.operator_tree(tx, visit)
    return forms.show(
        visit,
        "closings/page.html",
        address=address,
        whose=whose,
        sheet=sheet,
        papers=papers,
        past=past["items"],
        people=people,
        operators=operators,
        may_sign=may_sign(visit, whose),
        payments_address=payments_of(address, whose),
        as_of=visit.desk.now,
    )


def may_sign(visit: Visit, whose: Whose) -> bool:
    """Whether the reader may sign this day off."""
    is_own = whose.collector == visit.principal.email
    return visit.principal.may("close-day") and (visit.principal.role != "collector" or is_own)


def payments_of(address: DayAddress, whose: Whose) -> str:
    """Return the address of the day's payments in their list."""
    day = address.day.isoformat()
    operator_ids = () if whose.collector else (str(whose.operator_id),)
    return PaymentAddress(
        by="paid", first=day, last=day, collector=whose.collector or "", operator_ids=operator_ids
    ).to()


@get("/closings/{closing_id:str}")
async def show_closing(visit: ThisVisit, closing_id: PathId) -> Response[Any]:
    """The sheet of a day that was closed, by the id of its closing."""
    async with visit.reading() as tx:
        closed = await closing_queries.closing(tx, path_id(closing_id))
    collector = closed["collector"] or ""
    operator_id = "" if collector else closed["operator"]["id"]
    address = DayAddress(date.fromisoformat(closed["day"]), collector, operator_id)
    return render.see_other(address.to())


async def _signing(visit: Visit) -> Sheet | Response[Any]:
    """Ask what was counted, beside what is expected."""
    submission = await visit.submission() if visit.request.method == "POST" else None
    given = (
        {name: submission.one(name) for name in ("day", "collector", "operator_id")} if submission else None
    )
    address = DayAddress.of(visit, given)
    async with visit.reading() as tx:
        whose = await address.whose(tx, visit)
        closing_commands.must_be_theirs(visit.principal, whose)
        sheet = await closing_queries.sheet(tx, whose, address.day)
    expected = sheet["expected_minor"]
    return Sheet(
        heading=_("Count and sign off"),
        label="" if sheet["closing"] else _("Sign off"),
        back=address.to(),
        values={"counted": "", "note": ""},
        hidden=(
            ("day", address.day.isoformat()),
            ("collector", address.collector),
            ("operator_id", "" if address.collector else str(whose.operator_id)),
            ("expected", str(expected)),
        ),
        problem=labels.problem_text("day-closed") if sheet["closing"] else "",
        texts={"note": labels.problem_text("not-explained")},
        context={"day_sheet": sheet, "whose": whose, "expected": expected, "difference": None},
    )


def _body(typed: Typed) -> dict[str, Any]:
    """Return what signs the day off: what was counted, and what was expected when it was seen."""
    collector = typed["collector"]
    expected = typed["expected"]
    return {
        "day": typed["day"],
        "collector": collector or None,
        "operator_id": None if collector else typed.identity("operator_id"),
        "expected_minor": int(expected) if expected.lstrip("-").isdigit() else 0,
        "counted_minor": typed.amount("counted", least_minor=0),
        "note": typed.optional("note"),
    }


async def _signed(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the day as it was signed."""
    given = {name: sent.values[name] for name in ("day", "collector", "operator_id")}
    return forms.done(visit, sent, DayAddress.of(visit, given).to(), "day-closed")


CLOSE = Form(
    SIGN,
    permission="close-day",
    template="closings/sign-form.html",
    sheet=_signing,
    fields=("counted", "note", "day", "collector", "operator_id", "expected"),
    schema=closing_schemas.Close,
    body=_body,
    named={"counted_minor": "counted"},
    command=closing_commands.close_day,
    done=_signed,
)


@get(f"{PAGE}/difference")
async def show_difference(visit: ThisVisit) -> Response[Any]:
    """Say, while the count is typed, how far it is from what is expected."""
    asked = visit.request.query_params
    formats = visit.formats
    try:
        counted = read_amount(
            str(asked.get("counted", ""))[:24], formats.currency, formats.digits, least_minor=0
        )
        expected = int(str(asked.get("expected", "0"))[:20])
    except (Unreadable, ValueError):
        return visit.page("closings/difference.html", difference=None)
    return visit.page("closings/difference.html", difference=counted - expected)


ROUTES = [show_day, show_closing, *CLOSE.routes, show_difference]
