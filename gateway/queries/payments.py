"""Payments: the list with its totals, those of a bill and of a customer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.access import Principal
from gateway.problems import not_found, wrong
from gateway.queries.billing_settings import billing_settings
from gateway.queries.bills import bill_row, search_of
from gateway.queries.customers import customer
from gateway.queries.lists import listed
from gateway.queries.operators import tops_of
from gateway.schemas import cursors, fields
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.schemas.portal_links import Portals
from gateway.store import bills as bill_store
from gateway.store import payments as payment_store
from gateway.store import refunds as refund_store
from gateway.store.access import acting_as
from gateway.store.payment_pages import SORTS
from gateway.store.statements import Row
from shared import clock
from shared.db import Pool, Tx

AT_ONCE = 1_000


async def list_payments(
    tx: Tx, principal: Principal, wanted: payment_schemas.PaymentFilter, page: Page, secret: str
) -> payment_schemas.PaymentList:
    """A page of payments with the totals of the whole filter: `{items, next_cursor, totals, as_of}`."""
    settings = await billing_settings(tx)
    selection = await select(tx, principal, wanted)
    rows = await payment_store.page(tx, selection, page.sort, page.limit + 1, _place(page, secret))
    sums = await payment_store.sums(tx, selection)
    shown = rows[: page.limit]
    exact = selection.found is None or selection.found.exact
    return {
        "items": [payment_schemas.payment_item(row) for row in shown],
        "next_cursor": place_of(shown[-1], page.sort, secret) if len(rows) > page.limit else None,
        "totals": payment_schemas.totals(sums, wanted, settings["currency"], exact),
        "as_of": fields.moment(await bill_store.as_of(tx) or clock.now()),
    }


async def select(
    tx: Tx,
    principal: Principal,
    wanted: payment_schemas.PaymentFilter,
    most_found: int = bill_store.MOST_FOUND,
) -> payment_store.Selection:
    """A filter made ready; an operator out of reach is 404, as an unknown one."""
    zone = ZoneInfo((await billing_settings(tx))["time_zone"])
    return payment_store.Selection(
        tops=await tops_of(tx, principal, wanted.operator_ids),
        methods=list(wanted.methods) or None,
        sources=list(wanted.sources) or None,
        recorded_by=wanted.recorded_by,
        paid_from=wanted.paid_from,
        paid_to=wanted.paid_to,
        since=_midnight(wanted.recorded_from, zone) if wanted.recorded_from else None,
        before=_midnight(wanted.recorded_to + timedelta(days=1), zone) if wanted.recorded_to else None,
        reversed=wanted.reversed,
        with_credit=wanted.with_credit,
        found=await _found(tx, principal, wanted.q, most_found) if wanted.q else None,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


async def select_all(
    tx: Tx, principal: Principal, wanted: payment_schemas.PaymentFilter
) -> payment_store.Selection:
    """A filter made ready with everything that its search matches; 422 when that is more than we can take."""
    selection = await select(tx, principal, wanted, bill_store.MOST_SELECTED)
    if selection.found is not None and not selection.found.exact:
        most = f"{bill_store.MOST_SELECTED:,}"
        raise wrong("q", f"The search matches more than {most}; add a word or a filter.", "too-many")
    return selection


async def _found(tx: Tx, principal: Principal, words: str, most: int) -> payment_store.Found:
    customers = await bill_store.find(tx, principal.top, await search_of(tx, words), most)
    payments, all_of_them = await payment_store.find(tx, principal.top, words.strip(), most)
    return payment_store.Found(customers.customer_ids, payments, customers.exact and all_of_them)


async def stream_payments(
    pool: Pool, principal: Principal, selection: payment_store.Selection, sort: str
) -> AsyncIterator[payment_schemas.PaymentItem]:
    """Every payment of the selection, a thousand at a time, each in a transaction of its own."""
    column, after = SORTS[sort].column, None
    while True:
        async with acting_as(pool, principal) as tx:
            rows = await payment_store.page(tx, selection, sort, AT_ONCE, after)
        for row in rows:
            yield payment_schemas.payment_item(row)
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1][column], rows[-1]["id"])


def _place(page: Page, secret: str) -> tuple[Any, UUID] | None:
    if page.cursor is None:
        return None
    value, payment_id = cursors.unseal(secret, f"payments{page.sort}", page.cursor, 2)
    is_moment = SORTS[page.sort].column == "recorded_at"
    return (datetime.fromisoformat(value) if is_moment else date.fromisoformat(value)), UUID(payment_id)


def place_of(row: Mapping[str, Any], sort: str, secret: str) -> str:
    """Return the cursor that goes on after this payment."""
    return cursors.seal(secret, f"payments{sort}", str(row[SORTS[sort].column]), str(row["id"]))


async def payment_in_list(tx: Tx, payment_id: UUID) -> payment_schemas.PaymentItem:
    """Return one payment as the list shows it, or raise 404."""
    row = await payment_store.in_list(tx, payment_id)
    if row is None:
        raise not_found("There is no such payment.")
    return payment_schemas.payment_item(row)


async def list_payments_of_bill(
    tx: Tx, bill_id: UUID, page: Page, secret: str
) -> Listed[payment_schemas.PaymentShown]:
    """Return what settles a bill, newest first."""
    row = await bill_row(tx, bill_id)
    return await listed(
        tx,
        "payments_of_bill",
        payment_store.page_of_bill,
        payment_schemas.payment,
        page,
        secret,
        bill_id=bill_id,
        customer_id=row["customer_id"],
    )


async def list_payments_of_customer(
    tx: Tx, customer_id: UUID, page: Page, secret: str, portals: Portals
) -> Listed[payment_schemas.PaymentShown]:
    """A customer's payments, youngest first."""
    await customer(tx, customer_id, portals)
    return await listed(
        tx,
        "payments_of_customer",
        payment_store.page_of_customer,
        payment_schemas.payment,
        page,
        secret,
        customer_id=customer_id,
    )


async def payment_row(tx: Tx, payment_id: UUID) -> Row:
    """Return a payment within reach as it is kept, or raise 404."""
    row = await payment_store.by_id(tx, payment_id)
    if row is None:
        raise not_found("There is no such payment.")
    return row


async def payment(tx: Tx, payment_id: UUID) -> payment_schemas.PaymentShown:
    """One payment as of now."""
    return payment_schemas.payment(await payment_row(tx, payment_id))


async def with_same_reference(
    tx: Tx, principal: Principal, payment: payment_schemas.PaymentShown
) -> list[Row]:
    """Return the last other payments that bear the reference of this one, and stand."""
    if not payment["reference"]:
        return []
    return await payment_store.with_reference(tx, principal, payment["reference"], UUID(payment["id"]))


async def refundable(tx: Tx, payment: Row) -> int:
    """Return what of a payment could go back through its gateway: what has not, and is not on its way."""
    refunds = (await refund_store.of_payments(tx, [payment["id"]])).get(str(payment["id"]), [])
    gone: int = sum(each["amount_minor"] for each in refunds if each["state"] != "failed")
    left: int = payment["amount_minor"] - gone
    return left


async def list_refunds(tx: Tx, payment_id: UUID) -> Listed[refund_schemas.ProviderRefund]:
    """Return what went back of a payment through the gateway that took it, or is on its way."""
    payment = await payment_row(tx, payment_id)
    refunds = (await refund_store.of_payments(tx, [payment_id])).get(str(payment_id), [])
    shown = [refund_schemas.through_gateway(each, payment["currency"]) for each in refunds]
    return {"items": shown, "next_cursor": None}
