"""Sets of invoices, read in bulk: `invoices.issued.v1` again, at a sixth of the cost of the checked model.

What a set says once is read by its contract. A row's texts are bounded and stay texts; its ids are looked at
all together, and become ids where Postgres reads them. A property test holds both to the same answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

import msgspec

from shared.contracts.invoicing import (
    InvoiceIssued,
    InvoicesIssued,
    IssuingOperator,
    PackageTerms,
    SharedByInvoices,
)
from shared.ids import new_id

_Id = Annotated[str, msgspec.Meta(min_length=36, max_length=36)]
_ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

# Every digit of an id is written as one, then ids are all alike: a fifteenth of what a pattern takes.
_DIGITS = bytes.maketrans(b"123456789abcdefABCDEF", b"0" * 21)
_ID = b"00000000-0000-0000-0000-000000000000,"
# No name has any of them; where one does, a fresh id stands between the texts.
_SEPARATORS = ("\x1f", "\x1e", "\x1d")
_NUL = b"\\u0000"  # as JSON writes it; a raw one is refused


class Row(msgspec.Struct, frozen=True, gc=False):
    """One invoice of a set: `InvoiceOfSet`, with its ids as texts."""

    invoice_id: _Id
    number: _ShortText
    customer_id: _Id
    operator_id: _Id
    package_id: _Id
    code: _ShortText
    name: _ShortText
    mobile: _ShortText | None


class _Parts(msgspec.Struct, frozen=True):
    """A set with what it says once left as it came."""

    invoices: Annotated[list[Row], msgspec.Meta(min_length=1)]
    run_id: msgspec.Raw = msgspec.Raw()
    period: msgspec.Raw = msgspec.Raw()
    issued_on: msgspec.Raw = msgspec.Raw()
    due_on: msgspec.Raw = msgspec.Raw()
    currency: msgspec.Raw = msgspec.Raw()
    issued_at: msgspec.Raw = msgspec.Raw()
    version: msgspec.Raw = msgspec.Raw()
    operators: msgspec.Raw = msgspec.Raw()
    packages: msgspec.Raw = msgspec.Raw()


_decoder = msgspec.json.Decoder(_Parts)
_SHARED = tuple(SharedByInvoices.model_fields)


@dataclass(frozen=True, slots=True)
class InvoiceSet:
    """Invoices that were issued together."""

    contract: ClassVar[type[InvoicesIssued]] = InvoicesIssued
    type: ClassVar[str] = InvoicesIssued.type
    topic: ClassVar[str] = InvoicesIssued.topic

    shared: SharedByInvoices
    rows: Sequence[Row]

    @classmethod
    def read(cls, value: bytes) -> Self:
        """Return the set in the bytes; raises `ValueError` naming what is wrong."""
        parts = _decoder.decode(value)
        said = ((name, bytes(getattr(parts, name))) for name in _SHARED)
        common = b",".join(b'"%s":%s' % (name.encode(), raw) for name, raw in said if raw)
        read = cls(SharedByInvoices.model_validate_json(b"{%s}" % common), parts.invoices)
        read._check(has_escaped_nul=_NUL in value)
        return read

    def _check(self, *, has_escaped_nul: bool) -> None:
        rows = self.rows
        for ids in ([row.invoice_id for row in rows], [row.customer_id for row in rows]):
            if (",".join(ids) + ",").encode().translate(_DIGITS) != _ID * len(ids):
                raise ValueError("invoices: an id that is no UUID")
        operators, packages = {row.operator_id for row in rows}, {row.package_id for row in rows}
        unnamed_operators = operators - {str(each.operator_id) for each in self.shared.operators}
        unnamed_packages = packages - {str(each.package_id) for each in self.shared.packages}
        if unnamed_operators or unnamed_packages:
            raise ValueError("invoices: an operator or a package that the set does not name")
        texts = (text for row in rows for text in msgspec.structs.astuple(row) if text)
        if has_escaped_nul and any("\x00" in text for text in texts):
            raise ValueError("invoices: a text with NUL")

    def each(self) -> Iterable[InvoiceIssued]:
        """Return every invoice by itself, as the checked model."""
        operators = {str(one.operator_id): dict(one) for one in self.shared.operators}
        packages = {str(one.package_id): dict(one) for one in self.shared.packages}
        once = {name: getattr(self.shared, name) for name in _SHARED if name not in ("operators", "packages")}
        for row in self.rows:
            yield InvoiceIssued(
                **once,
                **operators[row.operator_id],
                **packages[row.package_id],
                invoice_id=UUID(row.invoice_id),
                number=row.number,
                customer_id=UUID(row.customer_id),
                customer_code=row.code,
                customer_name=row.name,
                customer_mobile=row.mobile,
            )


def split(value: bytes) -> Sequence[bytes]:
    """Return a set of one for each invoice; none when the bytes hold no such thing."""
    try:
        whole: Any = json.loads(value)
    except (ValueError, RecursionError):
        return ()
    rows = whole.get("invoices") if isinstance(whole, dict) else None
    return [_with_rows(whole, [row]) for row in rows] if isinstance(rows, list) else ()


def join(parts: Sequence[bytes]) -> bytes:
    """Return the set of these sets' invoices; they were split from one."""
    sets = [json.loads(part) for part in parts]
    return _with_rows(sets[0], [row for each in sets for row in each["invoices"]])


def _with_rows(whole: dict[str, Any], rows: Sequence[Any]) -> bytes:
    return json.dumps(whole | {"invoices": rows}, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Terms:
    """What the invoices of one operator and package in one set have in common."""

    shared: SharedByInvoices
    operator: IssuingOperator
    package: PackageTerms


@dataclass(frozen=True, slots=True)
class Columns:
    """The invoices of some sets side by side: rows, and by its place the terms of each."""

    rows: Sequence[Row]
    terms: Sequence[Terms]
    places: Sequence[int]


def columns(sets: Sequence[InvoiceSet]) -> Columns:
    """Return the sets' invoices, each with the place of its terms."""
    rows: list[Row] = []
    terms: list[Terms] = []
    places: list[int] = []
    for each in sets:
        operators = {str(one.operator_id): one for one in each.shared.operators}
        packages = {str(one.package_id): one for one in each.shared.packages}
        keys = [(row.operator_id, row.package_id) for row in each.rows]
        at = {key: place for place, key in enumerate(dict.fromkeys(keys), len(terms))}
        terms += [Terms(each.shared, operators[operator], packages[package]) for operator, package in at]
        places += map(at.__getitem__, keys)
        rows += each.rows
    return Columns(rows, terms, places)


def joined(texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return each column as one text, and the `separator` that is in none of them.

    A fifth of what an array costs on its way to Postgres, where `string_to_array` takes it apart.
    """
    for separator in (*_SEPARATORS, str(new_id())):
        whole = {name: separator.join(column) for name, column in texts.items()}
        if all(text.count(separator) == len(texts[name]) - 1 for name, text in whole.items()):
            return whole | {"separator": separator}
    raise ValueError("texts with every separator there is")
