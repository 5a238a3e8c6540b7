"""The address of a view of Customer Bills: every filter lives in it, to be kept and shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from gateway.domain import PERIOD, shifted
from gateway.pages.page_rows import is_row
from gateway.schemas.filters import BillFilter
from gateway.schemas.searches import is_long_enough
from shared.values.days import read_day
from shared.values.unreadable import Unreadable

STATUSES = ("unpaid", "partial", "paid", "void")
SORTS = (
    "-issued_on",
    "issued_on",
    "-due_on",
    "due_on",
    "-total_minor",
    "total_minor",
    "-balance_minor",
    "balance_minor",
)
FIRST_YEAR, LAST_YEAR = 2000, 2199


class Odd(NamedTuple):
    """A part of an address that cannot be meant: the parameter and its value."""

    name: str
    value: str


class Given:
    """The fields of a query string; those that cannot be meant are kept apart, in `odd`."""

    def __init__(self, query: str) -> None:
        self.odd: list[Odd] = []
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(query[:8_000], errors="replace"):
            self._values.setdefault(name, []).append(value.strip())

    def every(self, name: str, is_good: Any) -> tuple[str, ...]:
        """Return the values that can be meant, each once."""
        values = self._values.get(name, [])
        self.odd.extend(Odd(name, value) for value in values if value and not is_good(value))
        return tuple(dict.fromkeys(value for value in values if is_good(value)))

    def last(self, name: str, is_good: Any) -> str:
        """Return the last value that can be meant; empty where there is none."""
        values = self.every(name, is_good)
        return values[-1] if values else ""


def _is_page_size(value: str) -> bool:
    return value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= 200


@dataclass(frozen=True)
class BillAddress:
    """The filter, sort and place that an address asks for; what it cannot mean is named in `odd`."""

    operator_ids: tuple[str, ...] = ()
    package_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    overdue: bool = False
    period: str = ""
    issued_from: str = ""
    issued_to: str = ""
    due_from: str = ""
    due_to: str = ""
    q: str = ""
    sort: str = SORTS[0]
    limit: int | None = None
    cursor: str = ""
    before: str = ""
    row: int = 0  # of the whole list, with which the page at that place begins
    odd: tuple[Odd, ...] = ()

    @classmethod
    def of(cls, query: str) -> BillAddress:
        """Read a query string; empty fields of the filter form mean nothing."""
        given = Given(query)
        issued_from, issued_to = _days(given, "from", "to", "range")
        due_from, due_to = _days(given, "due_from", "due_to", "due")
        limit = given.last("limit", _is_page_size)
        return cls(
            operator_ids=given.every("operator_id", is_uuid),
            package_ids=given.every("package_id", is_uuid),
            statuses=given.every("status", STATUSES.__contains__),
            overdue=given.last("overdue", ("true", "false").__contains__) == "true",
            # A range of dates takes the place of the month: nobody means both.
            period="" if issued_from or issued_to else given.last("period", PERIOD.fullmatch),
            issued_from=issued_from,
            issued_to=issued_to,
            due_from=due_from,
            due_to=due_to,
            q=given.last("q", lambda value: "\x00" not in value)[:100],
            sort=given.last("sort", SORTS.__contains__) or SORTS[0],
            limit=int(limit) if limit else None,
            cursor=given.last("cursor", bool),
            before=given.last("before", bool),
            row=int(given.last("row", is_row) or 0),
            odd=tuple(dict.fromkeys(given.odd)),
        )

    def odd_value(self, name: str) -> str:
        """Return what was given for a parameter and cannot be meant; empty where nothing was."""
        return next((each.value for each in self.odd if each.name == name), "")

    @property
    def has_odd_range(self) -> bool:
        """Whether days were typed that are none, or end before they begin."""
        return any(each.name in ("from", "to", "range") for each in self.odd)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the month narrows the list."""
        return bool(
            self.operator_ids or self.package_ids or self.statuses or self.overdue or self.q
            or self.issued_from or self.issued_to or self.due_from or self.due_to
        )  # fmt: skip

    @property
    def search(self) -> str:
        """The words to search for; fewer than three characters search nothing."""
        return self.q if is_long_enough(self.q) else ""

    def filter(self) -> BillFilter:
        """Return the filter that the read model is asked."""
        return BillFilter(
            operator_ids=tuple(UUID(each) for each in self.operator_ids),
            package_ids=tuple(UUID(each) for each in self.package_ids),
            statuses=self.statuses,
            period=self.period or None,
            issued_from=date.fromisoformat(self.issued_from) if self.issued_from else None,
            issued_to=date.fromisoformat(self.issued_to) if self.issued_to else None,
            overdue=True if self.overdue else None,
            q=self.search or None,
            due_from=date.fromisoformat(self.due_from) if self.due_from else None,
            due_to=date.fromisoformat(self.due_to) if self.due_to else None,
        )

    def parameters(self) -> list[tuple[str, str]]:
        """The filter as the API takes it in a query."""
        pairs = [("operator_id", each) for each in self.operator_ids]
        pairs += [("package_id", each) for each in self.package_ids]
        pairs += [("status", each) for each in self.statuses]
        pairs += [("overdue", "true")] if self.overdue else []
        return pairs + [(name, value) for name, value in self._single if value]

    @property
    def _single(self) -> tuple[tuple[str, str], ...]:
        """What is given once at most, as the API names it."""
        return (
            ("period", self.period),
            ("from", self.issued_from),
            ("to", self.issued_to),
            ("due_from", self.due_from),
            ("due_to", self.due_to),
            ("q", self.search),
        )

    def as_filter_body(self) -> dict[str, Any]:
        """The filter as a bulk action takes it."""
        body: dict[str, Any] = {}
        if self.operator_ids:
            body["operator_id"] = list(self.operator_ids)
        if self.package_ids:
            body["package_id"] = list(self.package_ids)
        if self.statuses:
            body["status"] = list(self.statuses)
        if self.overdue:
            body["overdue"] = True
        return body | {name: value for name, value in self._single if value}

    def to(self, path: str = "/bills", **changes: Any) -> str:
        """The address with some of it changed; the place in the list is given up unless it is named."""
        changed = replace(self, **{"cursor": "", "before": "", "row": 0, **changes})
        pairs = changed.parameters()
        if changed.q and not changed.search:
            pairs.append(("q", changed.q))
        if changed.sort != SORTS[0]:
            pairs.append(("sort", changed.sort))
        if changed.limit is not None:
            pairs.append(("limit", str(changed.limit)))
        place = (("cursor", changed.cursor), ("before", changed.before), ("row", str(changed.row or "")))
        pairs += [(name, value) for name, value in place if value]
        # An address without a query would be sent on to the latest month.
        return f"{path}?{urlencode(pairs)}" if pairs else f"{path}?period="

    def sorted_by(self, column: str) -> str:
        """The address that sorts by a column: the other way round when it does already."""
        return self.to(sort=column if self.sort == f"-{column}" else f"-{column}")

    def direction(self, column: str) -> str:
        """Return how the list is sorted by a column, in ARIA's words."""
        if self.sort.lstrip("-") != column:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    def month_away(self, months: int) -> str:
        """The period that many months away from this one."""
        return shifted(self.period, months)


def _days(given: Given, first: str, last: str, both: str) -> tuple[str, str]:
    """Return two days in order; where they are not, both are odd together."""
    begins, ends = iso_day(given, first), iso_day(given, last)
    if begins and ends and begins > ends:
        given.odd.append(Odd(both, f"{begins}/{ends}"))
        return "", ""
    return begins, ends


def is_uuid(value: str) -> bool:
    """Whether a text is an id."""
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def typed_day(value: str) -> date | None:
    """The day that was typed, None where the text is no day of this century or the next."""
    try:
        day = read_day(value)
    except Unreadable:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def iso_day(given: Given, name: str) -> str:
    """The day that was given, as an address keeps it; empty where there is none."""
    text = given.last(name, typed_day)
    day = typed_day(text) if text else None
    return day.isoformat() if day else ""


def in_tree_order(operators: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Operators as a tree reads: each below its parent, by name, with its `level` from 1."""
    known = {each["id"] for each in operators}
    below: dict[str | None, list[dict[str, Any]]] = {}
    for each in operators:
        parent = each["parent_id"] if each["parent_id"] in known else None
        below.setdefault(parent, []).append(each)
    ordered: list[dict[str, Any]] = []

    def walk(parent: str | None, level: int) -> None:
        for each in sorted(below.get(parent, []), key=lambda one: str(one["name"]).casefold()):
            ordered.append({**each, "level": level, "has_below": each["id"] in below})
            walk(each["id"], level + 1)

    walk(None, 1)
    return ordered
