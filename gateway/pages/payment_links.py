"""The payment link of a bill; what cannot be sent yet, staff hand on as the customer's own address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response

from gateway.commands import payment_links as payment_link_commands
from gateway.pages import bill_fragments, choices, link_texts
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.problems import Problem
from gateway.queries import bills as bill_queries
from gateway.queries import customers as customer_queries
from gateway.queries import link_plans
from gateway.queries import payments as payment_queries
from gateway.schemas import payment_links as payment_link_schemas
from gateway.store import customers as customer_store

SETTLED = ("already-paid", "bill-void")
MISSING = ("sms-gateway-not-configured", "online-payments-not-configured", "no-mobile")


async def _asking(visit: Visit, bill_id: UUID) -> Sheet | Response[Any]:
    """Show what the customer will read, and what it takes; or what is missing, with the address to copy."""
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
        planned = (await link_plans.plan(tx, [bill_id], send_sms=True))[0]
        language = visit.request.query_params.get("language", "")
        language = language if language in link_texts.LANGUAGES else "en"
        found = await link_texts.estimate(tx, visit, [planned], language) if planned.outcome is None else None
    if found is None:
        assert planned.outcome is not None, "either a text or what is missing"
        return await _not_sent(visit, Problem(409, planned.outcome, planned.detail), (bill_id,))
    return Sheet(
        heading=_("Send payment link"),
        label=_("Send payment link"),
        back=forms.came_from(visit, f"/bills/{bill_id}"),
        values={"language": language},
        context={"bill": bill, "estimate": found, "languages": choices.message_languages()},
    )


async def _sent(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the link to copy; what becomes of its message stands on the row and the bill."""
    bill_id = sent.subject_ids[0]
    if not visit.is_swap:
        return render.see_other(f"/bills/{bill_id}")
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
    return forms.decision(
        visit,
        "payment_links/sent.html",
        _("Payment link sent"),
        f"/bills/{bill_id}",
        bill=bill,
        link=sent.body,
    )


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
    template="payment_links/form.html",
    sheet=_asking,
    fields=("language",),
    body=lambda typed: {"send_sms": True, "language": typed["language"] or "en"},
    command=payment_link_commands.send_payment_link,
    done=_sent,
    refused=_not_sent,
)


async def _portal(visit: Visit, customer_id: UUID) -> Sheet:
    """Ask in which language a customer is sent the address of their page."""
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, customer_id, visit.gateway.portals)
    return Sheet(
        heading=_("Send the portal address"),
        label=_("Send by SMS"),
        back=f"/customers/{customer_id}",
        values={"language": "en"},
        context={"customer": customer, "languages": choices.message_languages()},
    )


PORTAL = Form(
    "/customers/{customer_id:str}/portal-message",
    permission="send-links",
    template="payment_links/portal-form.html",
    sheet=_portal,
    fields=("language",),
    schema=payment_link_schemas.PortalMessage,
    body=lambda typed: {"language": typed["language"] or "en"},
    command=payment_link_commands.send_portal_address,
    done=forms.to("/customers/{customer_id}", "sent"),
)


async def _receipt(visit: Visit, payment_id: UUID) -> Sheet:
    """Ask in which language a customer is told that their payment came in."""
    async with visit.reading() as tx:
        payment = await payment_queries.payment_in_list(tx, payment_id)
    return Sheet(
        heading=_("Send the receipt of %(amount)s")
        % {"amount": visit.formats.money_text(payment["amount_minor"])},
        label=_("Send by SMS"),
        back=f"/payments/{payment_id}",
        values={"language": "en"},
        context={"customer": payment["customer"], "languages": choices.message_languages()},
    )


RECEIPT = Form(
    "/payments/{payment_id:str}/receipt-message",
    permission="send-links",
    template="payment_links/receipt-form.html",
    sheet=_receipt,
    fields=("language",),
    schema=payment_link_schemas.PortalMessage,
    body=lambda typed: {"language": typed["language"] or "en"},
    command=payment_link_commands.send_receipt,
    done=forms.to("/payments/{payment_id}", "sent"),
)

ROUTES = [*SEND.routes, *PORTAL.routes, *RECEIPT.routes]
