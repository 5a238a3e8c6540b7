"""What the desk can read: bills with their totals, customers, payments, runs, the catalogue.

Every function takes a transaction of `store.access.acting_as`; what is out of reach is not there (404).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from gateway.domain import Principal, not_found
from gateway.schemas import bills as shapes
from gateway.schemas import cursors
from gateway.schemas.bills import Body
from gateway.schemas.filters import BillFilter, CustomerFilter, Page
from gateway.schemas.portal_links import Portals
from gateway.store import bills
from gateway.store import customers as desk
from shared import clock
from shared.db import Tx

DEFAULT_SETTINGS: dict[str, Any] = {
    "time_zone": "Asia/Dhaka",
    "currency": "BDT",
    "due_days": 10,
    "billing_from": None,
    "link_valid_hours": 336,
    "default_vat_basis_points": 0,
    "version": 0,
}


async def billing_settings(tx: Tx) -> Mapping[str, Any]:
    """How this installation bills; the defaults until invoicing has said otherwise."""
    return await desk.one(tx, "billing_settings") or DEFAULT_SETTINGS


async def today(tx: Tx) -> date:
    """The date in the ISP's billing time zone."""
    return clock.today((await billing_settings(tx))["time_zone"])


async def list_bills(tx: Tx, principal: Principal, wanted: BillFilter, page: Page, secret: str) -> Body:
    """A page of bills with the totals of the whole filter: `{items, next_cursor, totals, as_of}`."""
    settings = await billing_settings(tx)
    selection = await select(tx, principal, wanted, clock.today(settings["time_zone"]))
    rows = await bills.page(tx, selection, page.sort, page.limit + 1, _place(page, secret))
    sums = await bills.totals(tx, selection)
    shown = rows[: page.limit]
    return {
        "items": [shapes.bill_item(row, selection.today) for row in shown],
        "next_cursor": _next(shown[-1], page.sort, secret) if len(rows) > page.limit else None,
        "totals": shapes.totals(
            sums,
            selection.statuses,
            selection.overdue,
            settings["currency"],
            selection.found is None or selection.found.exact,
        ),
        "as_of": shapes.moment(await bills.as_of(tx) or clock.now()),
    }


async def stream_bills(tx: Tx, principal: Principal, wanted: BillFilter, sort: str) -> AsyncIterator[Body]:
    """Every bill of the filter, a thousand at a time."""
    selection = await select(tx, principal, wanted, await today(tx))
    column, after = bills.SORTS[sort][1], None
    while True:
        rows = await bills.page(tx, selection, sort, 1_000, after)
        for row in rows:
            yield shapes.bill_item(row, selection.today)
        if len(rows) < 1_000:
            return
        after = (rows[-1][column], rows[-1]["id"])


async def select(tx: Tx, principal: Principal, wanted: BillFilter, on: date) -> bills.Selection:
    """A filter made ready; an operator or package out of reach is 404, as an unknown one."""
    for package_id in wanted.package_ids:
        await package(tx, principal, package_id)
    operator_ids = await _reached(tx, principal, wanted.operator_ids)
    selection = bills.Selection(
        operator_ids=operator_ids,
        counted_operator_ids=await _counted(tx, principal, wanted.operator_ids),
        package_ids=list(wanted.package_ids) or None,
        statuses=list(wanted.statuses) or None,
        period=wanted.period,
        issued_from=wanted.issued_from,
        issued_to=wanted.issued_to,
        overdue=wanted.overdue,
        today=on,
        found=None,
    )
    if wanted.q is None:
        return selection
    return replace(selection, found=await bills.find(tx, principal.reach, wanted.q))


async def _reached(tx: Tx, principal: Principal, wanted: Sequence[UUID]) -> list[UUID] | None:
    """The subtrees asked for, None when that is everything."""
    if not wanted:
        return list(principal.reach) if principal.reach is not None else None
    for operator_id in wanted:
        found = await operator(tx, principal, operator_id)
        if found["parent_id"] is None and principal.reach is None:
            return None
    return await desk.subtree(tx, wanted)


async def _counted(tx: Tx, principal: Principal, wanted: Sequence[UUID]) -> list[UUID]:
    """Whose totals to add up: an operator below another that was asked for is in that one's already."""
    if not wanted:
        return [principal.operator_id]
    rows = [await desk.one(tx, "operator_by_id", id=operator_id) for operator_id in set(wanted)]
    return [row["id"] for row in rows if row and not any(above in wanted for above in row["path"][:-1])]


def _place(page: Page, secret: str) -> tuple[Any, UUID] | None:
    if page.cursor is None:
        return None
    value, bill_id = cursors.unseal(secret, f"bills{page.sort}", page.cursor, 2)
    column = bills.SORTS[page.sort][1]
    return (int(value) if column.endswith("_minor") else date.fromisoformat(value)), UUID(bill_id)


def _next(row: Mapping[str, Any], sort: str, secret: str) -> str:
    return cursors.seal(secret, f"bills{sort}", str(row[bills.SORTS[sort][1]]), str(row["id"]))


async def bill(tx: Tx, bill_id: UUID) -> Body:
    """One bill with its lines."""
    row = await bills.by_id(tx, bill_id)
    if row is None:
        raise not_found("There is no such bill.")
    return shapes.bill(row, await today(tx))


async def list_payments_of_bill(tx: Tx, bill_id: UUID, page: Page, secret: str) -> Body:
    """What settles a bill, youngest first."""
    row = await bills.by_id(tx, bill_id)
    if row is None:
        raise not_found("There is no such bill.")
    return await _list(
        tx, "payments_of_bill", shapes.payment, page, secret, bill_id=bill_id, customer_id=row["customer_id"]
    )


async def list_payments_of_customer(
    tx: Tx, customer_id: UUID, page: Page, secret: str, portals: Portals
) -> Body:
    """A customer's payments, youngest first."""
    await customer(tx, customer_id, portals)
    return await _list(tx, "payments_of_customer", shapes.payment, page, secret, customer_id=customer_id)


async def payment(tx: Tx, payment_id: UUID) -> Body:
    """One payment as of now."""
    row = await desk.one(tx, "payment_by_id", id=payment_id)
    if row is None:
        raise not_found("There is no such payment.")
    return shapes.payment(row)


async def customer(tx: Tx, customer_id: UUID, portals: Portals) -> Body:
    """One customer."""
    row = await desk.one(tx, "customer_by_id", id=customer_id)
    if row is None:
        raise not_found("There is no such customer.")
    return shapes.customer(row, portals)


async def list_customers(
    tx: Tx, principal: Principal, wanted: CustomerFilter, page: Page, secret: str, portals: Portals
) -> Body:
    """Customers of the filter, in the order they joined."""
    for package_id in wanted.package_ids:
        await package(tx, principal, package_id)
    found = await bills.find(tx, principal.reach, wanted.q) if wanted.q is not None else None
    return await _list(
        tx,
        "customers",
        lambda row: shapes.customer(row, portals),
        page,
        secret,
        operator_ids=await _reached(tx, principal, wanted.operator_ids),
        package_ids=list(wanted.package_ids) or None,
        statuses=list(wanted.statuses) or None,
        code=wanted.code,
        found=found.customer_ids if found else None,
    )


async def billing_of_customer(tx: Tx, customer_id: UUID, period: str, portals: Portals) -> Body:
    """Why a customer was or was not billed for a period."""
    await customer(tx, customer_id, portals)
    made = await bills.of_customer(tx, customer_id, period)
    if made is not None and made["status"] != "void":
        return {"outcome": "created", "reason": None, "bill_id": str(made["id"])}
    if made is not None:
        return {"outcome": "skipped", "reason": "voided", "bill_id": str(made["id"])}
    entry = await desk.one(tx, "last_entry_of_customer", customer_id=customer_id, period=period)
    if entry is None:
        return {"outcome": None, "reason": "not-run", "bill_id": None}
    return {"outcome": entry["outcome"], "reason": entry["reason"], "bill_id": shapes.text(entry["bill_id"])}


async def operator(tx: Tx, principal: Principal, operator_id: UUID) -> Mapping[str, Any]:
    """An operator within reach."""
    row = await desk.one(tx, "operator_by_id", id=operator_id)
    if row is None or not principal.reaches(operator_id):
        raise not_found("There is no such operator.")
    return row


async def list_operators(tx: Tx, principal: Principal, page: Page, secret: str) -> Body:
    """The operators of the caller's subtree."""
    reach = list(principal.reach) if principal.reach is not None else None
    return await _list(tx, "operators", shapes.operator, page, secret, reach=reach)


async def package(tx: Tx, principal: Principal, package_id: UUID) -> Mapping[str, Any]:
    """A package that the caller's subtree may sell."""
    row = await desk.one(tx, "package_by_id", id=package_id)
    if row is None:
        raise not_found("There is no such package.")
    sellers = await _sellers(tx, principal)
    if sellers is not None and row["operator_id"] is not None and row["operator_id"] not in sellers:
        raise not_found("There is no such package.")
    return row


async def list_packages(tx: Tx, principal: Principal, page: Page, secret: str) -> Body:
    """What the caller's subtree may sell."""
    return await _list(tx, "packages", shapes.package, page, secret, sellers=await _sellers(tx, principal))


async def _sellers(tx: Tx, principal: Principal) -> list[UUID] | None:
    return None if principal.reach is None else await desk.sellers(tx, principal.operator_id)


async def run(tx: Tx, run_id: UUID) -> Body:
    """Where a run stands."""
    row = await desk.one(tx, "run_by_id", id=run_id)
    if row is None:
        raise not_found("There is no such run.")
    return shapes.run(row)


async def list_runs(tx: Tx, period: str | None, page: Page, secret: str) -> Body:
    """Runs, youngest first."""
    return await _list(tx, "runs", shapes.run, page, secret, period=period)


async def list_run_customers(tx: Tx, run_id: UUID, outcome: str | None, page: Page, secret: str) -> Body:
    """What a run did about each customer."""
    await run(tx, run_id)
    return await _list(
        tx, "run_customers", shapes.run_customer, page, secret, "customer_id", run_id=run_id, outcome=outcome
    )


async def held_payment(tx: Tx, held_id: UUID) -> Body:
    """Money that waits, or has left the waiting room."""
    row = await desk.one(tx, "held_payment_by_id", id=held_id)
    if row is None:
        raise not_found("There is no such held payment.")
    return shapes.held_payment(row)


async def list_held_payments(tx: Tx, state: str, page: Page, secret: str) -> Body:
    """Money that waits to be placed."""
    return await _list(tx, "held_payments", shapes.held_payment, page, secret, state=state)


async def list_partners(tx: Tx, page: Page, secret: str) -> Body:
    """Partner systems of the caller's subtree."""
    return await _list(tx, "partners", shapes.partner, page, secret)


async def _list(
    tx: Tx, statement: str, shape: Any, page: Page, secret: str, key: str = "id", **parameters: Any
) -> Body:
    after = cursors.unseal_id(secret, statement, page.cursor)
    rows = await desk.many(tx, statement, after=after, limit=page.limit + 1, **parameters)
    shown = rows[: page.limit]
    last = cursors.seal(secret, statement, str(shown[-1][key])) if len(rows) > page.limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": last}
