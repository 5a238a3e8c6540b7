"""Months that nobody ran, and who has no bill for one."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import TypedDict

from gateway.schemas.answers import Date, Id, Instant, Month, answer
from gateway.schemas.fields import Row, moment
from shared.contracts.envelope import Count, Currency, Minor


@answer
class MissedMonth(TypedDict):
    """A month without a run of everybody, and what one would do now."""

    period: Month
    """The month."""
    customers: Count
    """Who would be billed."""
    total_minor: Minor
    """What their bills would come to, at the prices of now."""
    currency: Currency
    """The currency of the total."""


@answer
class MonthLeftOut(TypedDict):
    """A month that was never run, and that somebody has left out on purpose."""

    period: Month
    """The month."""
    left_by: str
    """Who decided it."""
    left_at: Instant
    """When."""
    is_own: bool
    """Whether the caller's operator decided it, and may bring it back; otherwise one above did."""


@answer
class UnbilledCustomer(TypedDict):
    """A customer without a bill for a month, though a run would make one."""

    customer_id: Id
    """The customer."""
    code: str
    """Their code."""
    name: str
    """Their name."""
    mobile: str | None
    """Their mobile in E.164."""
    since: Date
    """Since when they are a customer."""
    operator_name: str | None
    """Their operator."""
    package_name: str
    """Their package."""


def missed_month(row: Row) -> MissedMonth:
    """A month that was missed."""
    return {
        "period": row["period"],
        "customers": row["customers"],
        "total_minor": row["total_minor"],
        "currency": row["currency"],
    }


def month_left_out(row: Row, operator_id: UUID) -> MonthLeftOut:
    """A month that is left out, as the operator sees it."""
    return {
        "period": row["period"],
        "left_by": row["left_by"],
        "left_at": moment(row["left_at"]),
        "is_own": row["operator_id"] == operator_id,
    }


def unbilled_customer(row: Row) -> UnbilledCustomer:
    """Who has no bill for a month."""
    return {
        "customer_id": str(row["customer_id"]),
        "code": row["code"],
        "name": row["name"],
        "mobile": row["mobile"],
        "since": row["since"].isoformat(),
        "operator_name": row["operator_name"],
        "package_name": row["package_name"],
    }
