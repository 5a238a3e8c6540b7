"""Bills: filters and bodies that name them, and how they and their totals are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import Field, model_validator

from gateway.domain import is_overdue
from gateway.schemas.fields import Body, Day, Reason, Row, Shape, Words, moment, text
from gateway.schemas.filters import BillFilter
from shared.contracts.envelope import Period

V = TypeVar("V")


def bill_item(row: Row, today: date) -> Body:
    """A bill as a list shows it."""
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
        "customer": {
            "id": str(row["customer_id"]),
            "code": row["customer_code"],
            "name": row["customer_name"],
            "mobile": row["customer_mobile"],
        },
        "link": None,
        "message": None,
        "reissue_of": text(row["reissue_of"]),
        "reissued_as": text(row["reissued_as"]),
        "version": row["invoice_version"] + row["receivable_version"],
    }


def bill(row: Row, today: date) -> Body:
    """One bill with its lines."""
    voided = row["voided"]
    return {
        **bill_item(row, today),
        "lines": row["lines"],
        "void": {"reason": row["void_reason"], "at": moment(row["voided_at"]), "by": row["voided_by"]}
        if voided
        else None,
    }


def totals(
    rows: Iterable[Row], statuses: list[str] | None, overdue: bool | None, currency: str, exact: bool
) -> Body:
    """Sums over the whole filter; `by_status` without the status filter."""
    by_status = dict.fromkeys(("unpaid", "partial", "paid", "void", "overdue"), 0)
    sums = {"count": 0, "total_minor": 0, "paid_minor": 0, "balance_minor": 0}
    for row in rows:
        by_status[row["status"]] += row["bills"]
        if row["overdue"]:
            by_status["overdue"] += row["bills"]
        if (statuses and row["status"] not in statuses) or (overdue and not row["overdue"]):
            continue
        sums["count"] += row["bills"]
        for name in ("total_minor", "paid_minor", "balance_minor"):
            sums[name] += int(row[name])
    return {**sums, "currency": currency, "exact": exact, "by_status": by_status}


class Void(Reason):
    """Why, and whether a bill with today's package follows."""

    reissue: bool = False


BillStatus = Literal["unpaid", "partial", "paid", "void"]


def _many(value: V | tuple[V, ...]) -> tuple[V, ...]:
    return value if isinstance(value, tuple) else (value,)


class Filter(Shape):
    """The filter of the bills list, as a body."""

    operator_id: UUID | Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    package_id: UUID | Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    status: BillStatus | Annotated[tuple[BillStatus, ...], Field(max_length=4)] = ()
    period: Period | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None
    overdue: bool | None = None
    q: Words | None = None

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Filter:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`from` is after `to`")
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
        )
