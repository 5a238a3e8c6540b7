"""Statements: a customer's account between two days, and each movement on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from gateway.schemas.answers import Date, Id, Month, answer
from gateway.schemas.fields import Row
from shared.contracts.envelope import Currency

_First = Annotated[Date, Field(description="The first day.")]
_Last = Annotated[Date, Field(description="The last day.")]
_Days = TypedDict("_Days", {"from": _First, "to": _Last})


@answer
class Entry(TypedDict):
    """A movement on a customer's account."""

    on: Date
    """The day, in the billing time zone."""
    kind: Literal["bill", "void", "payment", "reversal", "refund"]
    """What moved."""
    reference: str
    """The bill's number, or the payer's reference; empty where there is none."""
    period: Month | None
    """The month that a bill is for."""
    method: str | None
    """How a payment was made."""
    reason: str | None
    """Why something was taken back."""
    billed_minor: int
    """What was added to what is owed."""
    paid_minor: int
    """What was taken off."""
    balance_minor: int
    """What is owed after it; below zero is credit."""


@answer
class Statement(_Days):
    """A customer's account between two days: opening + billed - paid = closing; below zero is credit."""

    customer_id: Id
    """Whose account it is."""
    currency: Currency
    """The currency of the amounts."""
    opening_minor: int
    """What was owed before the first day."""
    entries: list[Entry]
    """The movements, oldest first."""
    closing_minor: int
    """What is owed after the last day."""


def statement(
    customer_id: UUID, currency: str, days: tuple[date, date], sums: tuple[int, int], rows: Sequence[Row]
) -> Statement:
    """Return the account with each entry's balance; `sums` are owed before and after `days`."""
    balance, entries = sums[0], []
    for row in rows:
        balance += row["billed_minor"] - row["paid_minor"]
        entries.append(_entry(row, balance))
    return {
        "customer_id": str(customer_id),
        "currency": currency,
        "from": str(days[0]),
        "to": str(days[1]),
        "opening_minor": sums[0],
        "entries": entries,
        "closing_minor": sums[1],
    }


def _entry(row: Row, balance_minor: int) -> Entry:
    return {
        "on": str(row["on_day"]),
        "kind": row["kind"],
        "reference": row["reference"],
        "period": row["period"],
        "method": row["method"],
        "reason": row["reason"],
        "billed_minor": row["billed_minor"],
        "paid_minor": row["paid_minor"],
        "balance_minor": balance_minor,
    }
