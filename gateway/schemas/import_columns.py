"""Which of a file's columns is which of ours: asked for, known by its name, or guessed from other exports.

Names are compared whatever their case, blanks and underscores. `First name+Last name` takes two together.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from gateway.problems import Problem, wrong
from gateway.schemas.import_tables import REASON, Row, Table, column_key, unique_names
from shared.contracts.catalog import Twins
from shared.values.days import Order
from shared.values.texts import lookup_key

COLUMNS = (
    "code", "name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since",
    "alternate_mobile",
)  # fmt: skip
VALUED = ("operator", "package", "status", "billing_cycle")
JOINED = {"name": " ", "address": ", ", "mobile": " / "}
# What other systems call our columns; the first that a header has is meant. Passwords are nobody's business.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "code", "customer code", "client code", "subscriber code", "customer id", "client id", "cust id",
        "subscriber id", "sub id", "user id", "account no", "account number", "account id", "custom id",
        "user ident", "portal login", "username", "user name", "login", "id number", "id",
        "pppoe username", "কোড",
    ),
    "name": (
        "name", "full name", "fullname", "customer name", "client name", "subscriber name", "company name",
        "customer", "client", "subscriber", "first name+last name", "firstname+lastname", "first name", "নাম",
    ),
    "mobile": (
        "mobile", "mobile number", "mobile no", "phone", "phones", "phone number", "phonenumber", "phone no",
        "contact", "contact number", "cell", "cell phone", "telephone", "client phone", "মোবাইল",
    ),
    "address": (
        "address", "full address", "house no+road no+thana+district", "street 1+street 2+city",
        "street 1+city",
        "street+city", "billing street+billing apt/suite+billing city", "address 1+address 2+city", "street",
        "street 1", "billing street", "location", "ঠিকানা",
    ),
    "operator": (
        "operator", "operator code", "reseller", "reseller code", "partner", "franchise", "branch",
        "site", "pop",
        "অপারেটর",
    ),
    "package": (
        "package", "package name", "plan", "plan name", "service plan", "tariff", "tariff plan",
        "internet plan",
        "internet tariff", "internet tariffs", "profile", "service", "product", "namebp", "প্যাকেজ",
    ),
    "status": (
        "status", "customer status", "client status", "service status", "account status", "short status",
        "disabled", "is active", "active", "অবস্থা", "স্ট্যাটাস",
    ),
    "billing_cycle": (
        "billing cycle", "cycle", "billing period", "invoicing period", "billing type period",
        "বিলের চক্র", "বিলিং চক্র", "চক্র",
    ),
    "since": (
        "since", "service active from", "registration date", "registered", "client joining date",
        "joining date",
        "join date", "activation date", "connection date", "date add", "created on", "created at",
        "start date",
        "customer since", "joined", "থেকে", "শুরু", "কবে থেকে",
    ),
    "alternate_mobile": (
        "alternate mobile", "alternate mobile number", "alternate number", "alternate phone",
        "alternative mobile",
        "alternative number", "alternative phone", "alt mobile", "alt phone", "mobile 2", "phone 2",
        "second mobile",
        "secondary mobile", "secondary phone", "other mobile", "বিকল্প মোবাইল",
    ),
}  # fmt: skip
_STATUSES: Mapping[str, tuple[str, ...]] = {
    "active": (
        "active", "a", "y", "yes", "enabled", "enable", "on", "1", "true", "running", "সক্রিয়", "চালু",
    ),
    "suspended": (
        "suspended", "suspend", "s", "n", "no", "off", "0", "false", "disabled", "disable", "inactive",
        "blocked",
        "block", "banned", "expired", "paused", "on hold", "locked", "limited", "স্থগিত",
    ),
    "closed": (
        "closed", "close", "c", "ended", "left", "terminated", "cancelled", "canceled", "archived", "deleted",
        "disconnected", "বন্ধ",
    ),
}  # fmt: skip
_CYCLES: Mapping[str, tuple[str, ...]] = {
    "monthly": ("monthly", "month", "1 month", "m", "recurring", "মাসিক"),
    "daily": ("daily", "day", "1 day", "d", "দৈনিক"),
    "none": ("none", "never", "no", "no billing", "বিল হয় না", "নেই", "কোনোটি নয়"),
}
# Read, and said, for another system may mean something else by them.
DOUBTFUL = frozenset(
    {"disabled", "disable", "inactive", "limited", "expired", "n", "no", "off", "0", "false"}
)
_INVERTED = frozenset({"disabled", "blocked"})


def _by_word(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {lookup_key(word): ours for ours, theirs in words.items() for word in theirs}


# Our own names, and those that our files have in Bengali.
_OURS = {column_key(alias): name for name in COLUMNS for alias in ALIASES[name] if not alias.isascii()} | {
    column_key(name): name for name in COLUMNS
}
STATUS_WORDS = _by_word(_STATUSES)
CYCLE_WORDS = _by_word(_CYCLES)


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read: which of its columns and values are ours, what is missing, what twins are."""

    columns: Mapping[str, str] | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: Order = "day_first"
    twins: Twins = "refuse"
    header: int | None = None
    sheet: str = ""

    def body(self) -> dict[str, Any]:
        """Return the options as they are kept."""
        return {
            "columns": dict(self.columns) if self.columns is not None else None,
            "defaults": dict(self.defaults),
            "values": {name: dict(each) for name, each in self.values.items()},
            "dates": self.dates,
            "twins": self.twins,
            "header": self.header,
            "sheet": self.sheet,
        }


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a table, and the places of our columns in it."""

    header: Row
    names: list[str]
    places: Mapping[str, tuple[int, ...]]

    @property
    def left_out(self) -> list[str]:
        """Return the names of the columns that nothing is read from."""
        read = {place for places in self.places.values() for place in places}
        return [
            name
            for place, name in enumerate(self.names)
            if name and place not in read and column_key(name) != REASON
        ]

    def cells(self, row: Row) -> dict[str, str]:
        """Return what a row says of our columns; several columns of theirs are joined."""
        return {name: self._cell(name, row.cells) for name in self.places}

    def _cell(self, name: str, cells: Sequence[str]) -> str:
        places = self.places[name]
        said = [cells[place] for place in places if place < len(cells) and cells[place].strip()]
        return JOINED.get(name, " ").join(said) if len(places) > 1 else "".join(said)

    def is_inverted(self, name: str) -> bool:
        """Whether a column says the opposite: `disabled` is `no` for who is active."""
        return name == "status" and any(
            column_key(self.names[place]) in _INVERTED for place in self.places.get(name, ())
        )


def lay_out(table: Table, options: Options) -> Layout:
    """Return where our columns are; raises a 422 problem that names what is missing or unknown."""
    if options.header is not None:
        row = table.header(options.header)
        if row is None:
            raise _header_problem(f"There is nothing on line {options.header}.")
        return _layout(row, options)
    for row in table.first_rows():
        layout = _fitting(row, options)
        if layout is not None:
            return layout
    first = next((row for row in table.first_rows() if len(row.cells) > 1), None) or (
        table.rows[0] if table.rows else None
    )
    if first is None:
        raise _header_problem("No line of the file could be read.")
    return _layout(_most_like(table) or first, options)


def _fitting(row: Row, options: Options) -> Layout | None:
    """Return the layout when a row names every column that is asked for, or our own names."""
    names = unique_names(row.cells)
    keys = {column_key(name) for name in names}
    if options.columns is not None:
        parts = [part for wanted in options.columns.values() for part in _parts(wanted, names)]
        fits = all(column_key(part) in keys for part in parts)
    else:
        ours = [_OURS[key] for key in keys if key in _OURS]
        fits = "code" in ours and len(ours) > 1
    return _layout(row, options) if fits else None


def _most_like(table: Table) -> Row | None:
    """Return the row that looks most like a header, to say of it what is missing."""
    known = {column_key(part) for names in ALIASES.values() for name in names for part in name.split("+")}
    scored = [
        (sum(column_key(cell) in known for cell in row.cells), -place, row)
        for place, row in enumerate(table.first_rows())
    ]
    best = max(scored, key=lambda each: each[:2], default=None)
    return best[2] if best and best[0] > 1 else None


def likely_header(table: Table) -> Row | None:
    """Return the row that a clerk would point to: that names most columns, or the first with several."""
    fitting = (row for row in table.first_rows() if _fitting(row, Options()))
    several = (row for row in table.first_rows() if len(row.cells) > 1)
    return next(fitting, None) or _most_like(table) or next(several, None)


def _layout(row: Row, options: Options) -> Layout:
    names = unique_names(row.cells)
    if options.columns is None:
        return Layout(row, names, _our_own(names))
    places: dict[str, tuple[int, ...]] = {}
    missing = []
    for ours, wanted in options.columns.items():
        at = _find(wanted, names)
        if at is None:
            missing.append(wanted)
        else:
            places[ours] = at
    if missing:
        raise wrong("columns", f"The file has no column {', '.join(missing)[:200]}.")
    if "code" not in places:
        raise wrong("columns", "Say which column holds the code.")
    return Layout(row, names, places)


def _our_own(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the places of a header that holds our names and no others."""
    places: dict[str, tuple[int, ...]] = {}
    unknown = []
    for place, name in enumerate(names):
        key = column_key(name)
        known = _OURS.get(key)
        if known and known not in places:
            places[known] = (place,)
        elif name and key != REASON:
            unknown.append(name)
    missing = [] if "code" in places else ["code"]
    if missing or unknown:
        raise _header_problem(_difference(missing, unknown))
    return places


def _header_problem(difference: str) -> Problem:
    detail = (
        f"The header must be code and what changes, of {','.join(COLUMNS)};"
        " or say in `columns` which of its columns is which."
    )
    return Problem(422, "invalid", detail, errors=(("header", difference),))


def _difference(missing: Sequence[str], unknown: Sequence[str]) -> str:
    parts = [f"missing: {', '.join(missing)}"] if missing else []
    return "; ".join(parts + ([f"unknown: {', '.join(unknown)[:200]}"] if unknown else []))


def _parts(wanted: str, names: Sequence[str]) -> list[str]:
    """Return the columns that a wish names: one whose name has a plus in it, or several."""
    keys = {column_key(name) for name in names}
    return [wanted] if column_key(wanted) in keys else [part for part in wanted.split("+") if part.strip()]


def _find(wanted: str, names: Sequence[str]) -> tuple[int, ...] | None:
    keys = [column_key(name) for name in names]
    parts = _parts(wanted, names)
    if not parts or any(column_key(part) not in keys for part in parts):
        return None
    return tuple(keys.index(column_key(part)) for part in parts)


@dataclass(frozen=True, slots=True)
class Guess:
    """Which column of theirs is probably one of ours, and the name that says so."""

    column: str
    because: str


def guess(names: Sequence[str]) -> dict[str, Guess]:
    """Return the likely columns of another system's export, each of theirs used once."""
    found: dict[str, Guess] = {}
    used: set[int] = set()
    for ours in COLUMNS:
        for alias in ALIASES[ours]:
            places = _find(alias, names)
            if places is not None and not used & set(places):
                used |= set(places)
                found[ours] = Guess("+".join(names[place] for place in places), alias)
                break
    return found


def mapping_key(names: Iterable[str]) -> str:
    """Return what a header is remembered by."""
    said = "\n".join(column_key(name) for name in names if column_key(name) != REASON)
    return hashlib.sha256(said.encode()).hexdigest()


def asked_columns(text: str | None) -> dict[str, str] | None:
    """Read `code:CustomerId,name:First name+Last name`; raises 422."""
    return None if text is None else _pairs("columns", text, COLUMNS)


def asked_defaults(text: str | None) -> dict[str, str]:
    """Read `operator:ISP,package:Home 10`; raises 422."""
    return _pairs("defaults", text, COLUMNS[1:]) if text else {}


def asked_values(text: str | None) -> dict[str, dict[str, str]]:
    """Read `package:BRONZE 799=Home 10,status:Y=active`; raises 422."""
    values: dict[str, dict[str, str]] = {}
    for name, said in _parts_of("values", text or "", VALUED):
        theirs, equals, ours = said.rpartition("=")
        if not equals or not ours.strip():
            raise wrong("values", f"Write {name}:theirs=ours.")
        values.setdefault(name, {})[lookup_key(theirs)] = ours.strip()
    return values


def _pairs(parameter: str, text: str, known: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for name, said in _parts_of(parameter, text, known):
        if name in pairs:
            raise wrong(parameter, f"{name} is named twice.")
        if not said:
            raise wrong(parameter, f"Nothing is named for {name}.")
        pairs[name] = said
    if not pairs:
        raise wrong(parameter, f"Write ours:theirs, separated by commas; ours is one of {', '.join(known)}.")
    return pairs


def _parts_of(parameter: str, text: str, known: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield name and rest of each part; a comma that no name follows belongs to the part before."""
    for part in re.split(r",(?=\s*[a-z_]+\s*:)", text) if text.strip() else ():
        name, colon, said = part.partition(":")
        if not colon or name.strip() not in known:
            raise wrong(parameter, f"“{name.strip()[:80]}” is none of {', '.join(known)}.")
        yield name.strip(), said.strip()


def checked_dates(text: str | None) -> Order:
    """Read the order of dates; raises 422."""
    return _one_of("dates", text or "day_first", get_args(Order))  # type: ignore[return-value]


def checked_twins(text: str | None) -> Twins:
    """Read what twins are; raises 422."""
    return _one_of("twins", text or "refuse", get_args(Twins))  # type: ignore[return-value]


def _one_of(parameter: str, text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise wrong(parameter, f"One of {', '.join(known)}.")
    return text


def template(separator: str = ",") -> bytes:
    """Return a file with our header and a line to write over."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(COLUMNS)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
