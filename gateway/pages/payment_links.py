"""The payment link of a bill; what cannot be sent yet, staff hand on as the customer's own address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, post

from gateway.commands import payment_links as payment_link_commands
from gateway.http.requests import PathId, path_id
from gateway.pages.web import forms, labels, render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import bills as bill_queries
from gateway.schemas import payment_links as payment_link_schemas
from gateway.store import customers as customer_store

SETTLED = ("already-paid", "bill-void")
MISSING = ("sms-gateway-not-configured", "online-payments-not-configured", "no-mobile")


@post("/bills/{bill_id:str}/payment-link", status_code=200)
async def send_payment_link(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """Send the link, or say what is missing and show the address to copy."""
    visit.principal.must("send-links")
    bill_uuid, form = path_id(bill_id), await visit.form()
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_uuid)
    body = payment_link_schemas.PaymentLink(send_sms=True)
    try:
        outcome = await payment_link_commands.send_payment_link(
            visit.gateway, visit.principal, bill_uuid, lambda: body, form.key("payment-link", bill_id)
        )
        refused = outcome.problem
    except Problem as problem:
        refused = problem
    if refused is None:
        return _back(visit, bill_uuid)
    if refused.code in SETTLED:
        return _unpayable(visit, bill, refused)
    if refused.code not in MISSING:
        raise refused
    return await _instead(visit, bill, refused)


def _back(visit: Visit, bill_id: UUID) -> Response[Any]:
    if visit.is_swap:
        return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")
    return render.see_other(f"/bills/{bill_id}")


def _unpayable(visit: Visit, bill: dict[str, Any], problem: Problem) -> Response[Any]:
    if not visit.is_swap:
        return render.see_other(f"/bills/{bill['id']}?problem=already-paid")
    text = {
        "already-paid": _("This bill has been paid; there is nothing to send a link for."),
        "bill-void": _("This bill has been voided; there is nothing to send a link for."),
    }
    return visit.page("bills/unpayable.html", bill=bill, problem=text[problem.code])


async def _instead(visit: Visit, bill: dict[str, Any], problem: Problem) -> Response[Any]:
    """The customer's address, for staff to hand on; the page for browsers without JavaScript."""
    shown, customer_id = render.current_address(visit.request), UUID(bill["customer"]["id"])
    async with visit.reading() as tx:
        generation = await customer_store.portal_generation(tx, customer_id)
    return forms.decision(
        visit,
        "payment_links/body.html",
        _("Send payment link"),
        own_address(shown) if shown else f"/bills/{bill['id']}",
        bill=bill,
        missing=labels.problem_text(problem.code),
        code=problem.code,
        portal_url=visit.gateway.portals.url(customer_id, generation),
    )


ROUTES = [send_payment_link]
