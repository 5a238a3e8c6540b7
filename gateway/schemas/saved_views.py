"""Saved views: bodies that name and rename one, and how one is shown."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs, urlencode

from pydantic import Field
from typing_extensions import TypedDict

from gateway.schemas import fields
from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.bills import BillQuery
from gateway.schemas.fields import Change, Name, Row, Shape, moment

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
        given = {name: values for name, values in parse_qs(self.query).items() if name not in PLACES}
        fields.read_query(BillQuery, given)
        known = {field.alias or name for name, field in BillQuery.model_fields.items()}
        known -= {"period", "from", "to"} if self.newest_month else set()
        pairs = [(name, value) for name, values in given.items() if name in known for value in values]
        return urlencode(pairs)


class ViewChange(Change):
    """What may change about a view."""

    name: Name | None = None
    """Another name."""
    is_default: bool | None = None
    """Whether the desk opens on it."""
