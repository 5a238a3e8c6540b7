"""Billing runs: the body that starts one, and how one is shown."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, Month, answer
from gateway.schemas.fields import Row, Shape, moment, text
from gateway.schemas.filters import Paged
from shared.contracts.envelope import Count, Currency, Minor, Period

RunOutcome = Literal["created", "already_billed", "skipped", "failed"]


@answer
class RunShown(TypedDict):
    """A run's progress; expected = created + already billed + skipped + failed once it has ended."""

    id: Id
    """The run's id."""
    kind: str
    """Who asked for it: the clock (`automatic`), a person, or *generate missing*."""
    state: Literal["pending", "running", "completed"]
    """How far it is."""
    period: Month
    """The month that it bills."""
    operator_id: Id | None
    """The operator whose subtree it bills; null for everybody."""
    package_id: Id | None
    """The package that it bills; null for all."""
    customer_id: Id | None
    """The one customer that it bills, where there is one."""
    dry_run: bool
    """Whether it only tries."""
    expected: Count
    """Every customer in scope."""
    created: Count
    """Who got a bill."""
    already_billed: Count
    """Who had one."""
    skipped: dict[str, Count]
    """Who is not billed, counted by reason."""
    failed: Count
    """Who should have got one and did not."""
    total_minor: Minor
    """What the created bills come to."""
    currency: Currency | None
    """The currency of the total."""
    requested_by: str | None
    """Who asked for it."""
    started_at: Instant | None
    """When it began."""
    completed_at: Instant | None
    """When it ended."""
    is_above: bool
    """Whether it billed more than the caller reaches; its figures count the caller's customers alone."""


@answer
class RunCustomer(TypedDict):
    """One customer of a run, and the outcome."""

    customer_id: Id
    """The customer."""
    code: str
    """The customer's code."""
    outcome: RunOutcome
    """What the run did."""
    reason: str | None
    """Why there is no bill."""
    bill_id: Id | None
    """The bill, if there is one."""


def run(row: Row) -> RunShown:
    """Return a run's progress."""
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "state": row["state"],
        "period": row["period"],
        "operator_id": text(row["operator_id"]),
        "package_id": text(row["package_id"]),
        "customer_id": text(row["customer_id"]),
        "dry_run": row["dry_run"],
        "expected": row["expected"],
        "created": row["created"],
        "already_billed": row["already_billed"],
        "skipped": row["skipped"],
        "failed": row["failed"],
        "total_minor": row["total_minor"],
        "currency": row["currency"],
        "requested_by": row["requested_by"],
        "started_at": moment(row["started_at"]),
        "completed_at": moment(row["completed_at"]),
        "is_above": row["is_above"],
    }


def run_customer(row: Row) -> RunCustomer:
    """Return one customer of a run, and the outcome."""
    return {
        "customer_id": str(row["customer_id"]),
        "code": row["code"],
        "outcome": row["outcome"],
        "reason": row["reason"],
        "bill_id": text(row["bill_id"]),
    }


class RunQuery(Paged):
    """Which runs."""

    period: Period | None = None
    """The month that they bill, as YYYY-MM."""


class RunCustomerQuery(Paged):
    """Which of a run's customers."""

    outcome: RunOutcome | None = None
    """What the run did about them."""


class Run(Shape):
    """Which month to bill, for whom, and whether only to try."""

    period: Period
    """The month to bill; a future one only as a dry run."""
    operator_id: UUID | None = None
    """The operator whose subtree is billed; everybody within reach where nobody is named."""
    dry_run: bool = False
    """Whether only to try."""
