"""Payments: what came in, by day, operator, method, collector and source; and one payment with its bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from litestar import Response, get

from gateway.http.requests import PathId, path_id
from gateway.pages import choices
from gateway.pages.page_rows import around, opposite
from gateway.pages.payment_address import PaymentAddress
from gateway.pages.web import forms, labels, render
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import payments as payment_queries
from gateway.schemas.filters import Page
from gateway.store import gateways as gateway_store
from gateway.store import payments as payment_store
from gateway.store import refunds as refund_store
from shared.db import Tx

METHODS_SHOWN = 3


@get("/payments")
async def show_payments(visit: ThisVisit) -> Response[Any]:
    """Show the page, or (asked by HTMX) the part of it that a filter changes; it opens on today."""
    if not visit.query and not visit.is_swap:
        return render.see_other(PaymentAddress().on(visit.desk.today))
    address = PaymentAddress.of(visit.query)
    size = visit.desk.preferences.page_size
    async with visit.reading() as tx:
        listed = await _listed(tx, visit, address, size)
        operators = await choices.operator_tree(tx, visit)
        people = await choices.people(tx, visit)
        has_sms = await gateway_store.has_sms(tx, visit.principal.operator_id)
    template = "payments/list/changed.html" if visit.is_swap else "payments/list/page.html"
    return forms.show(
        visit,
        template,
        address=replace(address, cursor="", before="", row=0),
        tiles=tiles(listed["totals"]["by_method"]),
        as_of=render.now(),
        parent_names=operator_names(operators),
        operators=operators,
        people=people,
        has_sms=has_sms,
        methods=labels.methods(),
        page_size=size,
        **listed,
    )


async def _listed(tx: Tx, visit: Visit, address: PaymentAddress, size: int) -> dict[str, Any]:
    """Return a page of payments with totals and the addresses of its neighbours."""
    sort = opposite(address.sort) if address.before else address.sort
    page = Page(limit=size, cursor=address.before or address.cursor or None, sort=sort)
    secret = visit.gateway.secret
    try:
        listed = await payment_queries.list_payments(tx, visit.principal, address.filter(), page, secret)
    except Problem as problem:
        if not any(name == "cursor" for name, _detail in problem.errors):
            raise
        # A place in a list that has been sorted otherwise since: begin at its beginning.
        page, address = Page(limit=size, sort=address.sort), replace(address, cursor="", before="")
        listed = await payment_queries.list_payments(tx, visit.principal, address.filter(), page, secret)
    items = listed["items"][::-1] if address.before else listed["items"]
    return {
        "payments": items,
        "totals": listed["totals"],
        **around(address, {**listed, "items": items}, size, partial(payment_queries.place_of, secret=secret)),
    }


def operator_names(operators: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the operator above each is called."""
    names = {each["id"]: each["name"] for each in operators}
    return {each["id"]: names[each["parent_id"]] for each in operators if each["parent_id"] in names}


def tiles(by_method: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the methods that took the most, and all others as one."""
    shown = [{**each, "name": labels.method_name(each["method"])} for each in by_method[:METHODS_SHOWN]]
    rest = by_method[METHODS_SHOWN:]
    if rest:
        name = ", ".join(labels.method_name(each["method"]) for each in rest)
        amount, count = (sum(each[what] for each in rest) for what in ("amount_minor", "count"))
        shown.append({"name": name, "amount_minor": amount, "count": count})
    return shown


@get("/payments/{payment_id:str}")
async def show_payment(visit: ThisVisit, payment_id: PathId) -> Response[Any]:
    """Show one payment: whose it is, what it settles, where it came from, whether it was taken back."""
    async with visit.reading() as tx:
        payment = await payment_queries.payment_in_list(tx, path_id(payment_id))
        parts = await payment_store.parts(tx, path_id(payment_id))
        twins = await payment_queries.with_same_reference(tx, visit.principal, payment)
        refunds = await refund_store.of_payments(tx, [path_id(payment_id)])
        has_sms = await gateway_store.has_sms(tx, visit.principal.operator_id)
    return forms.show(
        visit,
        "payments/one/page.html",
        payment=payment,
        parts=parts,
        twins=twins,
        refunds=refunds,
        has_sms=has_sms,
    )


@get("/payments/reference")
async def look_up_reference(visit: ThisVisit) -> Response[Any]:
    """Say, while a payment is typed, which payments bear its reference already."""
    reference = str(visit.request.query_params.get("reference", "")).replace("\x00", "").strip()[:500]
    twins: list[Any] = []
    if reference:
        async with visit.reading() as tx:
            twins = await payment_store.with_reference(tx, visit.principal, reference)
    return visit.page("payments/reference.html", twins=twins, reference=reference)


ROUTES = [show_payments, look_up_reference, show_payment]
