"""Payments: the body that records one, and how one is shown."""

from __future__ import annotations

from gateway.schemas.fields import Body, Day, Method, Note, Row, Shape, moment, text
from shared.contracts.envelope import PositiveMinor


def payment(row: Row) -> Body:
    """A payment as of now."""
    return {
        "id": str(row["id"]),
        "bill_id": text(row["bill_id"]),
        "customer_id": str(row["customer_id"]),
        "customer": _customer(row),
        "amount_minor": row["amount_minor"],
        "allocated_minor": row["allocated_minor"],
        "credit_minor": row["credit_minor"],
        "currency": row["currency"],
        "method": row["method"],
        "paid_on": str(row["paid_on"]),
        "recorded_at": moment(row["recorded_at"]),
        "recorded_by": row["recorded_by"],
        "recorded_by_name": row["recorded_by_name"] or row["recorded_by"],
        "source": row["source"],
        "external_id": row["external_id"],
        "reference": row["reference"],
        "note": row["note"],
        "reversed": row["reversed"],
        "reversal": {
            "reason": row["reversal_reason"],
            "at": moment(row["reversed_at"]),
            "by": row["reversed_by"],
        }
        if row["reversed"]
        else None,
    }


def _customer(row: Row) -> Body | None:
    """Whose payment it is; None where they have moved out of the reader's reach."""
    if row["customer_code"] is None:
        return None
    return {
        "id": str(row["customer_id"]),
        "code": row["customer_code"],
        "name": row["customer_name"],
        "mobile": row["customer_mobile"],
    }


class Payment(Shape):
    """Money received."""

    amount_minor: PositiveMinor
    paid_on: Day | None = None
    method: Method = "cash"
    reference: Note | None = None
    note: Note | None = None
