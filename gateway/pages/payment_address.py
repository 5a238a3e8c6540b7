"""The address of a view of Payments: every filter lives in it, to be kept and shared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from gateway.pages.given import Given, is_uuid, iso_day
from gateway.pages.page_rows import is_row
from gateway.schemas.payments import PaymentFilter
from gateway.schemas.searches import is_long_enough

SOURCES = ("desk", "provider", "partner")
LONGEST_NAME = 200


def _is_code(value: str) -> bool:
    return len(value) <= LONGEST_NAME and "\x00" not in value


@dataclass(frozen=True)
class PaymentAddress:
    """The filter and place that an address asks for; `by` is the day that counts, recorded or paid."""

    operator_ids: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    collector: str = ""
    sources: tuple[str, ...] = ()
    reversed: bool = False
    with_credit: bool = False
    by: Literal["recorded", "paid"] = "recorded"
    first: str = ""
    last: str = ""
    q: str = ""
    cursor: str = ""
    before: str = ""
    row: int = 0  # of the whole list, with which the page at that place begins

    @classmethod
    def of(cls, query: str) -> PaymentAddress:
        """Read a query string; what cannot be meant, and empty fields of the filter form, mean nothing."""
        given = Given(query)
        first, last = iso_day(given, "from"), iso_day(given, "to")
        if first and last and first > last:
            first, last = last, first
        return cls(
            operator_ids=given.every("operator_id", is_uuid),
            methods=given.every("method", _is_code),
            collector=given.last("recorded_by", _is_code),
            sources=given.every("source", SOURCES.__contains__),
            reversed=given.last("reversed", ("true", "false").__contains__) == "true",
            with_credit=given.last("with_credit", ("true", "false").__contains__) == "true",
            by="paid" if given.last("by", ("recorded", "paid").__contains__) == "paid" else "recorded",
            first=first,
            last=last,
            q=given.last("q", lambda value: "\x00" not in value)[:100],
            cursor=given.last("cursor", bool),
            before=given.last("before", bool),
            row=int(given.last("row", is_row) or 0),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the days narrows the list."""
        return bool(
            self.operator_ids or self.methods or self.collector or self.sources or self.reversed
            or self.with_credit or self.q
        )  # fmt: skip

    @property
    def search(self) -> str:
        """The words to search for; fewer than three characters search nothing."""
        return self.q if is_long_enough(self.q) else ""

    @property
    def one_day(self) -> date | None:
        """The day, where it is one."""
        return date.fromisoformat(self.first) if self.first and self.first == self.last else None

    @property
    def sort(self) -> str:
        """The order that goes with the day that counts."""
        return "-paid_on" if self.by == "paid" else "-recorded_at"

    def filter(self) -> PaymentFilter:
        """Return the filter that the read model is asked."""
        first = date.fromisoformat(self.first) if self.first else None
        last = date.fromisoformat(self.last) if self.last else None
        is_paid = self.by == "paid"
        return PaymentFilter(
            operator_ids=tuple(UUID(each) for each in self.operator_ids),
            methods=self.methods,
            sources=self.sources,
            recorded_by=self.collector or None,
            paid_from=first if is_paid else None,
            paid_to=last if is_paid else None,
            recorded_from=None if is_paid else first,
            recorded_to=None if is_paid else last,
            reversed=True if self.reversed else None,
            with_credit=True if self.with_credit else None,
            q=self.search or None,
        )

    def to(self, path: str = "/payments", **changes: Any) -> str:
        """The address with some of it changed; the place in the list is given up unless it is named."""
        changed = replace(self, **{"cursor": "", "before": "", "row": 0, **changes})
        pairs = [("operator_id", each) for each in changed.operator_ids]
        pairs += [("method", each) for each in changed.methods]
        pairs += [("source", each) for each in changed.sources]
        pairs += [("reversed", "true")] if changed.reversed else []
        pairs += [("with_credit", "true")] if changed.with_credit else []
        pairs += [("by", "paid")] if changed.by == "paid" else []
        single = (
            ("recorded_by", changed.collector),
            ("from", changed.first),
            ("to", changed.last),
            ("q", changed.q),
            ("cursor", changed.cursor),
            ("before", changed.before),
            ("row", str(changed.row or "")),
        )
        pairs += [(name, value) for name, value in single if value]
        # An address without a query would be sent on to today.
        return f"{path}?{urlencode(pairs)}" if pairs else f"{path}?from="

    def on(self, day: date | None) -> str:
        """The same list of one day, or of every day."""
        text = day.isoformat() if day else ""
        return self.to(first=text, last=text)

    def away(self, days: int) -> date | None:
        """The day before or after; None where the list is of no single day."""
        return self.one_day + timedelta(days=days) if self.one_day else None
