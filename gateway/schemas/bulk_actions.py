"""Bulk actions: the selection, and what is to be done with it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, Problem, answer
from gateway.schemas.bills import Filter
from gateway.schemas.fields import Day, Method, Note, Row, Shape
from gateway.schemas.filters import Paged, Query
from shared.contracts.envelope import Count, Period
from shared.contracts.notifications import Language

ItemState = Literal["pending", "succeeded", "failed", "skipped"]


@answer
class MessagesOfAction(TypedDict):
    """What became of the messages that carried the links of a bulk action; live."""

    waiting: Count
    """Those that are not sent yet."""
    sent: Count
    """Those that a provider has taken."""
    delivered: Count
    """Those that arrived, where a provider says so."""
    failed: Count
    """Those that were not sent."""
    unknown: Count
    """Those that nobody can tell whether they were sent."""
    opened: Count
    """Links from which somebody went on to pay."""
    paid: Count
    """Links whose bill is settled."""


@answer
class BulkActionShown(TypedDict):
    """A bulk action with its live counts; total = pending + succeeded + failed + skipped."""

    id: Id
    """The action's id."""
    action: str
    """What is done."""
    state: Literal["queued", "running", "cancelling", "cancelled", "completed"]
    """How far it is."""
    total: Count
    """How many items it has."""
    pending: Count
    """Those without an outcome yet."""
    succeeded: Count
    """Those that were done."""
    failed: Count
    """Those that could not be done; `retry` takes them up again."""
    skipped: Count
    """Those with nothing to do, or cancelled."""
    run_id: Id | None
    """The billing run that carries it out, where one does."""
    parameters: dict[str, Any]
    """What it was asked with."""
    messages: MessagesOfAction | None
    """What became of the messages that it sent; null for what sends none."""
    created_at: Instant
    """When it was asked for."""


def messages(row: Row) -> MessagesOfAction:
    """Return what became of the messages of a bulk action."""
    return {
        "waiting": row["waiting"],
        "sent": row["sent"],
        "delivered": row["delivered"],
        "failed": row["failed"],
        "unknown": row["unknown"],
        "opened": row["opened"],
        "paid": row["paid"],
    }


@answer
class BulkItem(TypedDict):
    """One item and its outcome."""

    bill_id: Id | None
    """The bill."""
    customer_id: Id | None
    """Whose bill it is."""
    state: ItemState
    """How far it is."""
    outcome: str | None
    """What became of it, such as `recorded` or `balance-changed`."""
    problem: Problem | None
    """Why it failed, where it did."""


class ItemQuery(Paged):
    """Which of an action's items."""

    state: ItemState | None = None
    """How far they are."""


class DownloadQuery(Query):
    """The form of a bulk download."""

    as_: Annotated[Literal["zip", "print"], Field(alias="as")] = "zip"
    """`print`: one file with every page instead of a ZIP of files."""


class Selection(Shape):
    """Which bills: named one by one, or by a filter."""

    bill_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100_000)] | None = None
    """Bills, named one by one."""
    filter: Filter | None = None
    """Bills that a filter matches now."""

    @model_validator(mode="after")
    def names_one(self) -> Selection:
        if (self.bill_ids is None) == (self.filter is None):
            raise ValueError("name exactly one of bill_ids and filter")
        return self


class BulkParameters(Shape):
    """The parameters of an action."""

    paid_on: Day | None = None
    """For `mark_paid`: the day of the payments; today where nothing is said."""
    method: Method = "cash"
    """For `mark_paid`: how it was paid."""
    reference: Note | None = None
    """For `mark_paid`: the payer's reference."""
    note: Note | None = None
    """For `mark_paid`: a note."""
    period: Period | None = None
    """For `generate_missing`: the month to bill."""
    send_sms: bool | None = None
    """For `send_payment_link`: whether links go out by SMS."""
    language: Language = "en"
    """For `send_payment_link`: the language of the messages."""
    order: Literal["operator", "address", "number"] = "number"
    """For `download_pdf`: the order of the files."""
    output: Literal["zip", "print"] = "zip"
    """For `download_pdf`: files in a ZIP, or one file to print."""


class BulkAction(Shape):
    """Much at once."""

    action: Literal["mark_paid", "send_payment_link", "download_pdf", "generate_missing"]
    """What to do with each."""
    selection: Selection | None = None
    """Which bills; only `generate_missing` may leave it out."""
    parameters: BulkParameters = BulkParameters()
    """How to do it; each action reads its own."""
