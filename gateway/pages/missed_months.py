"""Months that nobody ran: told on Runs and the dashboard, with who was not billed, for a person to run."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from gateway.http.requests import PathId, checked_period
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms
from gateway.pages.web.visit import ThisVisit
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


ROUTES = [show_missed_month]
