"""The address of a view of Customer Bills: every filter lives in it, to be kept and shared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from gateway.domain import PERIOD, shifted
from gateway.pages.given import Given, Odd, is_uuid, iso_day
from gateway.pages.page_rows import is_row
from gateway.schemas.filters import BillFilter
from gateway.schemas.searches import is_long_enough

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
