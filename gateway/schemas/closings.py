"""Closings: the sheet of a day, the body that signs it off, and how a closed one is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from pydantic import model_validator
from typing_extensions import TypedDict

from gateway.schemas.answers import Date, Id, Instant, Named, answer
from gateway.schemas.fields import Day, Note, Row, Shape, moment
from gateway.schemas.filters import Paged, Query
from gateway.schemas.payments import Source
from shared.contracts.envelope import Currency, Minor
from shared.contracts.payments import Balance

# Paper and coins are handed over; everything else went to an account.
_HANDED_OVER = ("cash", "cheque")


@answer
class CollectedLine(TypedDict):
    """What was taken on the day by one method, on one way."""

    method: str
    """The method."""
    source: Literal["desk", "provider", "partner"]
    """Where it came from."""
    payments: int
    """How many payments."""
    amount_minor: Minor
    """What they add up to."""
    hand_over_minor: Minor
    """What of it is handed over in cash or paper."""


@answer
class Figures(TypedDict):
    """A day's figures: expected = cash + late - reversed."""

    day: Date
    """The day on which the money was paid."""
    operator: Named
    """Whose day, or whose collector."""
    collector: str | None
    """The e-mail address of the collector; null for the operator's own day, with its subtree."""
    collector_name: str | None
    """What the collector is called."""
    currency: Currency
    """The currency of the amounts."""
    lines: list[CollectedLine]
    """What was collected, by method and by where it came from."""
    payments: int
    """How many payments."""
    collected_minor: Minor
    """What was collected."""
    cash_minor: Minor
    """What of it is cash taken at the desk."""
    late_payments: int
    """Cash payments of closed days that were recorded after their day was closed."""
    late_minor: Minor
    """What they add up to."""
    reversed_payments: int
    """Cash payments of closed days that were taken back after their day was closed."""
    reversed_minor: Minor
    """What they add up to."""
    expected_minor: Balance
    """The cash that is expected in hand."""


@answer
class Closing(Figures):
    """A day that was counted and signed off; it never changes."""

    id: Id
    """Its id."""
    counted_minor: Minor
    """The cash that was counted."""
    difference_minor: Balance
    """Counted less expected: below zero something is missing."""
    note: str | None
    """Why they differ, in the words of who signed."""
    closed_by: str
    """The e-mail address of who signed."""
    closed_by_name: str
    """What they are called."""
    closed_at: Instant
    """When."""


@answer
class Correction(TypedDict):
    """A payment that changed a day after it was closed; it counts in the next closing."""

    kind: Literal["late", "reversed"]
    """Recorded after the closing, or counted in it and taken back since."""
    payment_id: Id
    """The payment."""
    amount_minor: Minor
    """Its amount."""
    method: str
    """How it was paid."""
    at: Instant
    """When it was recorded, or taken back."""


@answer
class DaySheet(Figures):
    """A day as it is now: open with the figures of now, or closed with those that were signed."""

    state: Literal["open", "closed"]
    """Whether it was signed off."""
    closing: Closing | None
    """What was signed, once it was."""
    corrections: list[Correction]
    """What changed since it was closed, the last first; 200 of them at most."""


def _lines(rows: Iterable[Row]) -> list[CollectedLine]:
    return [
        {
            "method": row["method"],
            "source": row["source"],
            "payments": row["payments"],
            "amount_minor": row["amount_minor"],
            "hand_over_minor": row["amount_minor"]
            if row["source"] == "desk" and row["method"] in _HANDED_OVER
            else 0,
        }
        for row in rows
    ]


def figures(row: Row) -> Figures:
    """Return the figures of a day."""
    return {
        "day": str(row["day"]),
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"] or ""},
        "collector": row["collector"],
        "collector_name": row["collector_name"],
        "currency": row["currency"],
        "lines": _lines(row["lines"]),
        "payments": row["payments"],
        "collected_minor": row["collected_minor"],
        "cash_minor": row["cash_minor"],
        "late_payments": row["late_payments"],
        "late_minor": row["late_minor"],
        "reversed_payments": row["reversed_payments"],
        "reversed_minor": row["reversed_minor"],
        "expected_minor": row["expected_minor"],
    }


def closing(row: Row) -> Closing:
    """Return a day that was signed off."""
    return {
        **figures(row),
        "id": str(row["id"]),
        "counted_minor": row["counted_minor"],
        "difference_minor": row["counted_minor"] - row["expected_minor"],
        "note": row["note"],
        "closed_by": row["closed_by"],
        "closed_by_name": row["closed_by_name"] or row["closed_by"],
        "closed_at": moment(row["closed_at"]),
    }


def correction(row: Row) -> Correction:
    """Return what changed a closed day."""
    at = row["recorded_at"] if row["is_late"] else row["reversed_at"]
    return {
        "kind": "late" if row["is_late"] else "reversed",
        "payment_id": str(row["id"]),
        "amount_minor": row["amount_minor"],
        "method": row["method"],
        "at": moment(at),
    }


class SheetQuery(Query):
    """Whose day; the caller's own operator's day of today where nothing is said."""

    operator_id: UUID | None = None
    """An operator, with its subtree."""
    collector: Source | None = None
    """The e-mail address of a collector; takes the place of `operator_id`."""
    day: Day | None = None
    """The day on which the money was paid; today where none is named."""


class ClosingQuery(Paged):
    """Which closed days: all within reach, one collector's, or an operator's own."""

    operator_id: UUID | None = None
    """The operator whose own days are meant."""
    collector: Source | None = None
    """The e-mail address of the collector."""


class Close(Shape):
    """What signs a day off."""

    day: Day
    """The day on which the money was paid."""
    operator_id: UUID | None = None
    """The operator whose day it is, with its subtree."""
    collector: Source | None = None
    """The e-mail address of the collector whose day it is."""
    expected_minor: Balance
    """The cash in hand that was expected when the sheet was seen; others may have recorded more."""
    counted_minor: Minor
    """The cash that was counted."""
    note: Note | None = None
    """Why they differ; needed where they do."""

    @model_validator(mode="after")
    def names_one(self) -> Close:
        if (self.operator_id is None) == (self.collector is None):
            raise ValueError("name an operator or a collector")
        return self
