"""What needs a person: held money, what could not be handled, attempts and messages without a known end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import held_payments as held_payment_commands
from gateway.commands import payment_links as payment_link_commands
from gateway.pages.page_rows import forwards
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import held_payments as held_payment_queries
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas.filters import Page
from gateway.store import bills as bill_store
from gateway.store import customers as customer_store
from gateway.store import held_payments as held_payment_store

LONGEST_TARGET = 100
PAGE = "/held"
HELD_A_PAGE = 50
MOST_UNKNOWN = 100


@get(PAGE)
async def show_held(visit: ThisVisit) -> Response[Any]:
    """Everything that waits for somebody's word."""
    visit.principal.must("place-held")
    cursor = visit.request.query_params.get("cursor") or None
    async with visit.reading() as tx:
        held = await held_payment_queries.list_held_payments(
            tx, "held", Page(limit=HELD_A_PAGE, cursor=cursor), visit.gateway.secret
        )
        checkouts = await held_payment_store.unknown_checkouts(tx, MOST_UNKNOWN)
        messages = await held_payment_store.unknown_messages(tx, MOST_UNKNOWN)
        waiting = await held_payment_store.by_currency(tx)
    return forms.show(
        visit,
        "held/page.html",
        held=held["items"],
        checkouts=checkouts,
        messages=messages,
        waiting=waiting,
        oldest=labels.age_text(visit.desk.now - min(row["oldest"] for row in waiting)) if waiting else "",
        **forwards(
            visit.request.query_params,
            PAGE,
            held["next_cursor"],
            len(held["items"]),
            sum(row["payments"] for row in waiting),
        ),
        held_count=sum(row["payments"] for row in waiting),
    )


async def _held(visit: Visit, held_id: UUID) -> Mapping[str, Any]:
    async with visit.reading() as tx:
        return await held_payment_queries.held_payment(tx, held_id)


async def _where_to(visit: Visit, held_id: UUID) -> Sheet:
    """Ask where held money goes: a bill by its number, or a customer by their code."""
    held = await _held(visit, held_id)
    return Sheet(
        heading=_("Place payment"),
        label=_("Place %(amount)s") % {"amount": visit.formats.money_text(held["amount_minor"])},
        back=PAGE,
        values={"target": ""},
        context={"held": held},
    )


async def _target(typed: Typed) -> dict[str, str]:
    """Return the body that names what was typed."""
    text = typed["target"][:LONGEST_TARGET]
    async with typed.visit.reading() as tx:
        bill_id = await bill_store.id_by_number(tx, text.upper())
        if bill_id is not None:
            return {"bill_id": str(bill_id)}
        customers = await customer_store.by_code(tx, text, 2)
    if len(customers) == 1:
        return {"customer_id": str(customers[0]["id"])}
    typed.errors["target"] = (
        _("Several customers have this code. Type a bill number instead.")
        if customers
        else _("There is no bill with this number and no customer with this code here.")
    )
    return {}


PLACE = Form(
    "/held-payments/{held_id:str}/place",
    permission="place-held",
    template="held_payments/place-form.html",
    sheet=_where_to,
    fields=("target",),
    schema=held_payment_schemas.Place,
    body=_target,
    command=held_payment_commands.place_held_payment,
    done=forms.to(PAGE, "placed"),
)


async def _accepting(visit: Visit, held_id: UUID) -> Sheet:
    """Say what follows from taking money as it is for the bill that it was paid for."""
    held = await _held(visit, held_id)
    amount = visit.formats.money_text(held["amount_minor"])
    about = _("%(amount)s is recorded as charged, for bill %(number)s. What is over becomes credit.")
    return Sheet(
        heading=_("Accept payment"),
        label=_("Accept %(amount)s") % {"amount": amount} if held["bill_id"] else "",
        back=PAGE,
        context={"about": about % {"amount": amount, "number": held["bill_number"] or ""}},
    )


async def _own_bill(typed: Typed) -> dict[str, str]:
    """Return the bill that the money was paid for."""
    held = await _held(typed.visit, typed.subject_ids[0])
    return {"bill_id": held["bill_id"]}


ACCEPT = Form(
    "/held-payments/{held_id:str}/accept",
    permission="place-held",
    template="forms/confirm-form.html",
    sheet=_accepting,
    schema=held_payment_schemas.Place,
    body=_own_bill,
    command=held_payment_commands.place_held_payment,
    done=forms.to(PAGE, "placed"),
)


async def _paying_back(visit: Visit, held_id: UUID) -> Sheet:
    """Ask why money goes back to whom it came from."""
    held = await _held(visit, held_id)
    amount = visit.formats.money_text(held["amount_minor"])
    about = _("%(amount)s goes back through the gateway that took it. Until it has, the money stays here.")
    return Sheet(
        heading=_("Refund payment"),
        label=_("Refund %(amount)s") % {"amount": amount},
        back=PAGE,
        values={"reason": ""},
        tone="danger",
        context={"about": about % {"amount": amount}},
    )


REFUND = Form(
    "/held-payments/{held_id:str}/refund",
    permission="refund",
    template="forms/reason-form.html",
    sheet=_paying_back,
    fields=("reason",),
    schema=fields.Reason,
    body=lambda typed: {"reason": typed.reason()},
    command=held_payment_commands.refund_held_payment,
    done=forms.to(PAGE, "settled"),
)
CHECKOUT = Form(
    "/checkouts/{checkout_id:str}/settle",
    permission="place-held",
    schema=held_payment_schemas.CheckoutAction,
    body=lambda typed: {"action": typed.submission.one("action")},
    command=held_payment_commands.settle_checkout,
    done=forms.to(PAGE, "settled"),
)


async def _settled(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the page that it was said on, as it is now: a bill, a bulk action, or what needs a person."""
    shown = render.current_path(visit.request)
    if visit.is_swap and shown != PAGE and not sent.pending:
        return forms.refresh()
    return forms.done(visit, sent, PAGE, "settled")


MESSAGE = Form(
    "/messages/{message_id:str}/settle",
    permission="place-held",
    schema=payment_link_schemas.MessageOutcome,
    body=lambda typed: {"outcome": typed.submission.one("outcome")},
    command=payment_link_commands.settle_message,
    done=_settled,
)
RETRY_MESSAGE = Form(
    "/messages/{message_id:str}/retry",
    permission="send-links",
    command=payment_link_commands.retry_message,
    done=_settled,
)


async def _why(visit: Visit, held_id: UUID) -> Sheet:
    held = await _held(visit, held_id)
    if held["source"].startswith("partner:"):
        about = _("%(amount)s from %(source)s is not recorded. The partner is told so, with your reason.")
    else:
        about = _(
            "%(amount)s from %(source)s will not be recorded. If it has to go back, pay it back yourself."
        )
    amount = visit.formats.money_text(held["amount_minor"])
    return Sheet(
        heading=_("Reject payment"),
        label=_("Reject %(amount)s") % {"amount": amount},
        back=PAGE,
        values={"reason": ""},
        tone="danger",
        context={"about": about % {"amount": amount, "source": labels.source_name(held["source"])}},
    )


REJECT = Form(
    "/held-payments/{held_id:str}/reject",
    permission="place-held",
    template="forms/reason-form.html",
    sheet=_why,
    fields=("reason",),
    schema=fields.Reason,
    body=lambda typed: {"reason": typed.reason()},
    command=held_payment_commands.reject_held_payment,
    done=forms.to(PAGE, "rejected"),
)

ROUTES = [
    show_held,
    *PLACE.routes,
    *ACCEPT.routes,
    *REFUND.routes,
    *REJECT.routes,
    *CHECKOUT.routes,
    *MESSAGE.routes,
    *RETRY_MESSAGE.routes,
]
