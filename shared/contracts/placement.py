"""What a line of a customers file means: part of the contract of `customers.import.v1`.

Invoicing follows it under its locks, the gateway beforehand over its read model, so that a preview and the
import cannot disagree. Pure: rows in, decisions out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from shared.contracts.catalog import CustomerLine, LineDefaults, RefusedCell, RefusedLine, Twins
from shared.values.texts import lookup_key, read_name, several_lines
from shared.values.unreadable import Unreadable

Row: TypeAlias = Mapping[str, Any]
FIELDS = (
    "name", "mobile", "alternate_mobile", "address", "operator_id", "package_id", "status", "billing_cycle",
    "since",
)  # fmt: skip


class Unplaced(Unreadable):
    """“{text}” cannot be followed."""


class NeededForNew(Unplaced):
    """needed for a new customer"""


class UnknownOperator(Unplaced):
    """unknown operator “{text}”"""


class SeveralOperators(Unplaced):
    """several operators of this code"""


class UnknownPackage(Unplaced):
    """unknown package “{text}”"""


class SeveralPackages(Unplaced):
    """several packages of this name"""


class PackageNotSold(Unplaced):
    """the package “{text}” is not sold by {suggestion}"""


class SeveralCustomers(Unplaced):
    """several customers have this code"""


class CodeElsewhere(Unplaced):
    """the code “{text}” is known at {suggestion}: say whether it is the same customer (twins)"""


class CodeAlike(Unplaced):
    """the code “{text}” is known as “{suggestion}”: say whether it is the same customer (twins)"""


class CustomerErased(Unplaced):
    """the customer “{text}” was erased; a new one needs a code of their own"""


class DuplicateCode(Unplaced):
    """duplicate code"""


def code_key(code: str) -> str:
    """Return what codes share that differ by case or by zeros that a spreadsheet dropped."""
    return code.lower().lstrip("0")


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that lines can name: operators and packages by lookup key, customers by `code_key`.

    A customer's row has `path`, `operator_code`, `package_name`, `is_ours` (made by this very import),
    `is_undone` (closed by the undoing of one, and unchanged since) and `is_erased`.
    """

    operators: Mapping[str, Sequence[Row]]
    packages: Mapping[str, Sequence[Row]]
    customers: Mapping[str, Sequence[Row]]
    today: date


@dataclass(frozen=True, slots=True)
class Placed:
    """A whole line with its operator and package, and the customer that it is about unless it is new."""

    line: CustomerLine
    operator_id: UUID
    package_id: UUID
    customer: Row | None

    @property
    def moves(self) -> bool:
        """Whether the customer changes operator."""
        return self.customer is not None and self.customer["operator_id"] != self.operator_id

    def changes(self) -> list[str]:
        """Return the fields of a known customer that become different."""
        if self.customer is None:
            return []
        after = {"operator_id": self.operator_id, "package_id": self.package_id}
        return [
            name
            for name in FIELDS
            if self.customer[name] != (after[name] if name in after else getattr(self.line, name))
        ]


class _Faults(Exception):
    def __init__(self, reasons: Sequence[RefusedCell]) -> None:
        super().__init__()
        self.reasons = reasons


def cell(field: str, error: Unreadable) -> RefusedCell:
    """Return what is wrong with a field, for every language."""
    return RefusedCell(
        field=field,
        detail=error.detail,
        code=type(error).__name__,
        text=error.text,
        suggestion=error.suggestion,
    )


def refusal(line: CustomerLine, reasons: Sequence[RefusedCell]) -> RefusedLine:
    """Return a refused line with all that is wrong with it."""
    reason = "; ".join(
        f"{each.field} {each.detail}" if each.code == NeededForNew.__name__ else each.detail
        for each in reasons
    )
    return RefusedLine(line=line.line, code=line.code, reason=reason, reasons=tuple(reasons))


def place(
    lines: Iterable[CustomerLine], catalog: Catalog, twins: Twins, defaults: LineDefaults
) -> tuple[list[Placed], list[RefusedLine]]:
    """Return the lines that can be followed, made whole, each customer once; and the others."""
    placed: dict[tuple[UUID, str], Placed] = {}
    refused = []
    for line in lines:
        try:
            each = _place(line, catalog, twins, defaults)
        except _Faults as faults:
            refused.append(refusal(line, faults.reasons))
            continue
        if placed.setdefault((each.operator_id, each.line.code), each) is not each:
            refused.append(refusal(line, [cell("code", DuplicateCode(line.code))]))
    return list(placed.values()), refused


def _place(line: CustomerLine, catalog: Catalog, twins: Twins, defaults: LineDefaults) -> Placed:
    reasons: list[RefusedCell] = []
    customer = operator = package = None
    try:
        customer, operator = _whom(line, catalog, twins, defaults)
    except _Faults as faults:
        reasons += faults.reasons
        if operator_of(line.operator or defaults.operator, catalog) is None:
            # Where it belongs decides what is sold there; the name is asked for all the same.
            if line.package and lookup_key(line.package) not in catalog.packages:
                reasons.append(cell("package", UnknownPackage(line.package)))
            raise _Faults(reasons) from None
        operator = operator_of(line.operator or defaults.operator, catalog)
    assert operator is not None
    try:
        package = _package_of(line, customer, operator, catalog, defaults)
    except Unreadable as error:
        reasons.append(cell("package", error))
    if customer is None and not (line.name or defaults.name) and not _has(reasons, "code"):
        reasons.append(cell("name", NeededForNew("")))
    if reasons or package is None:
        raise _Faults(reasons)
    placed = Placed(_whole(line, customer, catalog.today, defaults), operator["id"], package, customer)
    if customer is not None and customer["is_erased"] and placed.changes():
        raise _Faults([cell("code", CustomerErased(customer["code"]))])
    return placed


def _has(reasons: Sequence[RefusedCell], field: str) -> bool:
    return any(each.field == field for each in reasons)


def operator_of(code: str | None, catalog: Catalog) -> Row | None:
    """Return the one operator of a code, if there is one."""
    operators = _spelled(catalog.operators, "code", code) if code else []
    return operators[0] if len(operators) == 1 else None


def _operator(code: str | None, catalog: Catalog) -> Row:
    if not code:
        raise _Faults([cell("operator", NeededForNew(""))])
    operators = _spelled(catalog.operators, "code", code)
    if len(operators) != 1:
        error: Unreadable = SeveralOperators(code) if operators else UnknownOperator(code)
        raise _Faults([cell("operator", error)])
    return operators[0]


def _whom(
    line: CustomerLine, catalog: Catalog, twins: Twins, defaults: LineDefaults
) -> tuple[Row | None, Row]:
    """Return the customer that a line is about, None for a new one, and the operator they end up with."""
    alike = catalog.customers.get(code_key(line.code), ())
    exact = [each for each in alike if each["code"] == line.code]
    if line.operator is None:
        if len(exact) == 1 and not _is_another(line, exact[0], defaults, catalog):
            return exact[0], _home(exact[0])
        if not exact and not defaults.operator:
            raise _Faults([cell("operator", NeededForNew(""))])
        if exact and not defaults.operator:
            raise _Faults([cell("operator", SeveralCustomers(line.code))])
    operator = _operator(line.operator or defaults.operator, catalog)
    own = [each for each in exact if each["operator_id"] == operator["id"]]
    if own:
        return own[0], operator
    twin = _twin(line, operator, [each for each in exact if not each["is_ours"]], alike)
    if twin is None or twins == "create":
        return None, operator
    others, error = twin
    if twins == "refuse":
        raise _Faults([cell("code", error)])
    if len(others) > 1:
        raise _Faults([cell("code", SeveralCustomers(line.code))])
    return others[0], operator if line.operator else _home(others[0])


def _home(customer: Row) -> Row:
    return {"id": customer["operator_id"], "path": customer["path"], "code": customer["operator_code"]}


def _is_another(line: CustomerLine, customer: Row, defaults: LineDefaults, catalog: Catalog) -> bool:
    """Whether a line without operator is somebody else than the one customer with its code.

    Other systems count from 1 as well: where the file's new customers go elsewhere, and neither the name nor
    the mobile is theirs, the code alone does not make it the same person.
    """
    new_home = operator_of(defaults.operator, catalog)
    if new_home is None or new_home["id"] == customer["operator_id"] or line.name is None:
        return False
    same_name = lookup_key(line.name) == lookup_key(customer["name"])
    return not same_name and (line.mobile is None or line.mobile != customer["mobile"])


def _twin(
    line: CustomerLine, operator: Row, exact: Sequence[Row], alike: Sequence[Row]
) -> tuple[list[Row], Unreadable] | None:
    """Return whom a new line may really be: the same code elsewhere, or here in another spelling."""
    if exact:
        where = ", ".join(sorted({each["operator_code"] for each in exact}))
        return list(exact), CodeElsewhere(line.code, where)
    here = [
        each
        for each in alike
        if each["operator_id"] == operator["id"] and each["code"] != line.code and not each["is_ours"]
    ]
    if here:
        return here, CodeAlike(line.code, here[0]["code"])
    return None


def _package_of(
    line: CustomerLine, customer: Row | None, operator: Row, catalog: Catalog, defaults: LineDefaults
) -> UUID:
    """Return the package that the line names, or the customer's own, or the default of a new one."""
    name = line.package or (None if customer else defaults.package)
    if name is None and customer is None:
        raise NeededForNew("")
    if customer is not None and (name is None or lookup_key(name) == lookup_key(customer["package_name"])):
        owner = customer["package_operator_id"]
        if owner is None or owner in operator["path"]:
            own: UUID = customer["package_id"]
            return own
        if name is None:
            raise PackageNotSold(customer["package_name"], operator["code"])
    assert name is not None
    nearest = _nearest(_spelled(catalog.packages, "name", name), operator["path"]) or _nearest(
        catalog.packages.get(lookup_key(name), ()), operator["path"]
    )
    if len(nearest) != 1:
        raise SeveralPackages(name) if nearest else UnknownPackage(name)
    package_id: UUID = nearest[0]["id"]
    return package_id


def _spelled(known: Mapping[str, Sequence[Row]], column: str, text: str) -> Sequence[Row]:
    """Those with exactly this spelling, or else whatever their case and blanks."""
    rows = known.get(lookup_key(text), ())
    return [row for row in rows if row[column] == text] or rows


def _nearest(packages: Iterable[Row], path: Sequence[UUID]) -> list[Row]:
    """Of the packages that an operator may sell, those owned nearest above it."""
    by_depth: dict[int, list[Row]] = {}
    for package in packages:
        owner = package["operator_id"]
        if owner is None or owner in path:
            by_depth.setdefault(-1 if owner is None else list(path).index(owner), []).append(package)
    return by_depth[max(by_depth)] if by_depth else []


def _whole(line: CustomerLine, customer: Row | None, today: date, defaults: LineDefaults) -> CustomerLine:
    """Fill what a line leaves out: with what a known customer has, with the default for a new one."""
    new = {
        "name": defaults.name,
        "mobile": defaults.mobile,
        "alternate_mobile": defaults.alternate_mobile,
        "address": defaults.address or "",
        "status": defaults.status or "active",
        "billing_cycle": defaults.billing_cycle or "monthly",
        "since": defaults.since or today,
    }
    if customer is None:
        cleared = {"mobile": None, "alternate_mobile": None, "address": ""}
        given = {name: cleared[name] if name in line.clear else value for name, value in new.items()}
        return line.model_copy(update={name: v for name, v in given.items() if getattr(line, name) is None})
    kept: dict[str, Any] = {}
    for name in new:
        value = getattr(line, name)
        if name in line.clear:
            kept[name] = "" if name == "address" else None
        elif name == "status" and value is None and customer["is_undone"]:
            kept[name] = new[name]
        elif value is None or _says_the_same(name, value, customer[name]):
            kept[name] = customer[name]
    return line.model_copy(update=kept | {"code": customer["code"]})


def _says_the_same(name: str, value: Any, stored: Any) -> bool:
    """Whether a text only tidies the blanks of what is there: a file of ours gives it back tidied."""
    if name == "address":
        return bool(value == several_lines(stored))
    try:
        return name == "name" and bool(value == read_name(stored))
    except Unreadable:
        return False
