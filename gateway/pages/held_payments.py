"""Placing and rejecting held payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.commands import held_payments as held_payment_commands
from gateway.pages.web import forms
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import Visit
from gateway.queries import held_payments as held_payment_queries
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.store import bills as bill_store
from gateway.store import customers as customer_store

LONGEST_TARGET = 100


async def _held(visit: Visit, held_id: UUID) -> Mapping[str, Any]:
    async with visit.reading() as tx:
        return await held_payment_queries.held_payment(tx, held_id)


async def _where_to(visit: Visit, held_id: UUID) -> Sheet:
    """Ask where held money goes: a bill by its number, or a customer by their code."""
    held = await _held(visit, held_id)
    return Sheet(
        heading=_("Place payment"),
        label=_("Place %(amount)s") % {"amount": visit.formats.money_text(held["amount_minor"])},
        back="/partners",
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
    done=forms.to("/partners", "placed"),
)


async def _why(visit: Visit, held_id: UUID) -> Sheet:
    held = await _held(visit, held_id)
    about = _("%(amount)s from %(source)s is not recorded. The partner is told so, with your reason.")
    amount = visit.formats.money_text(held["amount_minor"])
    return Sheet(
        heading=_("Reject payment"),
        label=_("Reject %(amount)s") % {"amount": amount},
        back="/partners",
        values={"reason": ""},
        tone="danger",
        context={"about": about % {"amount": amount, "source": held["source"].partition(":")[2]}},
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
    done=forms.to("/partners", "rejected"),
)

ROUTES = [*PLACE.routes, *REJECT.routes]
