"""The payment link of a bill; what cannot be sent yet, staff hand on as the customer's own address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response

from gateway.commands import payment_links as payment_link_commands
from gateway.pages import bill_fragments
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Form, Sent
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.problems import Problem
from gateway.queries import bills as bill_queries
from gateway.schemas import payment_links as payment_link_schemas
from gateway.store import customers as customer_store

SETTLED = ("already-paid", "bill-void")
MISSING = ("sms-gateway-not-configured", "online-payments-not-configured", "no-mobile")


async def _sent(visit: Visit, sent: Sent) -> Response[Any]:
    return forms.refresh() if visit.is_swap else render.see_other(f"/bills/{sent.subject_ids[0]}")


async def _not_sent(visit: Visit, problem: Problem, subject_ids: tuple[UUID, ...]) -> Response[Any]:
    if problem.code not in SETTLED + MISSING:
        raise problem
    if problem.code in MISSING:
        return await _instead(visit, subject_ids[0], problem)
    text = {
        "already-paid": _("This bill has been paid. There is nothing to send a link for."),
        "bill-void": _("This bill has been voided. There is nothing to send a link for."),
    }
    return await bill_fragments.unpayable(visit, subject_ids[0], text[problem.code])


async def _instead(visit: Visit, bill_id: UUID, problem: Problem) -> Response[Any]:
    """Say what is missing, and show the customer's own address to copy."""
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
        customer_id = UUID(bill["customer"]["id"])
        generation = await customer_store.portal_generation(tx, customer_id)
    return forms.decision(
        visit,
        "payment_links/body.html",
        _("Send payment link"),
        forms.came_from(visit, f"/bills/{bill['id']}"),
        bill=bill,
        missing=labels.problem_text(problem.code),
        code=problem.code,
        portal_url=visit.gateway.portals.url(customer_id, generation),
    )


SEND = Form(
    "/bills/{bill_id:str}/payment-link",
    permission="send-links",
    schema=payment_link_schemas.PaymentLink,
    body=lambda _typed: {"send_sms": True},
    command=payment_link_commands.send_payment_link,
    done=_sent,
    refused=_not_sent,
)

ROUTES = SEND.routes
