"""Lists as files that people use: CSV and workbooks in the reader's language, or raw for programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from gateway.http import sheets
from gateway.http.bulk_items_csv import stream_items
from gateway.http.csv import stream_csv
from gateway.http.customers_csv import stream_customers
from gateway.http.payments_csv import flat, stream_payments
from gateway.http.requests import PathId, path_id
from gateway.http.sheets import Column, Sheet, Writing
from gateway.pages.bill_address import BillAddress
from gateway.pages.customers import CustomerAddress
from gateway.pages.payment_address import PaymentAddress
from gateway.pages.web import labels
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import bills as bill_queries
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.queries import customers as customer_queries
from gateway.queries import payments as payment_queries
from gateway.schemas.payments import PaymentItem
from gateway.store import exports as export_store

Rows = AsyncIterator[Mapping[str, Any]]
Named = Callable[[str], str]


def writing(visit: Visit) -> Writing:
    """How the reader writes."""
    formats = visit.formats
    return Writing(formats.digits, formats.zone, formats.lakhs, _("yes"), _("no"))


def bill_columns() -> list[Column]:
    """The columns of bills."""
    return [
        Column("number", _("Number"), width=18),
        Column("status", _("Status"), width=11),
        Column("overdue", _("Overdue"), "flag", 9),
        Column("period", _("Period"), width=10),
        Column("issued_on", _("Issued"), "day", 12),
        Column("due_on", _("Due"), "day", 12),
        Column("customer_code", _("Customer code"), width=16),
        Column("customer_name", _("Customer"), width=28),
        Column("customer_mobile", _("Mobile"), "mobile", 17),
        Column("operator", _("Operator"), width=20),
        Column("package", _("Package"), width=20),
        Column("net_minor", _("Net"), "amount", 14),
        Column("vat_minor", _("VAT"), "amount", 12),
        Column("total_minor", _("Total"), "amount", 14),
        Column("paid_minor", _("Paid"), "amount", 14),
        Column("balance_minor", _("Balance"), "amount", 14),
        Column("currency", _("Currency"), width=10),
    ]


def customer_columns() -> list[Column]:
    """The columns of customers: those of an import, which takes the file back as unchanged."""
    return [
        Column("code", _("Code"), width=16),
        Column("name", _("Name"), width=28),
        Column("mobile", _("Mobile"), "mobile", 17),
        Column("address", _("Address"), width=36),
        Column("operator", _("Operator"), width=14),
        Column("package", _("Package"), width=20),
        Column("status", _("Status"), width=12),
        Column("billing_cycle", _("Billing cycle"), width=14),
        Column("since", _("Since"), "day", 12),
        Column("alternate_mobile", _("Alternate mobile"), "mobile", 17),
    ]


def payment_columns() -> list[Column]:
    """The columns of payments."""
    return [
        Column("paid_on", _("Paid on"), "day", 12),
        Column("recorded_at", _("Recorded"), "moment", 17),
        Column("customer_code", _("Customer code"), width=16),
        Column("customer_name", _("Customer"), width=28),
        Column("customer_mobile", _("Mobile"), "mobile", 17),
        Column("operator", _("Operator"), width=20),
        Column("amount_minor", _("Amount"), "amount", 14),
        Column("allocated_minor", _("On bills"), "amount", 14),
        Column("credit_minor", _("Credit"), "amount", 14),
        Column("currency", _("Currency"), width=10),
        Column("method", _("Method"), width=14),
        Column("source", _("Source"), width=20),
        Column("reference", _("Reference"), width=20),
        Column("external_id", _("Their payment id"), width=22),
        Column("bill_number", _("Bill"), width=18),
        Column("recorded_by", _("Recorded by"), width=22),
        Column("reversed", _("Reversed"), "flag", 10),
        Column("note", _("Note"), width=30),
    ]


def run_columns() -> list[Column]:
    """The columns of billing runs."""
    return [
        Column("period", _("Period"), width=10),
        Column("kind", _("Kind"), width=12),
        Column("state", _("State"), width=12),
        Column("dry_run", _("Dry run"), "flag", 9),
        Column("operator", _("Operator"), width=20),
        Column("expected", _("Expected"), "count", 11),
        Column("created", _("Created"), "count", 11),
        Column("already_billed", _("Already billed"), "count", 14),
        Column("skipped", _("Skipped"), "count", 11),
        Column("failed", _("Failed"), "count", 11),
        Column("total_minor", _("Total"), "amount", 16),
        Column("currency", _("Currency"), width=10),
        Column("requested_by", _("Requested by"), width=22),
        Column("started_at", _("Started"), "moment", 17),
        Column("completed_at", _("Completed"), "moment", 17),
    ]


def held_columns() -> list[Column]:
    """The columns of held money."""
    return [
        Column("received_at", _("Received"), "moment", 17),
        Column("source", _("Source"), width=20),
        Column("payment_id", _("Their payment id"), width=24),
        Column("amount_minor", _("Amount"), "amount", 14),
        Column("currency", _("Currency"), width=10),
        Column("reason", _("Reason"), width=26),
        Column("state", _("State"), width=12),
        Column("operator", _("Operator"), width=20),
    ]


def item_columns() -> list[Column]:
    """The columns of a bulk action's items."""
    return [
        Column("number", _("Bill"), width=18),
        Column("customer_code", _("Customer code"), width=16),
        Column("customer_name", _("Customer"), width=28),
        Column("balance_minor", _("Balance then"), "amount", 14),
        Column("currency", _("Currency"), width=10),
        Column("state", _("Outcome"), width=12),
        Column("outcome", _("What happened"), width=30),
        Column("detail", _("Details"), width=40),
        Column("reference", _("Reference"), width=20),
        Column("bill_status", _("Status now"), width=12),
        Column("left_minor", _("Balance now"), "amount", 14),
        Column("reversed", _("Reversed"), "flag", 10),
    ]


def words() -> dict[str, str]:
    """Return the name of a state and the like; anything else as it is."""
    return {
        "unpaid": _("Unpaid"),
        "partial": _("Partial"),
        "paid": _("Paid"),
        "void": _("Void"),
        **labels.customer_statuses(),
        **labels.billing_cycles(),
        "held": _("Held"),
        "placed": _("Placed"),
        "rejected": _("Rejected"),
        "running": _("Running"),
        "pending": _("Pending"),
        "completed": _("Completed"),
        "succeeded": _("Succeeded"),
        "skipped": _("Skipped"),
        "failed": _("Failed"),
        "automatic": _("Automatic"),
        "manual": _("Manual"),
    }


async def _in_words(rows: Rows, fields: Sequence[str], **named: Named) -> Rows:
    known = words()
    async for row in rows:
        said: dict[str, Any] = {name: known.get(row[name], row[name]) for name in fields}
        said |= {name: call(row[name]) if row[name] else None for name, call in named.items()}
        yield {**row, **said}


async def bills(visit: Visit) -> Sheet:
    """Every bill of the filter."""
    address = BillAddress.of(visit.query)
    async with visit.reading() as tx:
        chosen = await bill_queries.select_all(tx, visit.principal, address.filter(), visit.desk.today)
    rows = _flat(bill_queries.stream_bills(visit.gateway.pool, visit.principal, chosen, address.sort))
    rows = _in_words(rows, ("status",))
    return Sheet("bills", _("Bills"), bill_columns(), rows, writing(visit))


async def _flat(bills: Rows) -> Rows:
    async for bill in bills:
        customer = bill["customer"]
        yield {
            **bill,
            "customer_code": customer["code"],
            "customer_name": customer["name"],
            "customer_mobile": customer["mobile"],
            "operator": bill["operator"]["name"],
            "package": bill["package"]["name"],
        }


async def _customers_wanted(visit: Visit) -> dict[str, Any]:
    async with visit.reading() as tx:
        wanted = CustomerAddress.of(visit).filter()
        return await customer_queries.selected(tx, visit.principal, wanted)


async def customers(visit: Visit) -> Sheet:
    """Every customer of the filter, in the columns of an import."""
    chosen = await _customers_wanted(visit)
    rows = export_store.customers(visit.gateway.pool, visit.principal, **chosen)
    rows = _in_words(rows, ("status", "billing_cycle"))
    return Sheet("customers", _("Customers"), customer_columns(), rows, writing(visit))


async def payments(visit: Visit) -> Sheet:
    """Every payment of the filter, in the order of the list."""
    address = PaymentAddress.of(visit.query)
    async with visit.reading() as tx:
        chosen = await payment_queries.select_all(tx, visit.principal, address.filter())
    rows = _in_words(
        _flat_payments(
            payment_queries.stream_payments(visit.gateway.pool, visit.principal, chosen, address.sort)
        ),
        (),
        method=labels.method_name,
        source=labels.source_text,
    )
    return Sheet("payments", _("Payments"), payment_columns(), rows, writing(visit))


async def _flat_payments(items: AsyncIterator[PaymentItem]) -> Rows:
    async for item in items:
        # The files of people name who recorded it; those of programs say the address.
        yield {**flat(item), "recorded_by": item["recorded_by_name"]}


async def runs(visit: Visit) -> Sheet:
    """Every billing run."""
    rows = export_store.runs(visit.gateway.pool, visit.principal)
    rows = _in_words(rows, ("kind", "state"))
    return Sheet("billing-runs", _("Billing runs"), run_columns(), rows, writing(visit))


async def held(visit: Visit) -> Sheet:
    """Held money: what waits, or with `state=all` everything that ever was held."""
    state = str(visit.request.query_params.get("state", "held"))
    rows = export_store.held_payments(visit.gateway.pool, visit.principal, None if state == "all" else state)
    rows = _in_words(rows, ("state",), source=labels.source_text, reason=labels.spelled_out)
    return Sheet("held-payments", _("Held payments"), held_columns(), rows, writing(visit))


async def items(visit: Visit, action_id: UUID) -> Sheet:
    """Every item of a bulk action, or those of one state, with what became of each bill."""
    async with visit.reading() as tx:
        await bulk_action_queries.find_action(tx, visit.principal, action_id)
    rows = bulk_action_queries.stream_items(visit.gateway, visit.principal, action_id, _item_state(visit))
    rows = _in_words(_told(rows), ("state", "bill_status"), outcome=labels.reason_text)
    return Sheet("bulk-action", _("Bulk actions"), item_columns(), rows, writing(visit))


async def _told(items: Rows) -> Rows:
    """Say in the reader's words why an item failed."""
    async for item in items:
        detail = item["detail"]
        yield {**item, "detail": labels.problem_text(item["outcome"], detail) if detail else None}


def _item_state(visit: Visit) -> str | None:
    state = str(visit.request.query_params.get("state", ""))
    return state if state in ("succeeded", "skipped", "failed", "pending") else None


def _is_raw(visit: Visit) -> bool:
    """Whether a program reads it, which wants minor units, ISO dates and English words."""
    return str(visit.request.query_params.get("raw", "")) == "true"


@get("/bills/export.csv")
async def export_bills_csv(visit: ThisVisit) -> Response[Any]:
    """Every bill of the filter as CSV, sent while it is read."""
    if not _is_raw(visit):
        return sheets.as_csv(await bills(visit))
    address = BillAddress.of(visit.query)
    async with visit.reading() as tx:
        chosen = await bill_queries.select_all(tx, visit.principal, address.filter(), visit.desk.today)
    return stream_csv(visit.gateway, visit.principal, chosen, address.sort)


@get("/customers/export.csv")
async def export_customers_csv(visit: ThisVisit) -> Response[Any]:
    """Every customer of the filter as CSV."""
    if not _is_raw(visit):
        return sheets.as_csv(await customers(visit))
    return stream_customers(visit.gateway, visit.principal, await _customers_wanted(visit))


@get("/bills/export.xlsx")
async def export_bills_xlsx(visit: ThisVisit) -> Response[Any]:
    """Every bill of the filter as a workbook."""
    return sheets.as_xlsx(await bills(visit))


@get("/customers/export.xlsx")
async def export_customers_xlsx(visit: ThisVisit) -> Response[Any]:
    """Every customer of the filter as a workbook."""
    return sheets.as_xlsx(await customers(visit))


@get("/payments/export.csv")
async def export_payments_csv(visit: ThisVisit) -> Response[Any]:
    """Payments as CSV."""
    if _is_raw(visit):
        address = PaymentAddress.of(visit.query)
        async with visit.reading() as tx:
            chosen = await payment_queries.select_all(tx, visit.principal, address.filter())
        return stream_payments(visit.gateway, visit.principal, chosen, address.sort)
    return sheets.as_csv(await payments(visit))


@get("/payments/export.xlsx")
async def export_payments_xlsx(visit: ThisVisit) -> Response[Any]:
    """Payments as a workbook."""
    return sheets.as_xlsx(await payments(visit))


@get("/runs/export.csv")
async def export_runs_csv(visit: ThisVisit) -> Response[Any]:
    """Billing runs as CSV."""
    return sheets.as_csv(await runs(visit))


@get("/runs/export.xlsx")
async def export_runs_xlsx(visit: ThisVisit) -> Response[Any]:
    """Billing runs as a workbook."""
    return sheets.as_xlsx(await runs(visit))


@get("/held/export.csv")
async def export_held_csv(visit: ThisVisit) -> Response[Any]:
    """Held money as CSV."""
    return sheets.as_csv(await held(visit))


@get("/held/export.xlsx")
async def export_held_xlsx(visit: ThisVisit) -> Response[Any]:
    """Held money as a workbook."""
    return sheets.as_xlsx(await held(visit))


@get("/bulk-actions/{action_id:str}/export.csv")
async def export_items_csv(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Items of a bulk action as CSV."""
    sheet = await items(visit, path_id(action_id))
    if _is_raw(visit):
        return stream_items(visit.gateway, visit.principal, path_id(action_id), _item_state(visit))
    return sheets.as_csv(sheet)


@get("/bulk-actions/{action_id:str}/export.xlsx")
async def export_items_xlsx(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Items of a bulk action as a workbook."""
    return sheets.as_xlsx(await items(visit, path_id(action_id)))


ROUTES: list[HTTPRouteHandler] = [
    export_bills_csv,
    export_bills_xlsx,
    export_customers_csv,
    export_customers_xlsx,
    export_payments_csv,
    export_payments_xlsx,
    export_runs_csv,
    export_runs_xlsx,
    export_held_csv,
    export_held_xlsx,
    export_items_csv,
    export_items_xlsx,
]
