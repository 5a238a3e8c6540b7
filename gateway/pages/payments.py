"""Marking one bill as paid, taking a payment back, and paying it back through the gateway that took it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response

from gateway.commands import payments as payment_commands
from gateway.pages import bill_fragments, payment_fields
from gateway.pages.bill_fragments import changed_bill, changed_row
from gateway.pages.web import forms, labels, render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.queries import bills as bill_queries
from gateway.queries import payments as payment_queries
from gateway.schemas import fields
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas


async def _payment(visit: Visit, bill_id: UUID) -> Sheet | Response[Any]:
    """Ask for a payment, with the balance as its amount."""
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
    if bill["status"] == "void" or not bill["balance_minor"]:
        code = "bill-void" if bill["status"] == "void" else "already-paid"
        return await bill_fragments.unpayable(visit, bill_id, labels.problem_text(code))
    balance = visit.formats.plain_amount(bill["balance_minor"])
    return Sheet(
        heading=_("Mark as paid"),
        label=_("Record payment"),  # the script says the amount, as it is typed
        back=forms.came_from(visit, f"/bills/{bill_id}"),
        values=payment_fields.begun(visit, balance),
        context={"bill": bill, "balance": balance, "methods": labels.methods()},
    )


async def _recorded(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the bill with its payment, on the page or in the row that it was recorded from."""
    bill_id = sent.subject_ids[0]
    if not visit.is_swap:
        note = "recording" if sent.pending else "recorded"
        return render.see_other(f"/bills/{bill_id}?{note}={sent.result.operation_id}")
    changed = changed_bill if render.current_path(visit.request) == f"/bills/{bill_id}" else changed_row
    return await changed(visit, bill_id, payment=sent.body, recording=sent.pending)


MARK_PAID = Form(
    "/bills/{bill_id:str}/payments",
    shown_at="/bills/{bill_id:str}/mark-paid",
    permission="record-payment",
    template="payments/mark-paid-form.html",
    sheet=_payment,
    fields=payment_fields.FIELDS,
    schema=payment_schemas.Payment,
    body=payment_fields.body,
    named=payment_fields.NAMED,
    command=payment_commands.record_payment,
    done=_recorded,
)


async def _reversal(visit: Visit, payment_id: UUID) -> Sheet:
    """Ask why a payment is taken back."""
    async with visit.reading() as tx:
        payment = await payment_queries.payment(tx, payment_id)
    otherwise = f"/bills/{payment['bill_id']}" if payment["bill_id"] else "/bills"
    return Sheet(
        heading=_("Reverse payment"),
        label=_("Reverse %(amount)s") % {"amount": visit.formats.money_text(payment["amount_minor"])},
        back=forms.came_from(visit, otherwise),
        values={"reason": ""},
        problem=labels.problem_text("already-reversed") if payment["reversed"] else "",
        tone="danger",
        context={"payment": payment},
    )


async def _reversed(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the page that it was asked on, as it is now."""
    if not visit.is_swap:
        back = (await visit.submission()).one("return_to")
        return render.see_other(own_address(back) if back else "/bills")
    async with visit.reading() as tx:
        payment = await payment_queries.payment(tx, sent.subject_ids[0])
    bill_id, shown = payment["bill_id"], render.current_path(visit.request)
    if bill_id and shown == f"/bills/{bill_id}":
        return await changed_bill(visit, UUID(bill_id), reversal=payment)
    if bill_id and shown == "/bills":
        return await _row_after_reversal(visit, UUID(bill_id), payment)
    return forms.refresh()


async def _row_after_reversal(visit: Visit, bill_id: UUID, payment: Mapping[str, Any]) -> Response[Any]:
    return visit.page(
        "bills/payment-reversed.html",
        **await bill_fragments.row_facts(visit, bill_id),
        payment=payment,
        recordings={},
        changed=str(bill_id),
    )


REVERSE = Form(
    "/payments/{payment_id:str}/reverse",
    permission="reverse",
    template="payments/reverse-form.html",
    sheet=_reversal,
    fields=("reason",),
    schema=fields.Reason,
    body=lambda typed: {"reason": typed.reason()},
    command=payment_commands.reverse_payment,
    done=_reversed,
)


async def _paying_back(visit: Visit, payment_id: UUID) -> Sheet:
    """Ask how much of a payment goes back, and say what follows."""
    async with visit.reading() as tx:
        payment = await payment_queries.payment(tx, payment_id)
        left = await payment_queries.refundable(tx, await payment_queries.payment_row(tx, payment_id))
    code = "already-reversed" if payment["reversed"] else "" if left else "more-than-left"
    otherwise = (
        f"/bills/{payment['bill_id']}" if payment["bill_id"] else f"/customers/{payment['customer_id']}"
    )
    return Sheet(
        heading=_("Refund payment"),
        label=_("Pay back through the gateway"),
        back=forms.came_from(visit, otherwise),
        values={"amount": visit.formats.plain_amount(left), "reason": ""},
        problem=labels.problem_text(code) if code else "",
        tone="danger",
        context={"payment": payment},
    )


async def _paid_back(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the page that it was asked on, as it is now: the money may still be on its way."""
    if visit.is_swap:
        return forms.refresh()
    back = (await visit.submission()).one("return_to")
    return render.see_other(own_address(back) if back else "/bills")


REFUND = Form(
    "/payments/{payment_id:str}/refund",
    permission="refund",
    template="payments/refund-form.html",
    sheet=_paying_back,
    fields=("amount", "reason"),
    schema=refund_schemas.RefundOfPayment,
    body=lambda typed: {"amount_minor": typed.amount("amount"), "reason": typed.reason()},
    named={"amount_minor": "amount"},
    command=payment_commands.refund_payment,
    done=_paid_back,
)

ROUTES = [*MARK_PAID.routes, *REVERSE.routes, *REFUND.routes]
