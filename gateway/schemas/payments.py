"""Payments: the body that records one, and how one is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints, model_validator
from typing_extensions import TypedDict

from gateway.problems import wrong
from gateway.schemas.answers import Date, Id, Instant, Named, Signed, answer
from gateway.schemas.fields import Bound, Day, Method, Note, Row, Shape, Words, moment, text
from gateway.schemas.filters import Between, Flag, Page, Paged
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


@answer
class PaymentWarning(TypedDict):
    """Something about a payment that was recorded all the same, and that somebody should look at."""

    code: Literal["repeated-reference"]
    """What it is."""
    field: str
    """The field that it is about."""
    detail: str
    """The same in words."""
    payment_id: Id
    """The payment that bore the reference before."""


@answer
class PaymentRecorded(PaymentShown):
    """A payment that was just recorded, with what is odd about it."""

    warnings: list[PaymentWarning]
    """Earlier payments with the same reference that stand; empty where nothing is odd."""


@answer
class OfBill(TypedDict):
    """The bill that a payment was recorded on, as of now."""

    id: Id
    """The bill's id."""
    number: str
    """Its number."""
    balance_minor: Minor
    """What is still owed of it."""


@answer
class PaymentItem(PaymentShown):
    """A payment as the list of payments shows it."""

    operator: Named | None
    """For whom it was taken: the bill's issuer, else the customer's operator at that time."""
    bill: OfBill | None
    """The bill that it was recorded on; null for a lump sum, and where the bill is out of reach."""
    bills: int
    """How many bills it settles, in whole or in part."""


@answer
class ByMethod(TypedDict):
    """What came in by one method."""

    method: str
    """The method."""
    count: int
    """How many payments, without reversed ones."""
    amount_minor: Minor
    """What they add up to."""


@answer
class BySource(TypedDict):
    """What came in on one way."""

    source: Literal["desk", "provider", "partner"]
    """`desk`, a payment gateway, or a partner's system."""
    count: int
    """How many payments, reversed ones included."""
    amount_minor: Minor
    """What they add up to, without reversed ones."""


@answer
class PaymentTotals(TypedDict):
    """The sums over a whole filter, whatever the page."""

    count: int
    """How many payments, reversed ones included."""
    amount_minor: Minor
    """What came in, without what was reversed."""
    reversed_count: int
    """How many of them were reversed."""
    reversed_minor: Minor
    """What was reversed."""
    by_method: list[ByMethod]
    """What came in by method, the most first."""
    by_source: list[BySource]
    """Where it came from, counted without the source filter."""
    with_credit_count: int
    """How many of which some is credit now, counted without the filter of credit."""
    currency: Currency
    """The currency of the sums."""
    exact: bool
    """False where a search matched more than was counted."""


@answer
class PaymentList(TypedDict):
    """A page of payments with the totals of the whole filter."""

    items: list[PaymentItem]
    """The page's payments."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""
    totals: PaymentTotals
    """The sums over the whole filter."""
    as_of: Instant
    """The time that the figures are of."""


def recorded(shown: PaymentShown, twins: Sequence[Row]) -> PaymentRecorded:
    """Return a recorded payment with a warning for each earlier one that bears its reference."""
    warnings = [
        PaymentWarning(
            code="repeated-reference",
            field="reference",
            detail=f"A payment of {row['paid_on'].isoformat()} bears this reference already.",
            payment_id=str(row["id"]),
        )
        for row in twins
    ]
    return {**shown, "warnings": warnings}


def payment_item(row: Row) -> PaymentItem:
    """Return a payment as the list shows it."""
    operator: Named | None = None
    if row["operator_id"] is not None:
        operator = {"id": str(row["operator_id"]), "name": row["operator_name"] or ""}
    of_bill: OfBill | None = None
    if row["bill_number"] is not None:
        of_bill = {
            "id": str(row["bill_id"]),
            "number": row["bill_number"],
            "balance_minor": row["bill_balance_minor"],
        }
    return {**payment(row), "operator": operator, "bill": of_bill, "bills": row["bills"]}


_SOURCES: tuple[Literal["desk", "provider", "partner"], ...] = ("desk", "provider", "partner")


def kind_of(source: str) -> Literal["desk", "provider", "partner"]:
    """Return the way on which money came, without the name of who brought it."""
    kind = source.partition(":")[0]
    return "partner" if kind == "partner" else "provider" if kind == "provider" else "desk"


def totals(rows: Iterable[Row], wanted: PaymentFilter, currency: str, exact: bool) -> PaymentTotals:
    """Return the sums over the whole filter; sources and credit are counted without their own filter."""
    rows = list(rows)
    with_credit = [
        row
        for row in rows
        if row["has_credit"] and wanted.takes_but_for_credit(row) and wanted.takes_source(row["source"])
    ]
    counted = [row for row in rows if wanted.takes_but_for_source(row)]
    asked = [row for row in counted if wanted.takes_source(row["source"])]
    standing = [row for row in asked if not row["reversed"]]
    reversed_ones = [row for row in asked if row["reversed"]]
    return PaymentTotals(
        count=_count(asked),
        amount_minor=_amount(standing),
        reversed_count=_count(reversed_ones),
        reversed_minor=_amount(reversed_ones),
        by_method=_by_method(standing),
        by_source=_by_source(counted),
        with_credit_count=_count(with_credit),
        currency=currency,
        exact=exact,
    )


def _count(rows: Iterable[Row]) -> int:
    return sum(row["payments"] for row in rows)


def _amount(rows: Iterable[Row]) -> int:
    return sum(int(row["amount_minor"]) for row in rows)


def _by_method(rows: Sequence[Row]) -> list[ByMethod]:
    """Return the sums of each method, the largest first."""
    sums: list[ByMethod] = []
    for method in {row["method"] for row in rows}:
        own = [row for row in rows if row["method"] == method]
        sums.append({"method": method, "count": _count(own), "amount_minor": _amount(own)})
    return sorted(sums, key=lambda each: (-each["amount_minor"], each["method"]))


def _by_source(rows: Sequence[Row]) -> list[BySource]:
    """Return the sums of each way that money comes on; a reversed payment counts with nothing."""
    sums: list[BySource] = []
    for source in _SOURCES:
        own = [row for row in rows if kind_of(row["source"]) == source]
        standing = [row for row in own if not row["reversed"]]
        sums.append({"source": source, "count": _count(own), "amount_minor": _amount(standing)})
    return sums


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


Source = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
PaymentSort = Literal["-recorded_at", "-paid_on"]


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments; an empty tuple or None filters nothing."""

    operator_ids: tuple[UUID, ...] = ()
    methods: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    recorded_by: str | None = None
    paid_from: date | None = None
    paid_to: date | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None
    reversed: bool | None = None
    q: str | None = None
    with_credit: bool | None = None

    def takes_but_for_credit(self, row: Row) -> bool:
        """Whether a group of payments is among those asked for, with credit or without."""
        if self.methods and row["method"] not in self.methods:
            return False
        return self.reversed is None or row["reversed"] == self.reversed

    def takes_but_for_source(self, row: Row) -> bool:
        """Whether a group of payments is among those asked for, wherever it came from."""
        if self.with_credit is not None and row["has_credit"] != self.with_credit:
            return False
        return self.takes_but_for_credit(row)

    def takes_source(self, source: str) -> bool:
        """Whether money of a source is asked for: by its whole name, or by its kind."""
        return not self.sources or source in self.sources or kind_of(source) in self.sources


class PaymentQuery(Paged, Between):
    """Which payments, in which order; `from` and `to` are days on which money was paid."""

    operator_id: tuple[UUID, ...] = ()
    """Operators for whom it was taken, each with its subtree."""
    method: tuple[Method, ...] = ()
    """How it was paid."""
    source: tuple[Source, ...] = ()
    """Where it came from: `desk`, `partner`, `provider`, or one of them as `partner:<name>`."""
    recorded_by: Source | None = None
    """Who recorded it: a user's e-mail address, `partner:<name>` or `provider:<name>`."""
    recorded_from: Bound | None = None
    """The first day on which it was recorded, in the billing time zone."""
    recorded_to: Bound | None = None
    """The last day on which it was recorded."""
    reversed: Flag | None = None
    """Whether it was taken back."""
    with_credit: Flag | None = None
    """Whether some of it is the customer's credit now."""
    q: Words | None = None
    """Words of the customer's name, code or mobile, or the beginning of a reference or their payment id."""
    sort: PaymentSort = "-recorded_at"
    """The order: the last recorded first, or the last paid."""

    @model_validator(mode="after")
    def recorded_in_order(self) -> PaymentQuery:
        """Raise 422 unless the days of recording are in order."""
        if self.recorded_from and self.recorded_to and self.recorded_from > self.recorded_to:
            raise wrong("recorded_from", "This is after `recorded_to`.")
        return self

    @property
    def page(self) -> Page:
        """Return which page is asked for, in its order."""
        return Page(limit=self.limit, cursor=self.cursor, sort=self.sort)

    @property
    def filter(self) -> PaymentFilter:
        """Return which payments are asked for."""
        return PaymentFilter(
            operator_ids=self.operator_id,
            methods=self.method,
            sources=self.source,
            recorded_by=self.recorded_by,
            paid_from=self.from_,
            paid_to=self.to,
            recorded_from=self.recorded_from,
            recorded_to=self.recorded_to,
            reversed=self.reversed,
            with_credit=self.with_credit,
            q=self.q,
        )


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
