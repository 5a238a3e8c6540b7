"""Statements of a page of bills: five ways to read one for each sort, filled in when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from shared.db import statements_in

_TEMPLATE = Path(__file__).parent / "templates" / "bill_pages.sql"
_BLOCK = re.compile(
    r"^-- (?P<kind>part|name): (?P<name>\S+)\n(?P<text>.*?)(?=^-- (?:part|name): |\Z)",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sort:
    """A column by which a list is sorted, one way or the other; the id decides among equals."""

    column: str
    type: Literal["date", "bigint", "timestamptz"]
    direction: Literal["ASC", "DESC"]

    @property
    def name(self) -> str:
        """Return what the sort is called in the names of its statements."""
        return f"{self.column}_{self.direction.lower()}"


# Closed: what a caller asks for picks a row of this table and never becomes SQL.
SORTS: dict[str, Sort] = {
    "-issued_on": Sort("issued_on", "date", "DESC"),
    "issued_on": Sort("issued_on", "date", "ASC"),
    "due_on": Sort("due_on", "date", "ASC"),
    "-due_on": Sort("due_on", "date", "DESC"),
    "total_minor": Sort("total_minor", "bigint", "ASC"),
    "-total_minor": Sort("total_minor", "bigint", "DESC"),
    "balance_minor": Sort("balance_minor", "bigint", "ASC"),
    "-balance_minor": Sort("balance_minor", "bigint", "DESC"),
}


def expanded(template: str, sorts: Mapping[str, Sort] = SORTS) -> str:
    """Return the statements of the template, once for each sort."""
    statements, parts = _pieces(template)
    return "\n".join(_filled(statements, parts, sort) for sort in sorts.values())


def assembled(template: str) -> str:
    """Return the statements of a template that has parts and no sorts."""
    statements, parts = _pieces(template)
    return Template(statements).substitute(parts)


def _pieces(template: str) -> tuple[str, dict[str, str]]:
    blocks = [block.groupdict() for block in _BLOCK.finditer(template)]
    parts: dict[str, str] = {}
    for block in blocks:
        if block["kind"] == "part":  # which may stand on parts above it
            parts[block["name"]] = Template(_COMMENT.sub("", block["text"]).strip()).safe_substitute(parts)
    statements = "\n".join(f"-- name: {b['name']}\n{b['text']}" for b in blocks if b["kind"] == "name")
    return statements, parts


def _filled(statements: str, parts: dict[str, str], sort: Sort) -> str:
    words = {
        "day": "due_on" if sort.column == "due_on" else "issued_on",
        "sort": sort.name,
        "column": sort.column,
        "type": sort.type,
        "direction": sort.direction,
        "beyond": "<" if sort.direction == "DESC" else ">",
    }
    # A name that nobody gave a value for is a KeyError, here and now.
    return Template(Template(statements).safe_substitute(parts)).substitute(words)


pages = statements_in(expanded(_TEMPLATE.read_text()))
