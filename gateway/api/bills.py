"""/bills and /payments: what is owed, what was paid, and setting it right."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Stream

from gateway.commands import payments as commands
from gateway.domain import Problem
from gateway.http import responses
from gateway.http.requests import BILL_SORTS, Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.schemas.bills import Body
from gateway.schemas.filters import BillFilter
from gateway.store.access import acting_as

CSV_COLUMNS = (
    "number",
    "status",
    "overdue",
    "period",
    "issued_on",
    "due_on",
    "customer_code",
    "customer_name",
    "customer_mobile",
    "operator",
    "package",
    "currency",
    "net_minor",
    "vat_minor",
    "total_minor",
    "paid_minor",
    "balance_minor",
    "id",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@get("/bills", summary="Bills with their totals")
async def list_bills(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[Any]:
    """A page of the filter with its totals; with `Accept: text/csv` all of it."""
    query = Query(request)
    wanted, page = query.bills(), query.page(BILL_SORTS)
    if "text/csv" in request.headers.get("accept", ""):
        async with acting_as(gateway.pool, principal) as tx:
            await queries.select(tx, principal, wanted, await queries.today(tx))
        return stream_csv(gateway, principal, wanted, page.sort)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_bills(tx, principal, wanted, page, gateway.secret))


def stream_csv(gateway: Here, principal: Who, wanted: BillFilter, sort: str) -> Response[Any]:
    """The whole filter as a file that is made while it is sent."""

    async def rows() -> AsyncIterator[bytes]:
        yield _line(CSV_COLUMNS)
        async with acting_as(gateway.pool, principal) as tx:
            async for bill in queries.stream_bills(tx, principal, wanted, sort):
                yield _line(cells(bill))

    headers = {"Content-Disposition": 'attachment; filename="bills.csv"', "Cache-Control": "no-store"}
    return Stream(rows(), media_type="text/csv; charset=utf-8", headers=headers)


def cells(bill: Body) -> list[Any]:
    """The row of a bill, by `CSV_COLUMNS`; no cell can run as a formula."""
    customer = bill["customer"]
    named = {
        "customer_code": customer["code"],
        "customer_name": customer["name"],
        "customer_mobile": customer["mobile"] or "",
        "operator": bill["operator"]["name"],
        "package": bill["package"]["name"],
        "overdue": "true" if bill["overdue"] else "false",
    }
    return [_harmless(named[column] if column in named else bill[column]) for column in CSV_COLUMNS]


def _harmless(cell: Any) -> Any:
    """A spreadsheet would run a cell that starts like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _line(cells: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


@get("/bills/{bill_id:str}", summary="One bill")
async def get_bill(gateway: Here, principal: Who, bill_id: PathId) -> Response[bytes]:
    """A bill with its lines."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.bill(tx, path_id(bill_id)))


@get("/bills/{bill_id:str}/invoice.pdf", summary="The invoice as a PDF")
async def get_invoice(gateway: Here, principal: Who, bill_id: PathId) -> Response[bytes]:
    """409 for as long as nothing is set up that could render it."""
    async with acting_as(gateway.pool, principal) as tx:
        await queries.bill(tx, path_id(bill_id))
    raise Problem(409, "documents-not-configured", "Invoices cannot be rendered yet.")


@get("/bills/{bill_id:str}/payments", summary="What settles a bill")
async def list_payments(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """Payments that touch the bill; `allocated_minor` is the part on it."""
    bill, page = path_id(bill_id), Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_payments_of_bill(tx, bill, page, gateway.secret))


@post("/bills/{bill_id:str}/payments", status_code=201, summary="Record a payment")
async def record_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """201 with the payment once the bill shows it. Needs an Idempotency-Key."""
    principal.must("record-payment")
    raw = await raw_body(request)
    read = reader(bodies.Payment, raw)
    return responses.outcome(
        await commands.record_payment(gateway, principal, path_id(bill_id), read, key_of(request, raw))
    )


@post("/bills/{bill_id:str}/void", status_code=200, summary="Void a bill")
async def void_bill(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """200 with the void bill; with `reissue` it names its successor. Needs an Idempotency-Key."""
    principal.must("void")
    raw = await raw_body(request)
    read = reader(bodies.Void, raw)
    return responses.outcome(
        await commands.void_bill(gateway, principal, path_id(bill_id), read, key_of(request, raw))
    )


@post("/bills/{bill_id:str}/payment-link", status_code=201, summary="Send a payment link")
async def send_payment_link(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """409 for as long as no gateway is set up that could serve the link. Needs an Idempotency-Key."""
    principal.must("send-links")
    raw = await raw_body(request)
    read = reader(bodies.PaymentLink, raw)
    return responses.outcome(
        await commands.send_payment_link(gateway, principal, path_id(bill_id), read, key_of(request, raw))
    )


@get("/payments/{payment_id:str}", summary="One payment")
async def get_payment(gateway: Here, principal: Who, payment_id: PathId) -> Response[bytes]:
    """A payment as of now."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.payment(tx, path_id(payment_id)))


@post("/payments/{payment_id:str}/reversal", status_code=200, summary="Reverse a payment")
async def reverse_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, payment_id: PathId
) -> Response[bytes]:
    """200 with the payment, taken back. Needs an Idempotency-Key."""
    principal.must("reverse")
    raw = await raw_body(request)
    read = reader(bodies.Reason, raw)
    return responses.outcome(
        await commands.reverse_payment(gateway, principal, path_id(payment_id), read, key_of(request, raw))
    )


@get("/held-payments", summary="Money that waits to be placed")
async def list_held_payments(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """Held money of the subtree; `state` shows what was placed or rejected."""
    query = Query(request)
    state, page = query.word("state", ("held", "placed", "rejected")) or "held", query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_held_payments(tx, state, page, gateway.secret))


@get("/held-payments/{held_id:str}", summary="One held payment")
async def get_held_payment(gateway: Here, principal: Who, held_id: PathId) -> Response[bytes]:
    """Money that waits, or has left the waiting room."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.held_payment(tx, path_id(held_id)))


@post("/held-payments/{held_id:str}/place", status_code=200, summary="Place held money")
async def place_held_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, held_id: PathId
) -> Response[bytes]:
    """Give held money to a bill or a customer."""
    principal.must("place-held")
    raw = await raw_body(request)
    read = reader(bodies.Place, raw)
    return responses.outcome(
        await commands.place_held_payment(gateway, principal, path_id(held_id), read, key_of(request, raw))
    )


@post("/held-payments/{held_id:str}/reject", status_code=200, summary="Reject held money")
async def reject_held_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, held_id: PathId
) -> Response[bytes]:
    """Refuse held money, with a reason."""
    principal.must("place-held")
    raw = await raw_body(request)
    read = reader(bodies.Reason, raw)
    return responses.outcome(
        await commands.reject_held_payment(gateway, principal, path_id(held_id), read, key_of(request, raw))
    )


ROUTES = [
    list_bills,
    get_bill,
    get_invoice,
    list_payments,
    record_payment,
    void_bill,
    send_payment_link,
    get_payment,
    reverse_payment,
    list_held_payments,
    get_held_payment,
    place_held_payment,
    reject_held_payment,
]
