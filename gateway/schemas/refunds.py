"""Refunds: the body that pays credit back, and how one is shown."""

from __future__ import annotations

from gateway.schemas.fields import Body, Reason, Row, moment
from shared.contracts.envelope import PositiveMinor


def refund(row: Row, credit_minor: int, currency: str) -> Body:
    """Credit that was paid back."""
    return {
        "id": str(row["id"]),
        "customer_id": str(row["customer_id"]),
        "amount_minor": row["amount_minor"],
        "currency": currency,
        "reason": row["reason"],
        "refunded_by": row["refunded_by"],
        "refunded_at": moment(row["refunded_at"]),
        "credit_minor": credit_minor,
    }


class Refund(Reason):
    """How much credit goes back, and why."""

    amount_minor: PositiveMinor
