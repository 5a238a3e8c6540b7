"""Bills: filters and bodies that name them, and how they and their totals are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from gateway.domain import is_overdue
from gateway.problems import wrong
from gateway.schemas.answers import Date, Id, Instant, Month, Named, Signed, answer
from gateway.schemas.fields import Bound, Reason, Row, Shape, Words, moment, text
from gateway.schemas.filters import Between, BillFilter, Flag, Page, Paged
from gateway.schemas.payment_links import Link, Message
from shared.contracts.envelope import BasisPoints, Currency, Minor, Period

V = TypeVar("V")


BillStatus = Literal["unpaid", "partial", "paid", "void"]
BillSort = Literal[
    "-issued_on",
    "issued_on",
    "due_on",
    "-due_on",
    "total_minor",
    "-total_minor",
    "balance_minor",
    "-balance_minor",
]


@answer
class Line(TypedDict):
    """A line of a bill, as it was issued."""

    description: str
    """What is billed."""
    quantity: int
    """How many of it."""
    unit_minor: Minor
    """The price of one, without VAT."""
    net_minor: Minor
    """The line without VAT."""
    vat_basis_points: BasisPoints
    """The rate of VAT, in hundredths of a percent."""
    vat_minor: Minor
    """The VAT, rounded half up once for the line."""
    total_minor: Minor
    """The line with VAT."""


@answer
class Billed(TypedDict):
    """The customer of a bill, as the bill was issued."""

    id: Id
    """The customer's id."""
    code: str
    """The customer's code, unique within their operator."""
    name: str
    """The customer's name."""
    mobile: str | None
    """The customer's mobile in E.164, if they have one."""


@answer
class BillItem(TypedDict):
    """A bill as a list shows it."""

    id: Id
    """The bill's id, which is its invoice's."""
    number: str
    """The invoice's number, unique in the installation."""
    status: BillStatus
    """How far it is paid; `void` always wins."""
    overdue: bool
    """Whether something is owed after the due date."""
    period: Month
    """The month that is billed."""
    issued_on: Date
    """The day of issue, in the billing time zone."""
    due_on: Date
    """The last day to pay."""
    currency: Currency
    """The installation's currency."""
    net_minor: Minor
    """The sum without VAT."""
    vat_basis_points: BasisPoints
    """The rate of VAT, in hundredths of a percent."""
    vat_minor: Minor
    """The VAT."""
    total_minor: Minor
    """The sum with VAT."""
    paid_minor: Minor
    """What payments have settled of it."""
    balance_minor: Minor
    """What is still owed; 0 for a void bill."""
    operator: Named
    """The operator that issued it."""
    package: Named
    """The package that was billed."""
    customer: Billed
    """Who owes it."""
    link: Link | None
    """The last payment link."""
    message: Message | None
    """The last message to the customer about it."""
    reissue_of: Id | None
    """The void bill that this one replaces."""
    reissued_as: Id | None
    """The bill that replaces this void one."""
    version: int
    """Grows with each change."""


@answer
class Bill(BillItem):
    """One bill with its lines."""

    lines: list[Line]
    """What is billed, line by line."""
    void: Signed | None
    """Who voided it, when and why; null for a bill that stands."""


@answer
class ByStatus(TypedDict):
    """Bills counted by their status."""

    unpaid: int
    """Nothing is paid."""
    partial: int
    """Some is paid."""
    paid: int
    """All is paid."""
    void: int
    """Withdrawn."""
    overdue: int
    """Unpaid or partly paid after the due date; counted above too."""


@answer
class Totals(TypedDict):
    """The sums over a whole filter, whatever the page."""

    count: int
    """How many bills, void ones included."""
    total_minor: Minor
    """What was billed, without void bills."""
    paid_minor: Minor
    """What is paid of it."""
    balance_minor: Minor
    """What is still owed of it."""
    currency: Currency
    """The currency of the sums."""
    exact: bool
    """False where a search matched more than was counted."""
    by_status: ByStatus
    """Counts without the status filter."""


@answer
class BillList(TypedDict):
    """A page of bills with the totals of the whole filter."""

    items: list[BillItem]
    """The page's bills."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""
    totals: Totals
    """The sums over the whole filter."""
    as_of: Instant
    """The time that the figures are of."""


def bill_item(row: Row, today: date, link: Link | None = None, message: Message | None = None) -> BillItem:
    """Return a bill as a list shows it."""
    return {
        "id": str(row["id"]),
        "number": row["number"],
        "status": row["status"],
        "overdue": is_overdue(row["status"], row["due_on"], today),
        "period": row["period"],
        "issued_on": str(row["issued_on"]),
        "due_on": str(row["due_on"]),
        "currency": row["currency"],
        "net_minor": row["net_minor"],
        "vat_basis_points": row["vat_basis_points"],
        "vat_minor": row["vat_minor"],
        "total_minor": row["total_minor"],
        "paid_minor": row["paid_minor"],
        "balance_minor": row["balance_minor"],
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"]},
        "package": {"id": str(row["package_id"]), "name": row["package_name"]},
        "customer": _billed(row),
        "link": link,
        "message": message,
        "reissue_of": text(row["reissue_of"]),
        "reissued_as": text(row["reissued_as"]),
        "version": row["invoice_version"] + row["receivable_version"],
    }


def _billed(row: Row) -> Billed:
    return {
        "id": str(row["customer_id"]),
        "code": row["customer_code"],
        "name": row["customer_name"],
        "mobile": row["customer_mobile"],
    }


def bill(row: Row, today: date, link: Link | None, message: Message | None) -> Bill:
    """Return one bill with its lines."""
    return {**bill_item(row, today, link, message), "lines": row["lines"], "void": _void(row)}


def _void(row: Row) -> Signed | None:
    if not row["voided"]:
        return None
    return {"reason": row["void_reason"], "at": moment(row["voided_at"]), "by": row["voided_by"]}


def totals(
    rows: Iterable[Row], statuses: list[str] | None, overdue: bool | None, currency: str, exact: bool
) -> Totals:
    """Return the sums over the whole filter, and the counts by status without the filter's status."""
    by_status = ByStatus(unpaid=0, partial=0, paid=0, void=0, overdue=0)
    sums = Totals(
        count=0,
        total_minor=0,
        paid_minor=0,
        balance_minor=0,
        currency=currency,
        exact=exact,
        by_status=by_status,
    )
    for row in rows:
        status: BillStatus = row["status"]
        by_status[status] += row["bills"]
        if row["overdue"]:
            by_status["overdue"] += row["bills"]
        if (statuses and status not in statuses) or (overdue and not row["overdue"]):
            continue
        sums["count"] += row["bills"]
        sums["total_minor"] += int(row["total_minor"])
        sums["paid_minor"] += int(row["paid_minor"])
        sums["balance_minor"] += int(row["balance_minor"])
    return sums


class Void(Reason):
    """Why, and whether a bill with today's package follows."""

    reissue: bool = False
    """Whether a bill with today's package replaces it."""


def _many(value: V | tuple[V, ...]) -> tuple[V, ...]:
    return value if isinstance(value, tuple) else (value,)


class BillQuery(Paged, Between):
    """Which bills, in which order."""

    operator_id: tuple[UUID, ...] = ()
    """Operators, each with its subtree."""
    package_id: tuple[UUID, ...] = ()
    """Packages that were billed."""
    status: tuple[BillStatus, ...] = ()
    """How far they are paid."""
    period: Period | None = None
    """The month that is billed, as YYYY-MM."""
    overdue: Flag | None = None
    """Whether something is owed after the due date."""
    due_from: Bound | None = None
    """The first due date."""
    due_to: Bound | None = None
    """The last due date."""
    q: Words | None = None
    """Words of the customer's name, code or mobile, or the beginning of a number."""
    sort: BillSort = "-issued_on"
    """The order; a minus puts the largest first."""

    @model_validator(mode="after")
    def is_due_in_order(self) -> BillQuery:
        """Raise 422 unless the due dates are in order."""
        if self.due_from and self.due_to and self.due_from > self.due_to:
            raise wrong("due_from", "This is after `due_to`.")
        return self

    @property
    def page(self) -> Page:
        """Return which page is asked for, in its order."""
        return Page(limit=self.limit, cursor=self.cursor, sort=self.sort)

    @property
    def filter(self) -> BillFilter:
        """Return which bills are asked for."""
        return BillFilter(
            operator_ids=self.operator_id,
            package_ids=self.package_id,
            statuses=self.status,
            period=self.period,
            issued_from=self.from_,
            issued_to=self.to,
            overdue=self.overdue,
            q=self.q,
            due_from=self.due_from,
            due_to=self.due_to,
        )


class Filter(Shape):
    """The filter of the bills list, as a body."""

    operator_id: UUID | Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    """Operators, each with its subtree."""
    package_id: UUID | Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    """Packages that were billed."""
    status: BillStatus | Annotated[tuple[BillStatus, ...], Field(max_length=4)] = ()
    """How far they are paid."""
    period: Period | None = None
    """The month that is billed."""
    from_: Annotated[Bound | None, Field(alias="from")] = None
    """The first day of issue."""
    to: Bound | None = None
    """The last day of issue."""
    overdue: bool | None = None
    """Whether something is owed after the due date."""
    due_from: Bound | None = None
    """The first due date."""
    due_to: Bound | None = None
    """The last due date."""
    q: Words | None = None
    """Words of the customer's name, code or mobile, or the beginning of a number."""

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Filter:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`from` is after `to`")
        if self.due_from and self.due_to and self.due_from > self.due_to:
            raise ValueError("`due_from` is after `due_to`")
        return self

    def wanted(self) -> BillFilter:
        """The same filter as the query string makes it."""
        return BillFilter(
            operator_ids=_many(self.operator_id),
            package_ids=_many(self.package_id),
            statuses=_many(self.status),
            period=self.period,
            issued_from=self.from_,
            issued_to=self.to,
            overdue=self.overdue,
            q=self.q,
            due_from=self.due_from,
            due_to=self.due_to,
        )
