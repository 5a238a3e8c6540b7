"""Customers imported by the chunk: a line says what changes, and everything else stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.invoicing import domain, store
from services.invoicing.store import Row, imports
from shared import outbox
from shared.contracts import placement
from shared.contracts.catalog import (
    CustomersImported,
    ImportCustomers,
    ImportedCustomer,
    RefusedCell,
    RefusedLine,
    UndoImport,
)
from shared.contracts.envelope import Received
from shared.contracts.placement import Catalog, DuplicateCode, Placed
from shared.db import Tx
from shared.outbox import Said
from shared.values.texts import lookup_key
from shared.values.unreadable import Unreadable


class BilledSince(Unreadable):
    """billed since the import"""


class ChangedSince(Unreadable):
    """changed since the import"""


class PaidSince(Unreadable):
    """money came in since the import"""


class CodeTakenSince(Unreadable):
    """its code was given to another customer since"""


class OutOfReach(Unreadable):
    """moved out of reach since the import"""


async def import_customers(received: Received[ImportCustomers], tx: Tx) -> None:
    """Create and update a chunk of customers in one statement; the bulk lane says what became of it."""
    wanted = received.data
    catalog = await _catalog(tx, wanted)
    placed, refused = placement.place(wanted.lines, catalog, wanted.twins, wanted.defaults)
    claimed = await store.claim_lines(
        tx, wanted.import_id, [(each.line, each.operator_id) for each in placed]
    )
    refused += [_duplicate(each) for each in placed if each.line.line not in claimed]
    placed = [each for each in placed if each.line.line in claimed]
    changed = await store.import_customers(tx, placed)
    await store.note_changes(tx, wanted.import_id, received.id, placed, changed)
    created = sum(each.version == 1 for each in changed)
    report = CustomersImported(
        import_id=wanted.import_id,
        created=created,
        updated=len(changed) - created,
        unchanged=len(placed) - len(changed),
        changed=tuple(
            ImportedCustomer(customer_id=each.customer_id, version=each.version) for each in changed
        ),
        refused=_in_order(refused),
    )
    said = [*map(Said, changed), Said(report, because=received.envelope)]
    await outbox.say(tx, said, lane=outbox.BULK)


async def _catalog(tx: Tx, wanted: ImportCustomers) -> Catalog:
    """Read what the lines name within the sender's reach, and lock the customers that they are about."""
    operators: dict[str, list[Row]] = {}
    named = {lookup_key(line.operator) for line in wanted.lines if line.operator}
    named |= {lookup_key(wanted.defaults.operator)} if wanted.defaults.operator else set()
    for row in await imports.operators_of_codes(tx, list(named)):
        # Unknown and out of reach are one: a file does not tell what lies outside its sender's reach.
        if domain.is_within(row["path"], wanted.scope):
            operators.setdefault(lookup_key(row["code"]), []).append(row)
    packages: dict[str, list[Row]] = {}
    if wanted.defaults.package or any(line.package for line in wanted.lines):
        for row in await imports.every_package(tx):
            packages.setdefault(lookup_key(row["name"]), []).append(row)
    customers: dict[str, list[Row]] = {}
    keys = list({placement.code_key(line.code) for line in wanted.lines})
    for row in await imports.lock_customers_of_codes(tx, wanted.import_id, keys, wanted.scope):
        customers.setdefault(placement.code_key(row["code"]), []).append(row)
    return Catalog(operators, packages, customers, (await store.billing_settings(tx)).today)


def _duplicate(placed: Placed) -> RefusedLine:
    return placement.refusal(placed.line, [placement.cell("code", DuplicateCode(placed.line.code))])


def _in_order(refused: Sequence[RefusedLine]) -> tuple[RefusedLine, ...]:
    return tuple(sorted(refused, key=lambda each: each.line))


async def undo_import(received: Received[UndoImport], tx: Tx) -> None:
    """Take a chunk of an import back: restore what it changed, close what it made and nobody has used."""
    wanted = received.data
    rows = await _changes_of_chunk(tx, wanted)
    plan = {row["id"]: _taken_back(row, wanted) for row in rows}
    made = [row["id"] for row in rows if row["before"] is None and not plan[row["id"]].kept]
    changed = [{"id": str(row["id"]), **plan[row["id"]].values} for row in rows if plan[row["id"]].fields]
    closed = [store.customer_changed(row) for row in await imports.close_undone(tx, made)]
    restored = [store.customer_changed(row) for row in await imports.restore_undone(tx, changed)]
    undone = [*closed, *restored]
    await imports.note_undone(tx, wanted.undoes, undone)
    report = _report(wanted, rows, plan, restored=len(restored), closed=len(closed))
    said = [*map(Said, undone), Said(report, because=received.envelope)]
    await outbox.say(tx, said, lane=outbox.BULK)


def _report(
    wanted: UndoImport, rows: Sequence[Row], plan: Mapping[UUID, TakenBack], *, restored: int, closed: int
) -> CustomersImported:
    """Return what came of taking a chunk back: which fields, and what stays because somebody changed it."""
    kept_whole = sum(bool(each.kept and not each.fields) for each in plan.values())
    return CustomersImported(
        import_id=wanted.import_id,
        created=0,
        updated=restored,
        unchanged=len(rows) - restored - closed - kept_whole,
        closed=closed,
        partly=sum(bool(each.fields and each.kept) for each in plan.values()),
        restored=dict(Counter(name for each in plan.values() for name in each.fields)),
        refused=_in_order([_kept(row, plan[row["id"]].kept) for row in rows if plan[row["id"]].kept]),
    )


async def _changes_of_chunk(tx: Tx, wanted: UndoImport) -> list[Row]:
    """Read what a chunk changed, and lock its customers."""
    settings = await store.billing_settings(tx)
    periods = _months(settings.billing_from, settings.today)
    return await imports.lock_changes_of_chunk(tx, wanted.undoes, wanted.chunk_id, periods)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A customer taken back: fields that go back, all values then, what stays with its reason."""

    fields: Sequence[str] = ()
    values: Mapping[str, str | None] = field(default_factory=dict)
    kept: Sequence[RefusedCell] = ()


def _taken_back(row: Row, wanted: UndoImport) -> TakenBack:
    fault = _why_it_stays(row, wanted)
    if fault is not None:
        return TakenBack(kept=[placement.cell("", fault)])
    if row["before"] is None:
        return TakenBack()
    before, now = row["before"], store.fields_kept(row)
    # An import of before it was kept what an import left: nobody has changed the customer since.
    fields, kept = domain.fields_to_restore(before, row["after"] or now, now)
    if "operator_id" in fields and row["is_taken"]:
        return TakenBack(kept=[placement.cell("", CodeTakenSince(row["code"]))])
    values = now | {name: before[name] for name in fields}
    return TakenBack(fields, values, [placement.cell(name, ChangedSince(row["code"])) for name in kept])


def _why_it_stays(row: Row, wanted: UndoImport) -> Unreadable | None:
    """Return why the whole customer stays as it is."""
    if not domain.is_within(row["path"], wanted.scope):
        return OutOfReach(row["code"])
    if row["version"] != row["left_at"] and row["after"] is None:
        return ChangedSince(row["code"])
    if row["before"] is None and row["is_billed"]:
        return BilledSince(row["code"])
    return PaidSince(row["code"]) if row["before"] is None and row["id"] in wanted.paying else None


def _kept(row: Row, reasons: Sequence[RefusedCell]) -> RefusedLine:
    details = (f"{each.field} {each.detail}".strip() for each in reasons)
    return RefusedLine(line=row["line"], code=row["code"], reason="; ".join(details), reasons=tuple(reasons))


def _months(first: str, today: date) -> list[str]:
    """Every period from the first up to today's."""
    year, month = int(first[:4]), int(first[5:])
    count = (today.year - year) * 12 + today.month - month + 1
    return [f"{year + (month - 1 + n) // 12}-{(month - 1 + n) % 12 + 1:02d}" for n in range(max(count, 1))]
