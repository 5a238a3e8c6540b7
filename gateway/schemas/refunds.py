"""Refunds: the body that pays credit back, and how one is shown."""

from __future__ import annotations

from typing import Literal

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


@answer
class ProviderRefund(TypedDict):
    """A payment's money on its way back through the gateway that took it, or back."""

    id: Id
    """The refund's id."""
    payment_id: Id
    """The payment."""
    amount_minor: Minor
    """What goes back."""
    currency: Currency
    """The currency of the amounts."""
    state: Literal["started", "refunded", "failed"]
    """Whether the gateway has answered, and what."""
    provider: str | None
    """The gateway."""
    reason: str | None
    """Why, in the words of who asked for it."""
    asked_by: str | None
    """Who asked for it."""
    asked_at: Instant | None
    """When."""
    external_id: str | None
    """What the gateway calls it."""
    detail: str | None
    """The gateway's words, where it failed."""


def through_gateway(row: Row, currency: str) -> ProviderRefund:
    """A payment's money on its way back, or back."""
    return {
        "id": str(row["id"]),
        "payment_id": str(row["payment_id"]),
        "amount_minor": row["amount_minor"],
        "currency": currency,
        "state": row["state"],
        "provider": row["provider"],
        "reason": row["reason"],
        "asked_by": row["asked_by"],
        "asked_at": moment(row["asked_at"]) if row["asked_at"] else None,
        "external_id": row["external_id"],
        "detail": row["detail"],
    }


class RefundOfPayment(Reason):
    """How much of a payment goes back through the gateway that took it, and why."""

    amount_minor: PositiveMinor | None = None
    """What goes back; all that is left of it where nothing is said."""


class Refund(Reason):
    """How much credit goes back, and why."""

    amount_minor: PositiveMinor
    """What is paid back, at most the credit."""
