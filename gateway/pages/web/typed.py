"""The fields of a form, read by kind; what cannot be read is noted beside its field."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar
from uuid import UUID

from gateway.pages.web import labels
from gateway.pages.web.submission import Submission
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from shared.values.amounts import read_amount, read_percentage
from shared.values.days import read_day
from shared.values.mobiles import read_mobile
from shared.values.unreadable import Unreadable

V = TypeVar("V")

# No bill of an installation is older; a year of two digits is a slip.
EARLIEST = date(2000, 1, 1)


class Typed:
    """The fields of one form, read by kind; what cannot be read is noted beside its field."""

    def __init__(
        self,
        visit: Visit,
        submission: Submission,
        subject_ids: tuple[UUID, ...],
        names: Collection[str],
        secrets: Collection[str] = (),
    ) -> None:
        self.visit, self.submission, self.subject_ids = visit, submission, subject_ids
        # No text of ours holds a NUL, and no database takes one.
        self.values = {
            name: (submission.exact(name) if name in secrets else submission.one(name)).replace("\x00", "")
            for name in names
        }
        self.errors: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def optional(self, name: str) -> str | None:
        return self.values[name] or None

    def is_ticked(self, name: str) -> bool:
        return bool(self.values[name])

    def identity(self, name: str) -> str | None:
        """Return the id that a select holds, or None for its first line."""
        return identity(self.values[name])

    def required_identity(self, name: str) -> str | None:
        if self.identity(name) is None:
            self.errors[name] = labels.field_text(name)
        return self.identity(name)

    def reason(self, name: str = "reason") -> str:
        """Return the reason; noted as missing where nobody gave one."""
        if not self.values[name]:
            self.errors[name] = labels.reason_missing()
        return self.values[name]

    def amount(self, name: str, least_minor: int = 1) -> int:
        formats = self.visit.formats
        return self._read(
            name, 0, lambda text: read_amount(text, formats.currency, formats.digits, least_minor=least_minor)
        )

    def percentage(self, name: str) -> int:
        return self._read(name, 0, read_percentage)

    def day(self, name: str) -> str | None:
        """Return the day as ISO writes it; None where the field is empty."""
        if not self.values[name]:
            return None
        zone = self.visit.formats.zone
        return self._read(name, None, lambda text: read_day(text, "day_first", zone).isoformat())

    def past_day(self, name: str, earliest: date = EARLIEST) -> str | None:
        """Return a day on which money may have come in: none to come, and none of before there were bills."""
        day = self.day(name)
        if day is None:
            self.errors.setdefault(name, labels.field_text(name))
        elif day > self.visit.desk.today.isoformat():
            self.errors[name] = _("This date is in the future.")
        elif day < earliest.isoformat():
            self.errors[name] = _("This date is too long ago.")
        return day

    def mobile(self, name: str) -> str | None:
        """Return the number in E.164; None where the field is empty."""
        mobile = self._read(name, None, lambda text: read_mobile(text, self.visit.formats.country))
        return mobile.number if mobile else None

    def mobiles(self, name: str, alternate: str) -> dict[str, str | None]:
        """Return two numbers in E.164; the second of two in one field stands where the other is empty."""
        both = self._read(name, None, lambda text: read_mobile(text, self.visit.formats.country))
        second = self.mobile(alternate) or (both.alternate if both else None)
        return {name: both.number if both else None, alternate: second}

    def number(self, name: str) -> int:
        """Return a whole number; a field that holds none says what it must hold."""
        text = self.values[name]
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        self.errors[name] = labels.field_text(name)
        return 0

    def _read(self, name: str, otherwise: V, reader: Callable[[str], V]) -> V:
        try:
            return reader(self.values[name])
        except Unreadable as error:
            self.errors[name] = labels.unreadable_text(error)
            return otherwise


def identity(text: str) -> str | None:
    """Return the id, or None for what is none."""
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None
