"""Taking a lump sum on a customer's page: how it is split is shown before it is recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import payments as payment_commands
from gateway.domain import split
from gateway.http.requests import PathId, path_id
from gateway.pages import payment_fields
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import customers as customer_queries
from gateway.schemas import payments as payment_schemas
from gateway.store import bills as bill_store
from shared.values.amounts import read_amount
from shared.values.unreadable import Unreadable


async def _payment(visit: Visit, customer_id: UUID) -> Sheet:
    """Ask for a payment, with all that is owed as its amount."""
    facts = await _facts(visit, customer_id)
    owed = visit.formats.plain_amount(facts["owed_minor"]) if facts["owed_minor"] else ""
    # Without a script the split is asked for by the button beside the amount.
    amount = visit.request.query_params.get("amount") or owed
    if visit.request.method == "POST":
        amount = (await visit.submission()).one("amount")
    split_up = _split(visit, facts, amount)
    label = _("Record %(amount)s") % {"amount": visit.formats.money_text(split_up["amount_minor"])}
    return Sheet(
        heading=_("Take a payment"),
        label=label if split_up["amount_minor"] else _("Record payment"),
        back=f"/customers/{customer_id}",
        values=payment_fields.begun(visit, amount),
        context={**facts, **split_up, "methods": labels.methods()},
    )


@get("/customers/{customer_id:str}/payment/split")
async def show_split(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Show how the amount that is being typed would be split."""
    visit.principal.must("record-payment")
    facts = await _facts(visit, path_id(customer_id))
    typed = visit.request.query_params.get("amount", "")
    return visit.page("lump_sums/split-changed.html", **facts, **_split(visit, facts, typed))


async def _facts(visit: Visit, customer_id: UUID) -> dict[str, Any]:
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, customer_id, visit.gateway.portals)
        owed = await bill_store.owed_by_customer(tx, customer_id, visit.desk.today)
    return {"customer": customer, "owed": owed, "owed_minor": sum(bill["balance_minor"] for bill in owed)}


def _split(visit: Visit, facts: dict[str, Any], typed: str) -> dict[str, Any]:
    """Return what each bill gets of what was typed; nothing where that cannot be read."""
    try:
        amount = read_amount(typed, visit.formats.currency, visit.formats.digits) if typed.strip() else 0
    except Unreadable as error:
        return {
            "amount_minor": 0,
            "parts": [],
            "credit_minor": 0,
            "unreadable": labels.unreadable_text(error),
        }
    gets, left = split(amount, facts["owed"])
    return {
        "amount_minor": amount,
        "parts": list(zip(facts["owed"], gets, strict=True)),
        "credit_minor": left,
        "unreadable": "",
    }


TAKE = Form(
    "/customers/{customer_id:str}/payment",
    permission="record-payment",
    template="lump_sums/form.html",
    sheet=_payment,
    fields=payment_fields.FIELDS,
    schema=payment_schemas.Payment,
    body=payment_fields.body,
    named=payment_fields.NAMED,
    command=payment_commands.record_lump_sum,
    done=forms.to("/customers/{customer_id}", "recorded"),
)

ROUTES = [*TAKE.routes, show_split]
