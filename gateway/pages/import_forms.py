"""The form that says which of a file's columns is which of ours, and the options that it stands for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from gateway.pages.web.translations import gettext as _
from gateway.problems import wrong
from gateway.schemas import import_columns
from gateway.schemas.import_columns import COLUMNS, VALUED, Guess, Options
from gateway.schemas.import_tables import REASON, Row, Table, column_key, unique_names
from shared.contracts.placement import Catalog
from shared.values.texts import is_filler, lookup_key

SAMPLED_ROWS = 500
RAW_ROWS = 8
MOST_CHOICES = 200
DEFAULTED = ("operator", "package", "status", "billing_cycle", "since")
_SLASHED = re.compile(r"\s*([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ][0-9]{2,4}\b")
_OPTIONS = TypeAdapter(Options)


class Sent(Protocol):
    """The fields of a form, as they were sent."""

    def one(self, name: str, default: str = "") -> str:
        """Return the value of a field."""
        ...

    def has(self, name: str) -> bool:
        """Whether the form has a field."""
        ...


def options_of(said: Mapping[str, Any] | str) -> Options:
    """Return options as a page or a row of ours holds them; raises 422 when they were spoilt."""
    try:
        found = _OPTIONS.validate_python(json.loads(said) if isinstance(said, str) else dict(said))
    except (ValueError, ValidationError) as error:
        raise wrong("options", _("The upload was damaged on its way. Choose the file again.")) from error
    if set(found.columns or ()) - set(COLUMNS) or set(found.values) - set(VALUED):
        raise wrong("options", _("The upload was damaged on its way. Choose the file again."))
    return found


def options_from(form: Sent) -> Options:
    """Return what the form of columns says."""
    columns = {name: form.one(f"column-{name}") for name in COLUMNS if form.one(f"column-{name}")}
    defaults = {name: form.one(f"default-{name}") for name in DEFAULTED if form.one(f"default-{name}")}
    before = options_of(form.one("options")) if form.one("options") else Options()
    header = form.one("header")
    return Options(
        columns=columns,
        defaults=defaults,
        values=before.values,
        dates=import_columns.checked_dates(form.one("dates") or None),
        twins=import_columns.checked_twins(form.one("twins") or None),
        header=int(header) if header.isascii() and header.isdigit() else None,
        sheet=form.one("sheet"),
    )


def with_choices(options: Options, form: Sent) -> Options:
    """Return the options with what was chosen under the faults: our values for theirs, and twins."""
    values = {name: dict(each) for name, each in options.values.items()}
    for number in range(MOST_CHOICES):
        field, ours = form.one(f"valued-{number}"), form.one(f"ours-{number}")
        if ours and field in VALUED:
            values.setdefault(field, {})[lookup_key(form.one(f"theirs-{number}"))] = ours
    twins = form.one("twins")
    return replace(
        options,
        values=values,
        twins=import_columns.checked_twins(twins) if twins else options.twins,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns with the column of theirs that is chosen for it."""

    name: str
    chosen: str
    because: str
    sample: str
    is_needed: bool
    default: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The page of columns: what the file is like and what was found in it."""

    rows: list[Row]
    header: Row
    names: list[str]
    below: int
    columns: list[Column]
    choices: list[str]
    left_out: list[str]
    options: Options
    dates_note: tuple[int, int]
    is_remembered: bool


def mapped(table: Table, options: Options | None, header: int | None, catalog: Catalog) -> Mapped:
    """Return what to show of a file: as it was read before, or as its header and first rows suggest."""
    row = (table.header(header) if header else None) or _header_of(table, options)
    if row is None:
        raise wrong("file", _("No line of the file could be read."))
    names = unique_names(row.cells)
    rows = table.below(row)
    sample = rows[:SAMPLED_ROWS]
    guessed = import_columns.guess(names)
    is_remembered = options is not None and options.columns is not None and _fits(options, names)
    if options is None or not is_remembered:
        options = Options(columns={ours: guess.column for ours, guess in guessed.items()})
    options = replace(options, header=row.line, sheet=table.sheet)
    chosen = options.columns or {}
    dates_note = days, months = _orders(_column(chosen.get("since", ""), names, sample))
    if not is_remembered and months and not days:
        options = replace(options, dates="month_first")
    return Mapped(
        rows=[each for each in table.first_rows() if each.line <= row.line + 3][-RAW_ROWS:],
        header=row,
        names=names,
        below=len(rows),
        columns=[_shown(name, options, guessed, names, sample, catalog) for name in COLUMNS],
        choices=_choices(names, chosen, guessed),
        left_out=_left_out(names, chosen),
        options=options,
        dates_note=dates_note,
        is_remembered=is_remembered,
    )


def _left_out(names: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    """Return their columns that nothing of ours is read from."""
    used = {column_key(part) for wanted in chosen.values() for part in _parts(wanted, names)}
    return [name for name in names if name and column_key(name) not in used | {REASON}]


def _header_of(table: Table, options: Options | None) -> Row | None:
    known = table.header(options.header) if options and options.header else None
    return known or import_columns.likely_header(table)


def _fits(options: Options, names: Sequence[str]) -> bool:
    keys = {column_key(name) for name in names}
    parts = [part for wanted in (options.columns or {}).values() for part in _parts(wanted, names)]
    return bool(parts) and all(column_key(part) in keys for part in parts)


def _parts(wanted: str, names: Sequence[str]) -> list[str]:
    keys = {column_key(name) for name in names}
    return [wanted] if column_key(wanted) in keys else wanted.split("+")


def _choices(names: Sequence[str], chosen: Mapping[str, str], guessed: Mapping[str, Guess]) -> list[str]:
    """Return what may be chosen: every column of theirs, and those together that were."""
    single = [name for name in names if name and column_key(name) != REASON]
    together = [wanted for wanted in chosen.values() if wanted not in single]
    together += [found.column for found in guessed.values() if found.column not in single]
    return [*single, *dict.fromkeys(together)]


def _column(wanted: str, names: Sequence[str], rows: Sequence[Row]) -> list[str]:
    keys = [column_key(name) for name in names]
    places = [keys.index(column_key(part)) for part in _parts(wanted, names) if column_key(part) in keys]
    values = (
        " ".join(row.cells[place] for place in places if place < len(row.cells) and row.cells[place].strip())
        for row in rows
    )
    return [value for value in values if value.strip() and not is_filler(value)]


def _shown(
    name: str,
    options: Options,
    guessed: Mapping[str, Guess],
    names: Sequence[str],
    sample: Sequence[Row],
    catalog: Catalog,
) -> Column:
    wanted = (options.columns or {}).get(name, "")
    values = _column(wanted, names, sample) if wanted else []
    return Column(
        name=name,
        chosen=wanted,
        because=_because(name, wanted, guessed.get(name), values, options, catalog),
        sample=", ".join(dict.fromkeys(values[:3] if name in VALUED else values[:1]))[:80],
        is_needed=name in ("code", "name", "operator", "package"),
        default=options.defaults.get(name, ""),
    )


def _because(
    name: str,
    wanted: str,
    found: Guess | None,
    values: Sequence[str],
    options: Options,
    catalog: Catalog,
) -> str:
    """Return why a column was taken, or how many of its values are known here."""
    if not wanted:
        return _("the default is used") if name in DEFAULTED else ""
    distinct = {lookup_key(value) for value in values}
    known = {"operator": catalog.operators, "package": catalog.packages}.get(name)
    if known is not None:
        mapped_values = options.values.get(name, {})
        hits = sum(value in known or value in mapped_values for value in distinct)
        return _("%(hits)s of %(all)s are known here") % {"hits": hits, "all": len(distinct)}
    if found is not None and found.column == wanted:
        return _("same as “%(alias)s”") % {"alias": found.because.replace("+", " + ")}
    return ""


def _orders(values: Sequence[str]) -> tuple[int, int]:
    """Return how many dates can only be day first, and how many only month first."""
    days = months = 0
    for value in values:
        if found := _SLASHED.match(value):
            first, second = int(found[1]), int(found[2])
            days += first > 12 >= second
            months += second > 12 >= first
    return days, months
