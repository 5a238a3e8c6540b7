"""The payment link of a bill. Without an SMS gateway, staff hand the customer's own address on themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway import queries
from gateway.api.requests import PathId, path_id
from gateway.pages import render, words
from gateway.pages.preferences import own_address
from gateway.pages.visits import ThisVisit


@get("/bills/{bill_id:str}/payment-link")
async def show_payment_link(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The address to copy; a dialog for HTMX, a page otherwise."""
    visit.principal.must("send-links")
    async with visit.reading() as tx:
        bill = await queries.bill(tx, path_id(bill_id))
    if not bill["balance_minor"]:
        problem = words.problem_text("bill-void" if bill["status"] == "void" else "already-paid")
        if visit.is_swap:
            return visit.page("bills/unpayable.html", bill=bill, problem=problem)
        return render.see_other(f"/bills/{bill['id']}?problem=already-paid")
    template = "bills/payment-link.html" if visit.is_swap else "bills/payment-link-page.html"
    shown = render.current_address(visit.request)
    return visit.page(
        template,
        bill=bill,
        portal_url=visit.gateway.portals.url(UUID(bill["customer"]["id"])),
        back=own_address(shown) if shown else f"/bills/{bill['id']}",
    )


ROUTES = [show_payment_link]
