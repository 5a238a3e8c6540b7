"""Held payments: where one goes, and how one is shown."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import model_validator
from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Row, Shape, moment, text
from gateway.schemas.filters import Paged
from shared.contracts.envelope import Minor

HeldState = Literal["held", "placed", "rejected"]


@answer
class HeldPayment(TypedDict):
    """Money that waits to be placed, or has been placed or rejected."""

    id: Id
    """The held payment's id."""
    source: str
    """Where it came from: `partner:<name>` or `provider:<name>`."""
    payment_id: str
    """What its sender calls it."""
    amount_minor: Minor
    """What was received."""
    currency: str
    """The currency that it was sent in."""
    reason: str
    """Why it could not be placed."""
    received_at: Instant
    """When it came."""
    state: HeldState
    """Whether it still waits."""
    our_payment_id: Id | None
    """The payment that it became, once it was placed."""
    bill_id: Id | None
    """The bill that it was paid for, where a payment gateway took it."""
    customer_id: Id | None
    """Whose bill that is."""
    checkout_id: Id | None
    """The attempt to pay that it came from."""
    bill_number: str | None
    """The bill's number."""
    customer_name: str | None
    """The customer's name."""


def held_payment(row: Row) -> HeldPayment:
    """Money that waits to be placed."""
    return {
        "id": str(row["id"]),
        "source": row["source"],
        "payment_id": row["payment_id"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "reason": row["reason"],
        "received_at": moment(row["received_at"]),
        "state": row["state"],
        "our_payment_id": text(row["our_payment_id"]),
        "bill_id": text(row["bill_id"]),
        "customer_id": text(row["customer_id"]),
        "checkout_id": text(row["checkout_id"]),
        "bill_number": row["bill_number"],
        "customer_name": row["customer_name"],
    }


@answer
class CheckoutSettled(TypedDict):
    """An attempt to pay was taken up or given up."""

    done: bool
    """Whether it was."""


class HeldQuery(Paged):
    """Which held money."""

    state: HeldState = "held"
    """Whether it still waits."""


class Place(Shape):
    """The target of held money: exactly one of the two."""

    bill_id: UUID | None = None
    """The bill that it pays."""
    customer_id: UUID | None = None
    """The customer whose money it is, oldest bill first."""

    @model_validator(mode="after")
    def names_one(self) -> Place:
        if (self.bill_id is None) == (self.customer_id is None):
            raise ValueError("name exactly one of bill_id and customer_id")
        return self


class CheckoutAction(Shape):
    """Ask the provider once more, or give it up."""

    action: Literal["ask", "give_up"]
    """What to do."""
