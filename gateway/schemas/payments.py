"""Payments: the body that records one, and how one is shown."""

from __future__ import annotations

from typing_extensions import TypedDict

from gateway.schemas.answers import Date, Id, Instant, Signed, answer
from gateway.schemas.fields import Day, Method, Note, Row, Shape, moment, text
from shared.contracts.envelope import Currency, Minor, PositiveMinor


@answer
class Payer(TypedDict):
    """The customer whose payment it is, as they are now."""

    id: Id
    """The customer's id."""
    code: str
    """Their code."""
    name: str
    """Their name."""
    mobile: str | None
    """Their mobile in E.164, if they have one."""


@answer
class PaymentShown(TypedDict):
    """A payment as of now."""

    id: Id
    """The payment's id."""
    bill_id: Id | None
    """The bill that it was recorded on; null for a lump sum."""
    customer_id: Id
    """Whose money it is."""
    customer: Payer | None
    """The same, with their name; null where they have moved out of the caller's reach."""
    amount_minor: Minor
    """What was received."""
    allocated_minor: Minor
    """What of it settles bills now; under a bill, what of it settles that bill."""
    credit_minor: Minor
    """What of it is the customer's credit now."""
    currency: Currency
    """The currency of the amounts."""
    method: str
    """How it was paid, such as `cash`."""
    paid_on: Date
    """The day of the payment, in the billing time zone."""
    recorded_at: Instant
    """When it was recorded."""
    recorded_by: str
    """The user's e-mail address, `partner:<name>` or `provider:<name>`."""
    recorded_by_name: str
    """What whoever recorded it is called."""
    source: str
    """Where it came from."""
    external_id: str | None
    """What the partner or the provider calls it."""
    reference: str | None
    """The payer's reference."""
    note: str | None
    """A note of whoever recorded it."""
    reversed: bool
    """Whether it was taken back."""
    reversal: Signed | None
    """Who took it back, when and why."""


def payment(row: Row) -> PaymentShown:
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
        "reversal": _reversal(row),
    }


def _customer(row: Row) -> Payer | None:
    """Return whose payment it is; None where they have moved out of the reader's reach."""
    if row["customer_code"] is None:
        return None
    return {
        "id": str(row["customer_id"]),
        "code": row["customer_code"],
        "name": row["customer_name"],
        "mobile": row["customer_mobile"],
    }


def _reversal(row: Row) -> Signed | None:
    if not row["reversed"]:
        return None
    return {"reason": row["reversal_reason"], "at": moment(row["reversed_at"]), "by": row["reversed_by"]}


class Payment(Shape):
    """Money received."""

    amount_minor: PositiveMinor
    """What was received."""
    paid_on: Day | None = None
    """The day of the payment, not in the future; today where nothing is said."""
    method: Method = "cash"
    """How it was paid."""
    reference: Note | None = None
    """The payer's reference; never a card number."""
    note: Note | None = None
    """A note; never a card number."""
