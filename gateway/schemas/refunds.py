"""Refunds: the body that pays credit back, and how one is shown."""

from __future__ import annotations

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Reason, Row, moment
from shared.contracts.envelope import Currency, Minor, PositiveMinor


@answer
class RefundShown(TypedDict):
    """Credit that was paid back."""

    id: Id
    """The refund's id."""
    customer_id: Id
    """Who got it."""
    amount_minor: Minor
    """What was paid back."""
    currency: Currency
    """The currency of the amounts."""
    reason: str
    """Why, in the words of who did it."""
    refunded_by: str
    """The e-mail address of who did it."""
    refunded_at: Instant
    """When."""
    credit_minor: Minor
    """The credit that is left now."""


def refund(row: Row, credit_minor: int, currency: str) -> RefundShown:
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
    """What is paid back, at most the credit."""
