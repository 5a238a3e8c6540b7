"""Payments as CSV for programs: minor units, ISO dates and ids; no cell can run as a formula."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response
from litestar.response import Stream

from gateway.access import Principal
from gateway.context import Gateway
from gateway.http.csv import harmless, headers_of, line_of
from gateway.queries import payments as payment_queries
from gateway.schemas.payments import PaymentItem
from gateway.store.payments import Selection

CSV_COLUMNS = (
    "paid_on",
    "recorded_at",
    "customer_code",
    "customer_name",
    "customer_mobile",
    "operator",
    "amount_minor",
    "allocated_minor",
    "credit_minor",
    "currency",
    "method",
    "source",
    "reference",
    "external_id",
    "bill_number",
    "recorded_by",
    "reversed",
    "note",
    "id",
)


def stream_payments(gateway: Gateway, principal: Principal, selection: Selection, sort: str) -> Response[Any]:
    """The whole selection as a file that is made while it is sent."""

    async def rows() -> AsyncIterator[bytes]:
        yield line_of(CSV_COLUMNS)
        async for payment in payment_queries.stream_payments(gateway.pool, principal, selection, sort):
            yield line_of(cells(payment))

    return Stream(rows(), media_type="text/csv; charset=utf-8", headers=headers_of("payments.csv"))


def cells(payment: PaymentItem) -> list[Any]:
    """The row of a payment, by `CSV_COLUMNS`."""
    row = flat(payment) | {"reversed": "true" if payment["reversed"] else "false"}
    return [harmless(row[column] if row[column] is not None else "") for column in CSV_COLUMNS]


def flat(payment: PaymentItem) -> dict[str, Any]:
    """A payment with the facts of its customer, bill and operator beside its own."""
    customer, bill, operator = payment["customer"], payment["bill"], payment["operator"]
    return {
        **payment,
        "customer_code": customer["code"] if customer else None,
        "customer_name": customer["name"] if customer else None,
        "customer_mobile": customer["mobile"] if customer else None,
        "operator": operator["name"] if operator else None,
        "bill_number": bill["number"] if bill else None,
    }
