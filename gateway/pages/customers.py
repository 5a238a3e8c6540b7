"""Customers: the list with its filters, and one customer with bills, payments and credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get

from gateway.domain import shifted
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import BillAddress
from gateway.pages.choices import in_tree_order
from gateway.pages.page_rows import first_row
from gateway.pages.web import forms
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_settings as settings_queries
from gateway.queries import customers as customer_queries
from gateway.queries import payments as payment_queries
from gateway.schemas.filters import CustomerFilter, Page
from gateway.schemas.searches import is_long_enough
from gateway.store import bills as bill_store
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from gateway.store import refunds as refund_store
from shared.db import Tx

STATUSES = ("active", "suspended", "closed")
CYCLES = ("monthly", "daily", "none")
SORTS = ("joined", "name", "-balance", "balance")
MONTHS_EXPLAINED = 6
MOST_BILLS = 60
MOST_PAYMENTS = 60


@dataclass(frozen=True)
class CustomerAddress:
    """The filter, order and place that the address of the list asks for."""

    operator_ids: tuple[str, ...] = ()
    package_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    cycles: tuple[str, ...] = ()
    owing: bool = False
    q: str = ""
    sort: str = SORTS[0]
    cursor: str = ""
    row: int = 0

    @classmethod
    def of(cls, visit: Visit) -> CustomerAddress:
        """Operators, packages and words as on Customer Bills; statuses, cycles and orders of customers."""
        shared, asked = BillAddress.of(visit.query), visit.request.query_params
        return cls(
            shared.operator_ids,
            shared.package_ids,
            tuple(status for status in STATUSES if status in asked.getall("status", [])),
            tuple(cycle for cycle in CYCLES if cycle in asked.getall("billing_cycle", [])),
            asked.get("owing") == "true",
            shared.q,
            asked["sort"] if asked.get("sort") in SORTS else SORTS[0],
            shared.cursor,
            shared.row,
        )

    @property
    def is_filtered(self) -> bool:
        return bool(
            self.operator_ids or self.package_ids or self.statuses or self.cycles or self.owing or self.q
        )

    @property
    def search(self) -> str:
        """Fewer than three characters search nothing."""
        return self.q if is_long_enough(self.q) else ""

    def filter(self) -> CustomerFilter:
        """Return the filter that the read model is asked."""
        return CustomerFilter(
            operator_ids=tuple(UUID(each) for each in self.operator_ids),
            package_ids=tuple(UUID(each) for each in self.package_ids),
            statuses=self.statuses,
            cycles=self.cycles,
            owing=True if self.owing else None,
            q=self.search or None,
        )

    def to(self, path: str = "/customers", **changes: Any) -> str:
        """The address with some of it changed, from the beginning of the list."""
        changed = replace(self, **{"cursor": "", "row": 0, **changes})
        pairs = [("operator_id", each) for each in changed.operator_ids]
        pairs += [("package_id", each) for each in changed.package_ids]
        pairs += [("status", each) for each in changed.statuses]
        pairs += [("billing_cycle", each) for each in changed.cycles]
        pairs += [("owing", "true")] if changed.owing else []
        pairs += [("sort", changed.sort)] if changed.sort != SORTS[0] else []
        place = (("q", changed.q), ("cursor", changed.cursor), ("row", str(changed.row or "")))
        pairs += [(name, value) for name, value in place if value]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def sorted_by(self, column: str) -> str:
        """The address that sorts by a column; once more puts it back, or the other way round."""
        orders = {"name": ("name", "joined"), "balance": ("-balance", "balance")}[column]
        return self.to(sort=orders[1] if self.sort == orders[0] else orders[0])

    def direction(self, column: str) -> str:
        """Return how the list is sorted by a column, in ARIA's words."""
        if self.sort.lstrip("-") != column:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"


@get("/customers")
async def show_customers(visit: ThisVisit) -> Response[Any]:
    """The page, or the part of it that a filter changes."""
    address = CustomerAddress.of(visit)
    async with visit.reading() as tx:
        listed, address = await _listed(tx, visit, address)
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
        packages = await package_store.on_sale(tx, visit.principal)
    shown, count, cursor = len(listed["items"]), listed["totals"]["count"], listed["next_cursor"]
    first = first_row(address.row, shown, count, not address.cursor, cursor is None)
    template = "customers/changed.html" if visit.is_swap else "customers/page.html"
    return forms.show(
        visit,
        template,
        address=address,
        customers=listed["items"],
        totals=listed["totals"],
        first_row=first,
        first_page=address.to() if address.cursor else "",
        next_page=address.to(cursor=cursor, row=first + shown) if cursor else "",
        operators=operators,
        packages=packages,
    )


async def _listed(
    tx: Tx, visit: Visit, address: CustomerAddress
) -> tuple[Mapping[str, Any], CustomerAddress]:
    gateway, principal = visit.gateway, visit.principal
    page = Page(limit=visit.desk.preferences.page_size, cursor=address.cursor or None, sort=address.sort)
    try:
        return await customer_queries.list_customers(
            tx, principal, address.filter(), page, gateway.secret, gateway.portals
        ), address
    except Problem as problem:
        if not any(name == "cursor" for name, _detail in problem.errors):
            raise
    page, address = replace(page, cursor=None), replace(address, cursor="", row=0)
    return await customer_queries.list_customers(
        tx, principal, address.filter(), page, gateway.secret, gateway.portals
    ), address


@get("/customers/{customer_id:str}")
async def show_customer(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """One customer: who they are, what they owe and paid, and why they were or were not billed."""
    shown_id, secret, portals = path_id(customer_id), visit.gateway.secret, visit.gateway.portals
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, shown_id, portals)
        page = Page(limit=MOST_PAYMENTS)
        payments = await payment_queries.list_payments_of_customer(tx, shown_id, page, secret, portals)
        refunds = await refund_store.of_payments(tx, [UUID(each["id"]) for each in payments["items"]])
        bills = await bill_store.all_of_customer(tx, shown_id, visit.desk.today, MOST_BILLS)
        path = await operator_store.path_to(tx, visit.principal, UUID(customer["operator_id"]))
        months = await _months(tx, visit, shown_id)
    return forms.show(
        visit,
        "customers/customer.html",
        customer=customer,
        payments=payments["items"],
        refunds=refunds,
        more_payments=payments["next_cursor"] is not None,
        bills=bills,
        owed_minor=sum(bill["balance_minor"] for bill in bills),
        overdue=sum(1 for bill in bills if bill["overdue"]),
        operator_path=path,
        months=months,
    )


async def _months(tx: Tx, visit: Visit, customer_id: UUID) -> list[dict[str, Any]]:
    """Return why the customer was or was not billed, month by month, newest first."""
    current = visit.desk.today.strftime("%Y-%m")
    first = (await settings_queries.billing_settings(tx))["billing_from"] or current
    periods = [shifted(current, -back) for back in range(MONTHS_EXPLAINED)]
    return [
        {
            "period": period,
            **await customer_queries.billing_of_customer(tx, customer_id, period, visit.gateway.portals),
        }
        for period in periods
        if period >= first
    ]


ROUTES = [show_customers, show_customer]
