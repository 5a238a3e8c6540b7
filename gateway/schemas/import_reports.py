"""Imports at the API: how a file is to be read, and the report with every line accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import TypedDict

from gateway.schemas import import_columns
from gateway.schemas.answers import FieldError, answer
from gateway.schemas.filters import Flag, Query
from gateway.schemas.imports import MOST_REFUSED, MOST_WARNINGS, Options
from shared.contracts.catalog import Twins

Row = Mapping[str, Any]


class ImportQuery(Query):
    """How a file of customers is to be read."""

    LONGEST: ClassVar[int] = 30_000

    columns: str | None = None
    """Ours from theirs: `code:CustomerId,name:First name+Last name`. Else the header holds our names."""
    defaults: str | None = None
    """What new customers get where the file says nothing: `operator:ISP,package:Home 10`."""
    values: str | None = None
    """Our values for theirs: `package:BRONZE 799=Home 10,status:Y=active`."""
    dates: Literal["day_first", "month_first", "iso"] = "day_first"
    """What 09/01/2026 is."""
    twins: Twins = "refuse"
    """What a code is that is known elsewhere, or here in another spelling."""
    header: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """The line that holds the columns' names, where it is not found by itself."""
    sheet: str = ""
    """The workbook's sheet; else the first visible one that holds anything."""
    dry_run: Flag = False
    """Whether to answer 200 with the report, and write nothing."""

    def options(self) -> Options:
        """Return how the file is to be read; raises 422 naming what is wrong."""
        return Options(
            columns=import_columns.asked_columns(self.columns),
            defaults=import_columns.asked_defaults(self.defaults),
            values=import_columns.asked_values(self.values),
            dates=self.dates,
            twins=self.twins,
            header=self.header,
            sheet=self.sheet,
        )


@answer
class RefusedLine(TypedDict):
    """A line that was not taken, with all that is wrong with it."""

    line: int
    """The line, as a spreadsheet counts."""
    code: str
    """The customer's code, as far as it could be read."""
    reasons: list[FieldError]
    """What is wrong, field by field."""


@answer
class Warned(TypedDict):
    """A line that was taken with a doubt."""

    line: int
    """The line, as a spreadsheet counts."""
    code: str
    """The customer's code."""
    detail: str
    """What was understood."""


@answer
class Report(TypedDict):
    """The outcome of each line: read = created + updated + unchanged + refused."""

    read: int
    """How many lines were read."""
    created: int
    """New customers."""
    updated: int
    """Customers that were changed."""
    unchanged: int
    """Customers that were so already."""
    refused: list[RefusedLine]
    """The first 1,000 lines that were not taken."""
    warnings: list[Warned]
    """The first 1,000 lines that were taken with a doubt."""


@answer
class Undone(TypedDict):
    """The outcome of taking an import back."""

    read: int
    """How many customers the import had made or changed."""
    restored: int
    """Customers that are again what they were."""
    closed: int
    """Customers whom the import had made and nobody has used."""
    fields: dict[str, int]
    """How many customers each field was put back for."""
    kept: list[RefusedLine]
    """The first 1,000 that stayed as they are, or in the fields that are named, each with the reason."""


def report(found: Row) -> Report:
    """Return what became of an import's lines."""
    lines = all_refused(found)
    counts = {name: int(found[name]) for name in ("created", "updated", "unchanged")}
    return shown(
        {
            "read": sum(counts.values()) + len(lines),
            **counts,
            "refused": lines,
            "warnings": found["warnings"],
        }
    )


def all_refused(found: Row) -> list[Row]:
    """Return every refused line of an import, in the order of the file."""
    return sorted([*found["refused"], *(found["refused_later"] or [])], key=lambda line: int(line["line"]))


def shown(full: Row) -> Report:
    """Return a report as the API gives it: reasons and warnings in words, the first thousand of each."""
    return {
        "read": full["read"],
        "created": full["created"],
        "updated": full["updated"],
        "unchanged": full["unchanged"],
        "refused": [_refused(line) for line in full["refused"][:MOST_REFUSED]],
        "warnings": [
            {"line": each["line"], "code": each["code"], "detail": each["detail"]}
            for each in full["warnings"][:MOST_WARNINGS]
        ],
    }


def _refused(line: Row) -> RefusedLine:
    reasons = line.get("reasons") or [{"field": "", "detail": line["reason"]}]
    return {"line": line["line"], "code": line["code"], "reasons": _words(reasons)}


def _words(reasons: Iterable[Row]) -> list[FieldError]:
    return [{"field": each["field"], "detail": each["detail"]} for each in reasons]


def undoing(found: Row) -> Undone:
    """Return what became of the taking back of an import; `kept` stays, each with its reason."""
    kept: Sequence[Row] = all_refused(found)
    stayed = int(found["unchanged"]) + len(kept) - int(found["partly"])
    return {
        "read": int(found["updated"]) + int(found["closed"]) + stayed,
        "restored": int(found["updated"]),
        "closed": int(found["closed"]),
        "fields": {name.removesuffix("_id"): int(each) for name, each in (found["restored"] or {}).items()},
        "kept": [_refused(line) for line in kept[:MOST_REFUSED]],
    }
