"""The table of an uploaded file: rows with the line numbers that a spreadsheet shows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.values.texts import lookup_key

HEADER_WITHIN = 30
_BETWEEN = re.compile(r"[\s_\-./]+")
# The column that we add to the refused lines; it comes back with them and says nothing.
REASON = "reason"


def column_key(name: str) -> str:
    """Return what spellings of a column's name share: `Billing Cycle`, `billing_cycle`, `BILLINGCYCLE`."""
    return _BETWEEN.sub("", lookup_key(name))


def unique_names(cells: Sequence[str]) -> list[str]:
    """Return a header's names as they are told apart: a second `Phone` is `Phone (2)`."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(cell.split())
        key = column_key(name)
        seen[key] = seen.get(key, 0) + 1
        names.append(name if seen[key] == 1 or not name else f"{name} ({seen[key]})")
    return names


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table and its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; `bad` are the lines that no record could be read from."""

    kind: str
    rows: list[Row]
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    encoding: str = "utf-8-sig"
    separator: str = ","
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()

    @classmethod
    def read(cls, said: bytes) -> Table:
        """Return the table that the unpacking process wrote."""
        return cls.of(json.loads(said))

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Table:
        """Return the table of what was unpacked."""
        return cls(
            kind=table["kind"],
            rows=[Row(line, cells) for line, cells in table["rows"]],
            bad=[(line, text, detail) for line, text, detail in table["bad"]],
            encoding=table.get("encoding", "utf-8-sig"),
            separator=table.get("separator", ","),
            sheet=table.get("sheet", ""),
            other_sheets=tuple(table.get("sheets", ())),
            hidden=tuple(table.get("hidden", ())),
        )

    def first_rows(self) -> list[Row]:
        """Return the rows among which the header is looked for."""
        return self.rows[:HEADER_WITHIN]

    def header(self, line: int) -> Row | None:
        """Return the row of a line, if it has one."""
        return next((row for row in self.first_rows() if row.line == line), None)

    def below(self, header: Row) -> list[Row]:
        """Return the rows under the header."""
        return self.rows[self.rows.index(header) + 1 :]
