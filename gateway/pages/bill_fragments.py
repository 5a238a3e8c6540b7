"""Fragments that the list, the page of a bill and payments share: a row, and the bill as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Response

from gateway.http.requests import path_id
from gateway.operations import results
from gateway.pages.bill_address import BillAddress
from gateway.pages.web import labels, render
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.problems import Problem, not_found
from gateway.queries import bills as bill_queries
from gateway.queries import customers as customer_queries
from gateway.queries import payments as payment_queries
from gateway.schemas.filters import Page
from gateway.store import bills as bill_store
from gateway.store import operations as operation_store
from gateway.store import operators as operator_store
from gateway.store import payment_links as payment_link_store
from gateway.store import payments as payment_store
from gateway.store import refunds as refund_store
from gateway.store.statements import Row
from shared.db import Tx

MOST_PAYMENTS = 200


async def bill_facts(visit: Visit, bill_id: UUID) -> dict[str, Any]:
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
        listed = await payment_queries.list_payments_of_bill(
            tx, bill_id, Page(limit=MOST_PAYMENTS), visit.gateway.secret
        )
        origin = await bill_store.origin(tx, bill_id)
        online = await payment_link_store.history_of_bill(tx, bill_id)
        return {
            "bill": bill,
            "payments": listed["items"],
            "refunds": await refund_store.of_payments(tx, [UUID(each["id"]) for each in listed["items"]]),
            "customer": await _customer(tx, visit, UUID(bill["customer"]["id"])),
            "operator_path": await operator_store.path_to(tx, visit.principal, UUID(bill["operator"]["id"])),
            "timeline": timeline(bill, origin, listed["items"], online),
            "origin": origin,
            "numbers": await bill_store.numbers(
                tx, [UUID(each) for each in (bill["reissue_of"], bill["reissued_as"]) if each]
            ),
        }


async def _customer(tx: Tx, visit: Visit, customer_id: UUID) -> Mapping[str, Any] | None:
    """The customer as they are now; nothing when they have moved out of reach."""
    try:
        return await customer_queries.customer(tx, customer_id, visit.gateway.portals)
    except Problem:
        return None


def timeline(
    bill: Mapping[str, Any],
    origin: Mapping[str, Any],
    payments: Sequence[Mapping[str, Any]],
    online: tuple[Sequence[Row], Sequence[Row], Sequence[Row]] = ((), (), ()),
) -> list[dict[str, Any]]:
    """Return what happened to a bill, newest first: when, what, who, from where."""
    happened: list[dict[str, Any]] = [{"kind": "issued", "at": origin["issued_at"], "origin": origin}]
    for payment in payments:
        happened.append({"kind": "paid", "at": render.moment(payment["recorded_at"]), "payment": payment})
        if payment["reversal"]:
            happened.append(
                {"kind": "reversed", "at": render.moment(payment["reversal"]["at"]), "payment": payment}
            )
    links, messages, checkouts = online
    happened += [{"kind": "link", "at": link["opened_at"]} for link in links]
    happened += [{"kind": "message", "at": message["at"], "message": message} for message in messages]
    happened += [{"kind": "checkout", "at": each["created_at"], "checkout": each} for each in checkouts]
    if bill["void"]:
        happened.append({"kind": "voided", "at": render.moment(bill["void"]["at"]), "void": bill["void"]})
    return sorted((each for each in happened if each["at"]), key=lambda each: each["at"], reverse=True)


async def changed_bill(
    visit: Visit,
    bill_id: UUID,
    payment: Mapping[str, Any] | None = None,
    reversal: Mapping[str, Any] | None = None,
    recording: str = "",
    refusal: str = "",
    voided: bool = False,
) -> Response[Any]:
    """The page's content in place of the old one, and a note about what changed."""
    return visit.page(
        "bills/one/changed.html",
        **await bill_facts(visit, bill_id),
        payment=payment,
        reversal=reversal,
        recording=recording,
        refusal=refusal,
        voided=voided,
        notice="",
    )


async def row_context(tx: Tx, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what rows show beside their bill: the operator above, and what ended the matter."""
    paid = [UUID(bill["id"]) for bill in items if bill["status"] == "paid"]
    reissued = [UUID(bill["reissued_as"]) for bill in items if bill["reissued_as"]]
    last = await payment_store.last_of_bills(tx, paid) if paid else {}
    numbers = await bill_store.numbers(tx, reissued) if reissued else {}
    notes: dict[str, Any] = {}
    for bill in items:
        if (payment := last.get(bill["id"])) is not None:
            notes[bill["id"]] = (labels.method_name(payment["method"]), payment["paid_on"])
        elif bill["reissued_as"]:
            notes[bill["id"]] = (
                _("Reissued as %(number)s") % {"number": numbers.get(bill["reissued_as"], "")},
                None,
            )
    operators = list({UUID(bill["operator"]["id"]) for bill in items})
    return {"notes": notes, "parent_names": await operator_store.parent_names(tx, operators)}


async def changed_row(
    visit: Visit,
    bill_id: UUID,
    payment: Mapping[str, Any] | None = None,
    recording: str = "",
    refusal: str = "",
) -> Response[Any]:
    """A row in place of the old one, with the figures of the view it is in, and a note."""
    facts = await row_facts(visit, bill_id)
    return visit.page(
        "bills/payment-recorded.html",
        **facts,
        payment=payment,
        refusal=refusal,
        recordings={str(bill_id): recording} if recording else {},
        changed=str(bill_id) if payment else "",
    )


async def row_facts(visit: Visit, bill_id: UUID) -> dict[str, Any]:
    """A bill as its row shows it now, and the figures of the view that the browser shows."""
    address = BillAddress.of(render.current_query(visit.request))
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
        listed = await bill_queries.list_bills(
            tx,
            visit.principal,
            address.filter(),
            Page(limit=1),
            visit.gateway.secret,
            visit.gateway.portals,
        )
        rows = await row_context(tx, [bill])
    return {
        "bill": bill,
        "totals": listed["totals"],
        "as_of": render.now(),
        "address": replace(address, limit=None),
        **rows,
    }


async def unpayable(visit: Visit, bill_id: UUID, text: str) -> Response[Any]:
    """Say that somebody else was quicker; the row and the figures behind the dialog say so too."""
    if not visit.is_swap:
        return render.see_other(f"/bills/{bill_id}?problem=already-paid")
    is_listed = render.current_path(visit.request) == "/bills"
    facts = await row_facts(visit, bill_id)
    return visit.page("bills/unpayable.html", problem=text, is_listed=is_listed, recordings={}, **facts)


async def row_after(visit: Visit, bill_id: UUID, operation_id: str | None) -> Response[Any]:
    """The row while its payment is on its way, and once it has arrived or was refused."""
    operation = None
    if operation_id:
        async with visit.reading() as tx:
            operation = await operation_store.find(tx, path_id(operation_id))
            if operation is None or operation.caller != visit.principal.caller:
                raise not_found()
            body = (
                await results.answer(tx, operation, visit.gateway.portals)
                if operation.state == "completed"
                else None
            )
        if operation.state == "refused" and operation.problem:
            text = labels.problem_text(str(operation.problem["code"]), str(operation.problem["detail"]))
            return await changed_row(visit, bill_id, refusal=text)
        if body is None:
            return await changed_row(visit, bill_id, recording=operation_id)
        return await changed_row(visit, bill_id, payment=body)
    return await changed_row(visit, bill_id)
