"""Filters and pages of lists, and the query strings that name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gateway.problems import wrong
from gateway.schemas.fields import Bound, without_nulls


@dataclass(frozen=True, slots=True)
class BillFilter:
    """The caller's filter; an empty tuple or None filters nothing."""

    operator_ids: tuple[UUID, ...] = ()
    package_ids: tuple[UUID, ...] = ()
    statuses: tuple[str, ...] = ()
    period: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    overdue: bool | None = None
    q: str | None = None
    due_from: date | None = None
    due_to: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers."""

    operator_ids: tuple[UUID, ...] = ()
    package_ids: tuple[UUID, ...] = ()
    statuses: tuple[str, ...] = ()
    code: str | None = None
    q: str | None = None
    cycles: tuple[str, ...] = ()
    owing: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    limit: int = 50
    cursor: str | None = None
    sort: str = "-issued_on"


class Query(BaseModel):
    """A query string: a field is a parameter, repeatable where it is a tuple; others are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema without the nulls that stand for what was left out."""
        return without_nulls(handler.resolve_ref_schema(handler(schema)))


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ValueError("a whole number between 1 and 200")
    return value


class Paged(Query):
    """A list that is read page by page."""

    limit: Annotated[int, Field(ge=1, le=200), BeforeValidator(_digits)] = 50
    """The most rows of a page."""
    cursor: Annotated[str, Field(min_length=1)] | None = None
    """Where to go on: the `next_cursor` of the page before."""

    @property
    def page(self) -> Page:
        """Return which page is asked for."""
        return Page(limit=self.limit, cursor=self.cursor)


class OfOperator(Query):
    """The operator whose settings are meant."""

    operator_id: UUID | None = None
    """The operator; the caller's own where none is named."""


class Between(Query):
    """Two days, both within."""

    from_: Annotated[Bound | None, Field(alias="from")] = None
    """The first day."""
    to: Bound | None = None
    """The last day."""

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Between:
        """Raise 422 unless the days are in order."""
        if self.from_ and self.to and self.from_ > self.to:
            raise wrong("from", "This is after `to`.")
        return self


def _true_or_false(value: Any) -> Any:
    if value not in ("true", "false", True, False):
        raise ValueError("true or false")
    return value


Flag = Annotated[bool, BeforeValidator(_true_or_false)]
