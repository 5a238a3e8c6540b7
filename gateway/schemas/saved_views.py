"""Saved views: bodies that name and rename one, and how one is shown."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs, urlencode

from pydantic import Field
from typing_extensions import TypedDict

from gateway.domain import PERIOD
from gateway.problems import wrong
from gateway.schemas import fields
from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.bills import BillQuery
from gateway.schemas.fields import Change, Name, Row, Shape, moment
from gateway.schemas.filters import BillFilter

PLACES = frozenset({"cursor", "limit"})


@answer
class SavedView(TypedDict):
    """A filter of the bills list that the caller has named."""

    id: Id
    """The view's id."""
    name: str
    """What it is called."""
    query: str
    """The query string of `GET /bills` that shows it, without the month where `newest_month` is true."""
    newest_month: bool
    """Whether it shows the month of the newest bill, whichever that is."""
    is_default: bool
    """Whether the desk opens on it."""
    created_at: Instant
    """When it was saved."""


def saved_view(row: Row) -> SavedView:
    """A view as it is now."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "query": row["query"],
        "newest_month": row["newest_month"],
        "is_default": row["is_default"],
        "created_at": moment(row["created_at"]),
    }


class View(Shape):
    """A filter under a name."""

    name: Name
    """What to call it; unique among the caller's."""
    query: Annotated[str, Field(max_length=8_000)] = ""
    """The query string of `GET /bills`; a place in the list is left out."""
    newest_month: bool = False
    """Whether it shows the month of the newest bill instead of one month for ever."""
    is_default: bool = False
    """Whether the desk opens on it, instead of on the one that it opened on before."""

    def kept_query(self) -> str:
        """Return the filter and the order alone; raises 422 for what the list would refuse."""
        given, _ = self._read()
        left_out = {"period", "from", "to"} if self.newest_month else set()
        pairs = [(name, value) for name, values in given.items() if name not in left_out for value in values]
        return urlencode(pairs)

    def filter(self) -> BillFilter:
        """Return which bills it shows; raises 422 for what the list would refuse."""
        return self._read()[1].filter

    def _read(self) -> tuple[dict[str, list[str]], BillQuery]:
        """Return the filter as it is given and as it is read; raises 422 naming what the page cannot show."""
        given = {name: values for name, values in parse_qs(self.query).items() if name not in PLACES}
        known = {field.alias or name for name, field in BillQuery.model_fields.items()}
        if unknown := next((name for name in given if name not in known), None):
            raise wrong(unknown[:100], "The list of bills has no such filter.")
        asked = fields.read_query(BillQuery, given)
        if asked.period is not None and not PERIOD.fullmatch(asked.period):
            raise wrong("period", "The page shows months from 2000 on.")
        if asked.period is not None and (asked.from_ or asked.to):
            raise wrong("period", "Give a month or days of issue, not both.")
        return given, asked


class ViewChange(Change):
    """What may change about a view."""

    name: Name | None = None
    """Another name."""
    is_default: bool | None = None
    """Whether the desk opens on it."""
