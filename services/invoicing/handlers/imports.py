"""Customers imported by the chunk: a line says what changes, and everything else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from services.invoicing import domain, store
from services.invoicing.store import Row, queries
from shared import outbox
from shared.contracts.catalog import (
    CustomerLine,
    CustomersImported,
    ImportCustomers,
    RefusedCell,
    RefusedLine,
)
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.outbox import Said
from shared.values.texts import lookup_key

# A whole line, its operator and its package.
Placed: TypeAlias = tuple[CustomerLine, UUID, UUID]
NEEDED = "needed for a new customer"


class _Wrong(Exception):
    """A field of a line that cannot be followed, and why."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.cell = RefusedCell(field=field, detail=detail)


@dataclass(frozen=True, slots=True)
class _Catalog:
    """What the lines of a chunk can name: operators and packages by lookup key, customers by code."""

    operators: Mapping[str, Sequence[Row]]
    packages: Mapping[str, Sequence[Row]]
    customers: Mapping[str, Sequence[Row]]
    today: date


async def import_customers(received: Received[ImportCustomers], tx: Tx) -> None:
    """Create and update a chunk of customers in one statement; the bulk lane says what became of it."""
    wanted = received.data
    refused: list[RefusedLine] = []
    placed = _once_each(_placed(await _catalog(tx, wanted), wanted.lines, refused), refused)
    claimed = await store.claim_lines(
        tx, wanted.import_id, [(line, operator) for line, operator, _ in placed]
    )
    refused += [_duplicate(line) for line, _, _ in placed if line.line not in claimed]
    placed = [each for each in placed if each[0].line in claimed]
    changed = await store.import_customers(tx, placed)
    created = sum(each.version == 1 for each in changed)
    report = CustomersImported(
        import_id=wanted.import_id,
        created=created,
        updated=len(changed) - created,
        unchanged=len(placed) - len(changed),
        refused=tuple(sorted(refused, key=lambda each: each.line)),
    )
    said = [*map(Said, changed), Said(report, because=received.envelope)]
    await outbox.say(tx, said, lane=outbox.BULK)


async def _catalog(tx: Tx, wanted: ImportCustomers) -> _Catalog:
    """Read what the lines name within the sender's reach, and lock the customers that they are about."""
    operators: dict[str, list[Row]] = {}
    named = {lookup_key(line.operator) for line in wanted.lines if line.operator}
    async for row in queries.operators_of_codes(tx, codes=list(named)):
        # Unknown and out of reach are one: a file does not tell what lies outside its sender's reach.
        if domain.is_within(row["path"], wanted.scope):
            operators.setdefault(lookup_key(row["code"]), []).append(row)
    packages: dict[str, list[Row]] = {}
    if any(line.package for line in wanted.lines):
        async for row in queries.every_package(tx):
            packages.setdefault(lookup_key(row["name"]), []).append(row)
    customers: dict[str, list[Row]] = {}
    codes = list({line.code for line in wanted.lines})
    async for row in queries.lock_customers_of_codes(tx, codes=codes, scope=wanted.scope):
        customers.setdefault(row["code"], []).append(row)
    return _Catalog(operators, packages, customers, (await store.billing_settings(tx)).today)


def _placed(catalog: _Catalog, lines: Iterable[CustomerLine], refused: list[RefusedLine]) -> list[Placed]:
    """Each line made whole, with its operator and package; those that cannot be go to `refused`."""
    placed = []
    for line in lines:
        try:
            operator_id, path = _operator_of(line, catalog)
        except _Wrong as wrong:
            refused.append(_refuse(line, [wrong.cell]))
            continue
        known = [each for each in catalog.customers.get(line.code, ()) if each["operator_id"] == operator_id]
        customer = known[0] if known else None
        reasons: list[RefusedCell] = []
        package_id = None
        try:
            package_id = _package_of(line, customer, path, catalog)
        except _Wrong as wrong:
            reasons.append(wrong.cell)
        if customer is None and line.name is None:
            reasons.append(RefusedCell(field="name", detail=NEEDED))
        if reasons or package_id is None:
            refused.append(_refuse(line, reasons))
        else:
            placed.append((_whole(line, customer, catalog.today), operator_id, package_id))
    return placed


def _operator_of(line: CustomerLine, catalog: _Catalog) -> tuple[UUID, list[UUID]]:
    """Return the operator's id and path; without a name it is that of the one customer with the code."""
    if line.operator is None:
        customers = catalog.customers.get(line.code, ())
        if len(customers) == 1:
            return customers[0]["operator_id"], customers[0]["path"]
        raise _Wrong("operator", "several customers have this code" if customers else NEEDED)
    operators = _spelled(catalog.operators, "code", line.operator)
    if len(operators) != 1:
        raise _Wrong("operator", "several operators of this code" if operators else "unknown operator")
    return operators[0]["id"], operators[0]["path"]


def _package_of(line: CustomerLine, customer: Row | None, path: list[UUID], catalog: _Catalog) -> UUID:
    """Return the package that the line names, or the customer's own."""
    if line.package is None:
        if customer is None:
            raise _Wrong("package", NEEDED)
        own: UUID = customer["package_id"]
        return own
    nearest = _nearest(_spelled(catalog.packages, "name", line.package), path) or _nearest(
        catalog.packages.get(lookup_key(line.package), ()), path
    )
    if len(nearest) != 1:
        raise _Wrong("package", "several packages of this name" if nearest else "unknown package")
    package_id: UUID = nearest[0]["id"]
    return package_id


def _spelled(known: Mapping[str, Sequence[Row]], column: str, text: str) -> Sequence[Row]:
    """Those with exactly this spelling, or else whatever their case and blanks."""
    rows = known.get(lookup_key(text), ())
    return [row for row in rows if row[column] == text] or rows


def _nearest(packages: Iterable[Row], path: list[UUID]) -> list[Row]:
    """Of the packages that an operator may sell, those owned nearest above it."""
    by_depth: dict[int, list[Row]] = {}
    for package in packages:
        owner = package["operator_id"]
        if owner is None or owner in path:
            by_depth.setdefault(-1 if owner is None else path.index(owner), []).append(package)
    return by_depth[max(by_depth)] if by_depth else []


def _whole(line: CustomerLine, customer: Row | None, today: date) -> CustomerLine:
    """Fill what a line leaves out: with what a known customer has, with the default for a new one."""
    defaults = {
        "name": None,
        "mobile": None,
        "address": "",
        "status": "active",
        "billing_cycle": "monthly",
        "since": today,
    }
    kept = {
        column: customer[column] if customer and column not in line.clear else default
        for column, default in defaults.items()
        if getattr(line, column) is None
    }
    return line.model_copy(update=kept)


def _once_each(placed: Iterable[Placed], refused: list[RefusedLine]) -> list[Placed]:
    """The first line of each customer, and refusals for the others."""
    first: dict[tuple[UUID, str], Placed] = {}
    for each in placed:
        line, operator_id, _ = each
        if first.setdefault((operator_id, line.code), each) is not each:
            refused.append(_duplicate(line))
    return list(first.values())


def _duplicate(line: CustomerLine) -> RefusedLine:
    return _refuse(line, [RefusedCell(field="code", detail="duplicate code")])


def _refuse(line: CustomerLine, reasons: Sequence[RefusedCell]) -> RefusedLine:
    reason = "; ".join(
        f"{each.field} {each.detail}" if each.detail == NEEDED else each.detail for each in reasons
    )
    return RefusedLine(line=line.line, code=line.code, reason=reason, reasons=tuple(reasons))
