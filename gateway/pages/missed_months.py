"""Months that nobody ran: told with who was not billed, for a person to run or to leave out."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from gateway.commands import missed_months as missed_month_commands
from gateway.http.requests import PathId, checked_period
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import missed_months as missed_month_queries
from gateway.schemas.filters import Page

CUSTOMERS_A_PAGE = 100


@get("/runs/missed/{period:str}")
async def show_missed_month(visit: ThisVisit, period: PathId) -> Response[Any]:
    """Show who has no bill for a month; in a swap only how many they are, for that counts everybody."""
    month = checked_period("period", period)
    page = Page(limit=CUSTOMERS_A_PAGE, cursor=visit.request.query_params.get("cursor") or None)
    async with visit.reading() as tx:
        figures = await missed_month_queries.missed_month(tx, month)
        if visit.is_swap:
            return forms.show(visit, "missed_months/figures.html", month=figures)
        listed = await missed_month_queries.list_unbilled(tx, month, page, visit.gateway.secret)
    return forms.show(
        visit,
        "missed_months/customers.html",
        month=figures,
        customers=listed["items"],
        **forwards(
            visit.request.query_params,
            f"/runs/missed/{month}",
            listed["next_cursor"],
            len(listed["items"]),
            figures["customers"],
        ),
    )


async def _leaving(visit: Visit) -> Sheet:
    """Say what leaving a month out means, before it is left out."""
    was_sent = visit.request.method == "POST"
    period = (
        (await visit.submission()).one("period") if was_sent else visit.request.query_params.get("period", "")
    )
    month = checked_period("period", period)
    async with visit.reading() as tx:
        figures = await missed_month_queries.missed_month(tx, month)
    return Sheet(
        heading=_("Leave %(month)s out?") % {"month": visit.formats.month(month)},
        label=_("Leave it out"),
        back="/runs",
        tone="danger",
        hidden=(("period", month),),
        context={"month": figures},
    )


def _period(typed: Typed) -> tuple[str]:
    return (checked_period("period", typed.submission.one("period")),)


LEAVE_OUT = Form(
    "/runs/leave-month-out",
    permission="bill",
    template="missed_months/leave-out-form.html",
    sheet=_leaving,
    arguments=_period,
    command=missed_month_commands.leave_out,
    is_keyed=False,
    done=forms.to("/runs", "month-left-out"),
)
BRING_BACK = Form(
    "/runs/bring-month-back",
    permission="bill",
    arguments=_period,
    command=missed_month_commands.bring_back,
    is_keyed=False,
    done=forms.to("/runs", "month-brought-back"),
)

ROUTES = [show_missed_month, *LEAVE_OUT.routes, *BRING_BACK.routes]
