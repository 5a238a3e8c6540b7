"""Reminders: the bodies that make, change and try a rule, and how a rule and its plan are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.fields import Body, Change, Day, Row, Shape

Days = Annotated[int, Field(ge=-60, le=365)]
Excluded = Annotated[tuple[UUID, ...], Field(max_length=500)]
ReminderTemplate = Literal["reminder", "payment-link"]


def rule(row: Row) -> Body:
    """When bills of a subtree are reminded of; `days` counts from the due date, negative before it."""
    return {
        "id": str(row["id"]),
        "operator_id": str(row["operator_id"]),
        "operator": {"id": str(row["operator_id"]), "name": row["operator_name"]},
        "days": row["days"],
        "template": row["template"],
        "enabled": row["enabled"],
        "exclude_operator_ids": [str(each) for each in row["exclude_operator_ids"]],
    }


def rules(rows: Sequence[Row]) -> Body:
    """Every rule of the reach."""
    return {"items": [rule(row) for row in rows], "next_cursor": None}


def plan(row: Row) -> Body:
    """Who would hear from a rule on a day: all counted, the first by name, and why others would not."""
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
    operator_id: UUID | None = None
    template: ReminderTemplate = "reminder"
    enabled: bool = False
    exclude_operator_ids: Excluded = ()


class ReminderRuleChange(Change):
    """What may change about a rule; it stays with its operator."""

    days: Days | None = None
    template: ReminderTemplate | None = None
    enabled: bool | None = None
    exclude_operator_ids: Excluded | None = None


class ReminderTry(Shape):
    """Who would hear from a rule like this; nothing is sent."""

    days: Days
    operator_id: UUID | None = None
    exclude_operator_ids: Excluded = ()
    day: Day | None = None
