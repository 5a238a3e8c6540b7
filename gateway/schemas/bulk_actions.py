"""Bulk actions: the selection, and what is to be done with it."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from gateway.schemas.bills import Filter
from gateway.schemas.fields import Day, Method, Note, Shape
from shared.contracts.envelope import Period
from shared.contracts.notifications import Language


class Selection(Shape):
    """Which bills: named one by one, or by a filter."""

    bill_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100_000)] | None = None
    filter: Filter | None = None

    @model_validator(mode="after")
    def names_one(self) -> Selection:
        if (self.bill_ids is None) == (self.filter is None):
            raise ValueError("name exactly one of bill_ids and filter")
        return self


class BulkParameters(Shape):
    """What the action needs to know."""

    paid_on: Day | None = None
    method: Method = "cash"
    reference: Note | None = None
    note: Note | None = None
    period: Period | None = None
    send_sms: bool | None = None
    language: Language = "en"
    order: Literal["operator", "address", "number"] = "number"
    output: Literal["zip", "print"] = "zip"


class BulkAction(Shape):
    """Much at once."""

    action: Literal["mark_paid", "send_payment_link", "download_pdf", "generate_missing"]
    selection: Selection | None = None  # only generate_missing may leave it out
    parameters: BulkParameters = BulkParameters()
