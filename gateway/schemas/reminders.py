"""Reminders: the bodies that make, change and try a rule, and how a rule and its plan are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from gateway.schemas.answers import Date, Id, Listed, Named, answer
from gateway.schemas.fields import Change, Day, Row, Shape
from shared.contracts.envelope import Minor
from shared.contracts.payments import ReminderLanguage

Days = Annotated[int, Field(ge=-60, le=365)]
Excluded = Annotated[tuple[UUID, ...], Field(max_length=500)]
ReminderTemplate = Literal["reminder", "payment-link"]


@answer
class ReminderRuleShown(TypedDict):
    """A reminder rule."""

    id: Id
    """The rule's id."""
    operator_id: Id
    """Whose subtree it reminds."""
    operator: Named
    """The same, with its name."""
    days: int
    """Days from the due date, negative before it."""
    template: ReminderTemplate
    """Which text is sent."""
    language: ReminderLanguage
    """In which language; `operator`: in that of the documents of the bill's operator."""
    enabled: bool
    """Whether it is on."""
    exclude_operator_ids: list[Id]
    """Operators below whose customers are left in peace."""


@answer
class Reminder(TypedDict):
    """A message that a rule would send."""

    bill_id: Id
    """The bill."""
    customer_id: Id
    """Who owes it."""
    number: str
    """The bill's number."""
    customer_name: str
    """Who owes it, by name."""
    mobile_tail: str
    """The last digits of the mobile."""
    balance_minor: Minor
    """What is owed."""
    due_on: Date
    """The last day to pay."""


@answer
class ReminderPlan(TypedDict):
    """The customers who would hear from a rule on a day."""

    day: Date
    """The day."""
    total: int
    """How many would be reminded."""
    reminders: list[Reminder]
    """The first of them."""
    skipped: dict[str, int]
    """Why others would not, counted by reason."""


def rule(row: Row) -> ReminderRuleShown:
    """Return when bills of a subtree are reminded of; `days` counts from the due date, negative before it."""
    return {
        "id": str(row["id"]),
        "operator_id": str(row["operator_id"]),
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"]},
        "days": row["days"],
        "template": row["template"],
        "language": row["language"],
        "enabled": row["enabled"],
        "exclude_operator_ids": [str(each) for each in row["exclude_operator_ids"]],
    }


def rules(rows: Sequence[Row]) -> Listed[ReminderRuleShown]:
    """Return every rule of the reach."""
    return {"items": [rule(row) for row in rows], "next_cursor": None}


def plan(row: Row) -> ReminderPlan:
    """Return who would hear from a rule on a day: all counted, the first by name."""
    reminders = row["reminders"]
    return {
        "day": str(row["day"]),
        "total": row["total"],
        "reminders": [
            {
                "bill_id": each["invoice_id"],
                "customer_id": each["customer_id"],
                "number": each["number"],
                "customer_name": each["customer_name"],
                "mobile_tail": each["mobile_tail"],
                "balance_minor": each["balance_minor"],
                "due_on": each["due_on"],
            }
            for each in reminders
        ],
        "skipped": row["skipped"],
    }


class ReminderRule(Shape):
    """A new rule; off unless it says otherwise."""

    days: Days
    """Days from the due date, negative before it."""
    operator_id: UUID | None = None
    """Whose subtree; the caller's own operator's where none is named."""
    template: ReminderTemplate = "reminder"
    """Which text is sent."""
    language: ReminderLanguage = "operator"
    """In which language; `operator`: in that of the documents of the bill's operator."""
    enabled: bool = False
    """Whether it is on."""
    exclude_operator_ids: Excluded = ()
    """Operators below whose customers are left in peace."""


class ReminderRuleChange(Change):
    """Changes of a rule; it stays with its operator."""

    days: Days | None = None
    """Days from the due date, negative before it."""
    template: ReminderTemplate | None = None
    """Which text is sent."""
    language: ReminderLanguage | None = None
    """In which language; `operator`: in that of the documents of the bill's operator."""
    enabled: bool | None = None
    """Whether it is on."""
    exclude_operator_ids: Excluded | None = None
    """Operators below whose customers are left in peace."""


class ReminderTry(Shape):
    """A trial of a rule: who would hear from it; nothing is sent."""

    days: Days
    """Days from the due date, negative before it."""
    operator_id: UUID | None = None
    """Whose subtree; the caller's own operator's where none is named."""
    exclude_operator_ids: Excluded = ()
    """Operators below whose customers are left in peace."""
    day: Day | None = None
    """The day to try; today where none is named."""
