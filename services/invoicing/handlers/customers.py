"""Customers: made and changed one by one, or imported by the chunk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.invoicing import domain, store
from services.invoicing.domain import IdTaken, NotFound
from services.invoicing.store import Row, queries
from shared import outbox
from shared.contracts.catalog import (
    ChangeCustomer,
    CreateCustomer,
    CustomerChanged,
    CustomerLine,
    CustomersImported,
    ImportCustomers,
    RefusedLine,
)
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.outbox import Said

_COLUMNS = (
    "operator_id",
    "code",
    "name",
    "mobile",
    "address",
    "package_id",
    "status",
    "billing_cycle",
    "since",
)


async def create_customer(received: Received[CreateCustomer], tx: Tx) -> CustomerChanged:
    """Add a customer to an operator that the caller reaches."""
    wanted = received.data
    operator = await store.operator_in_scope(tx, wanted.operator_id, wanted.scope, "operator_id")
    await store.package_for(tx, wanted.package_id, operator["path"], "package_id")
    target = {column: getattr(wanted, column) for column in _COLUMNS}
    known = await queries.customer(tx, id=wanted.customer_id)
    if known is not None:
        if any(known[column] != value for column, value in target.items()):
            raise IdTaken
        return store.customer_changed(known)
    return store.customer_changed(await queries.add_customer(tx, id=wanted.customer_id, **target))


async def change_customer(received: Received[ChangeCustomer], tx: Tx) -> CustomerChanged:
    """Change what is given; a customer moves only within the caller's reach, to a package sold there."""
    wanted = received.data
    row = await queries.lock_customer(tx, id=wanted.customer_id)
    if row is None:
        raise NotFound
    await store.operator_in_scope(tx, row["operator_id"], wanted.scope)
    target = _target(row, wanted)
    if (target["operator_id"], target["package_id"]) != (row["operator_id"], row["package_id"]):
        operator = await store.operator_in_scope(tx, target["operator_id"], wanted.scope, "operator_id")
        await store.package_for(tx, target["package_id"], operator["path"], "package_id")
    if any(row[column] != value for column, value in target.items()):
        row = await queries.change_customer(tx, id=wanted.customer_id, **target)
    return store.customer_changed(row)


def _target(row: Row, wanted: ChangeCustomer) -> dict[str, Any]:
    target = {}
    for column in _COLUMNS:
        given = getattr(wanted, column)
        target[column] = row[column] if given is None else given
    if wanted.clear_mobile:
        target["mobile"] = None
    return target


async def import_customers(received: Received[ImportCustomers], tx: Tx) -> None:
    """Create and update a chunk of customers in one statement; the bulk lane says what became of it."""
    wanted = received.data
    lines, refused = _without_duplicates(wanted.lines)
    placed = await _place(tx, lines, wanted.scope, refused)
    claimed = await store.claim_lines(
        tx, wanted.import_id, [(line, operator) for line, operator, _ in placed]
    )
    refused += [_refuse(line, "duplicate code") for line, _, _ in placed if line.line not in claimed]
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


def _refuse(line: CustomerLine, reason: str) -> RefusedLine:
    return RefusedLine(line=line.line, code=line.code, reason=reason)


def _without_duplicates(lines: Iterable[CustomerLine]) -> tuple[list[CustomerLine], list[RefusedLine]]:
    """The first line of each customer, and refusals for the others."""
    first: dict[tuple[str, str], CustomerLine] = {}
    refused: list[RefusedLine] = []
    for line in lines:
        if first.setdefault((line.operator, line.code), line) is not line:
            refused.append(_refuse(line, "duplicate code"))
    return list(first.values()), refused


async def _place(
    tx: Tx, lines: Iterable[CustomerLine], scope: UUID | None, refused: list[RefusedLine]
) -> list[tuple[CustomerLine, UUID, UUID]]:
    """Each line with its operator and package; lines without either go to `refused`."""
    lines = list(lines)
    operators = {
        row["code"]: row
        async for row in queries.operators_of_codes(tx, codes=list({line.operator for line in lines}))
    }
    packages: dict[str, list[Row]] = {}
    async for row in queries.packages_of_names(tx, names=list({line.package for line in lines})):
        packages.setdefault(row["name"], []).append(row)
    placed = []
    for line in lines:
        operator = operators.get(line.operator)
        # One reason for both: a file does not tell what lies outside its sender's reach.
        if operator is None or not domain.is_within(operator["path"], scope):
            refused.append(_refuse(line, "unknown operator"))
            continue
        nearest = _nearest(packages.get(line.package, []), operator["path"])
        if len(nearest) == 1:
            placed.append((line, operator["id"], nearest[0]["id"]))
        else:
            refused.append(_refuse(line, "several packages of this name" if nearest else "unknown package"))
    return placed


def _nearest(packages: Iterable[Row], path: list[UUID]) -> list[Row]:
    """Of the packages that an operator may sell, those owned nearest above it."""
    by_depth: dict[int, list[Row]] = {}
    for package in packages:
        owner = package["operator_id"]
        if owner is None or owner in path:
            by_depth.setdefault(-1 if owner is None else path.index(owner), []).append(package)
    return by_depth[max(by_depth)] if by_depth else []
