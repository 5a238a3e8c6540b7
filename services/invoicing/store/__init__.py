"""Rows of invoicing in, the messages that say them out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.invoicing import domain
from services.invoicing.domain import RunKind
from services.invoicing.store.statements import Row as Row
from services.invoicing.store.statements import queries
from shared import clock, outbox
from shared.cloudevents import envelope_to_json
from shared.contracts.catalog import (
    DEFAULT_BILLING,
    BillingSettingsChanged,
    CustomerChanged,
    CustomerErased,
    CustomerLine,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.envelope import Envelope
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine, InvoiceVoided, RunProgressed, VoidInvoice
from shared.contracts.placement import FIELDS, Placed
from shared.db import Tx
from shared.refusals import NotFound


@dataclass(frozen=True, slots=True)
class BillingSettings:
    """The billing settings, and the month in which the installation was made."""

    time_zone: str
    currency: str
    due_days: int
    billing_from: str
    link_valid_hours: int
    default_vat_basis_points: int
    installed_in: str
    version: int

    @property
    def today(self) -> date:
        """The date in the billing time zone."""
        return clock.today(self.time_zone)

    def changed(self) -> BillingSettingsChanged:
        """The settings as the world hears them."""
        return BillingSettingsChanged(
            time_zone=self.time_zone,
            currency=self.currency,
            due_days=self.due_days,
            billing_from=self.billing_from,
            link_valid_hours=self.link_valid_hours,
            default_vat_basis_points=self.default_vat_basis_points,
            version=self.version,
        )


async def billing_settings(tx: Tx, *, lock: bool = False) -> BillingSettings:
    """The settings; made, and said, by whoever needs them first."""
    read = queries.lock_billing_settings if lock else queries.billing_settings
    row = await read(tx)
    if row is None:
        await _install(tx)
        row = await read(tx)
    return BillingSettings(**row)


async def _install(tx: Tx) -> None:
    month = domain.period_of(clock.today(DEFAULT_BILLING["time_zone"]))
    row = await queries.add_billing_settings(
        tx,
        **DEFAULT_BILLING,
        billing_from=month,
        installed_in=month,
    )
    if row is not None:
        await outbox.say(tx, [outbox.Said(BillingSettings(**row).changed())])


async def save_billing_settings(tx: Tx, wanted: BillingSettings) -> BillingSettings:
    """Change the settings; the month of installation stays."""
    row = await queries.change_billing_settings(
        tx,
        time_zone=wanted.time_zone,
        currency=wanted.currency,
        due_days=wanted.due_days,
        billing_from=wanted.billing_from,
        link_valid_hours=wanted.link_valid_hours,
        default_vat_basis_points=wanted.default_vat_basis_points,
    )
    return BillingSettings(**row)


async def has_invoices(tx: Tx) -> bool:
    """Whether anything was ever issued."""
    return bool(await queries.has_invoices(tx))


def operator_changed(row: Row) -> OperatorChanged:
    """An operator's row as a message; its code is the prefix of its invoice numbers."""
    return OperatorChanged(
        operator_id=row["id"],
        code=row["code"],
        name=row["name"],
        parent_id=row["parent_id"],
        path=tuple(row["path"]),
        invoice_prefix=row["code"],
        version=row["version"],
    )


def package_changed(row: Row, currency: str) -> PackageChanged:
    """A package's row as a message."""
    return PackageChanged(
        package_id=row["id"],
        operator_id=row["operator_id"],
        name=row["name"],
        price_minor=row["price_minor"],
        currency=currency,
        vat_basis_points=row["vat_basis_points"],
        version=row["version"],
    )


def customer_changed(row: Row) -> CustomerChanged:
    """A customer's row as a message."""
    return CustomerChanged(
        customer_id=row["id"],
        operator_id=row["operator_id"],
        code=row["code"],
        name=row["name"],
        mobile=row["mobile"],
        alternate_mobile=row["alternate_mobile"],
        address=row["address"],
        package_id=row["package_id"],
        status=row["status"],
        billing_cycle=row["billing_cycle"],
        since=row["since"],
        version=row["version"],
    )


def customer_erased(row: Row) -> CustomerErased:
    """An erased customer's row as the message of it."""
    return CustomerErased(
        customer_id=row["id"],
        operator_id=row["operator_id"],
        code=row["code"],
        erased_at=row["erased_at"],
        version=row["version"],
    )


async def operator_in_scope(tx: Tx, operator_id: UUID, scope: UUID | None, field: str | None = None) -> Row:
    """An operator that the caller reaches; `NotFound` otherwise."""
    row: Row | None = await queries.operator(tx, id=operator_id)
    if row is None or not domain.is_within(row["path"], scope):
        raise NotFound(field)
    return row


async def is_root(tx: Tx, scope: UUID | None) -> bool:
    """Whether a scope is the whole installation."""
    if scope is None:
        return True
    row = await queries.operator(tx, id=scope)
    return row is not None and row["parent_id"] is None


async def package_for(tx: Tx, package_id: UUID, path: Sequence[UUID], field: str | None = None) -> Row:
    """A package that an operator with this path sells: its own, one from above, or everybody's."""
    row: Row | None = await queries.package(tx, id=package_id)
    if row is None or (row["operator_id"] is not None and row["operator_id"] not in path):
        raise NotFound(field)
    return row


async def import_customers(tx: Tx, placed: Sequence[Placed]) -> list[CustomerChanged]:
    """Create, update or move customers, each with its operator and package; answers those that changed."""
    moved = [each for each in placed if each.moves]
    stayed = [each for each in placed if not each.moves]
    rows = queries.import_customers(
        tx,
        ids=[each.line.customer_id for each in stayed],
        codes=[each.line.code for each in stayed],
        **_columns(stayed),
    )
    changed = [customer_changed(row) async for row in rows]
    if moved:
        ids = [each.customer["id"] for each in moved if each.customer]
        changed += [
            customer_changed(row) async for row in queries.move_customers(tx, ids=ids, **_columns(moved))
        ]
    return changed


def _columns(placed: Sequence[Placed]) -> dict[str, list[Any]]:
    return {
        "operator_ids": [each.operator_id for each in placed],
        "names": [each.line.name for each in placed],
        "mobiles": [each.line.mobile for each in placed],
        "alternate_mobiles": [each.line.alternate_mobile for each in placed],
        "addresses": [each.line.address for each in placed],
        "package_ids": [each.package_id for each in placed],
        "statuses": [each.line.status for each in placed],
        "billing_cycles": [each.line.billing_cycle for each in placed],
        "sinces": [each.line.since for each in placed],
    }


async def note_changes(
    tx: Tx, import_id: UUID, chunk_id: UUID, placed: Sequence[Placed], changed: Sequence[CustomerChanged]
) -> None:
    """Remember what each customer was, so that the import can be taken back."""
    by_customer = {(each.operator_id, each.line.code): each for each in placed}
    noted = [(by_customer[each.operator_id, each.code], each) for each in changed]
    # One that somebody else made while the line was on its way is nobody's to take back.
    noted = [(before, after) for before, after in noted if before.customer or after.version == 1]
    await queries.note_changes(
        tx,
        import_id=import_id,
        chunk_id=chunk_id,
        customer_ids=[after.customer_id for _, after in noted],
        lines=[before.line.line for before, _ in noted],
        befores=[_kept(before.customer) for before, _ in noted],
        afters=[_kept(after.model_dump()) if before.customer else None for before, after in noted],
        versions=[after.version for _, after in noted],
    )


def _kept(customer: Mapping[str, Any] | None) -> str | None:
    return json.dumps(fields_kept(customer)) if customer else None


def fields_kept(customer: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what an import can change of a customer, as it is kept beside the import."""
    values = {name: customer[name] for name in FIELDS}
    return {name: None if value is None else str(value) for name, value in values.items()}


async def claim_lines(tx: Tx, import_id: UUID, lines: Sequence[tuple[CustomerLine, UUID]]) -> set[int]:
    """The numbers of the lines that are the first of their import to name their customer."""
    rows = queries.claim_lines(
        tx,
        import_id=import_id,
        operator_ids=[operator_id for _, operator_id in lines],
        codes=[line.code for line, _ in lines],
        lines=[line.line for line, _ in lines],
    )
    return {row["line"] async for row in rows}


async def lock_counter(tx: Tx, operator_id: UUID) -> int:
    """An operator's next invoice number; whoever holds it is the only one to issue in its name."""
    return (await lock_counters(tx, [operator_id]))[operator_id]


async def lock_counters(tx: Tx, operator_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The next invoice numbers of several operators, locked in the one order there is."""
    rows = queries.lock_counters(tx, operator_ids=operator_ids)
    return {row["operator_id"]: int(row["next_number"]) async for row in rows}


async def lock_counters_of_customers(tx: Tx, customer_ids: Sequence[UUID]) -> None:
    """Lock the counters of those to whom customers belong, in the same order."""
    await queries.lock_counters_of_customers(tx, customer_ids=customer_ids)


async def count_on(tx: Tx, operator_id: UUID, next_number: int) -> None:
    """Save an operator's next invoice number, under its lock."""
    await queries.count_on(tx, operator_id=operator_id, next_number=next_number)


def _state(row: Row) -> dict[str, Any]:
    line = InvoiceLine(
        description=row["package_name"],
        quantity=1,
        unit_minor=row["net_minor"],
        net_minor=row["net_minor"],
        vat_basis_points=row["vat_basis_points"],
        vat_minor=row["vat_minor"],
        total_minor=row["total_minor"],
    )
    fields = {name: row[name] for name in InvoiceIssued.model_fields if name not in ("invoice_id", "lines")}
    return fields | {"invoice_id": row["id"], "lines": (line,)}


def invoice_issued(row: Row) -> InvoiceIssued:
    """An invoice's row as the message of its issue."""
    return InvoiceIssued(**_state(row))


def invoice_voided(row: Row) -> InvoiceVoided:
    """A void invoice's row as the message of its end."""
    return InvoiceVoided(
        **_state(row),
        void_reason=row["void_reason"],
        voided_at=row["voided_at"],
        voided_by=row["voided_by"],
        reissued_as=row["reissued_as"],
    )


def invoice_state(row: Row) -> InvoiceIssued | InvoiceVoided:
    """An invoice's row as the message of how it stands."""
    return invoice_issued(row) if row["voided_at"] is None else invoice_voided(row)


async def invoices_to_render(tx: Tx, invoice_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Invoices by id, each with its customer's address and its operator's path."""
    rows = queries.invoices_to_render(tx, invoice_ids=list(invoice_ids))
    return {row["id"]: row async for row in rows}


async def learn_money(tx: Tx, newest: Mapping[UUID, tuple[int, int]]) -> None:
    """Remember what is paid on invoices: (paid, version of the receivable) by invoice."""
    await queries.learn_money(
        tx,
        invoice_ids=list(newest),
        paid=[paid for paid, _ in newest.values()],
        versions=[version for _, version in newest.values()],
    )


async def money_on(tx: Tx, invoice_id: UUID) -> tuple[int, int]:
    """Return what is known to be paid on an invoice, and in which version (0: nothing was ever said)."""
    row = await queries.money_on(tx, invoice_id=invoice_id)
    return (row["paid_minor"], row["receivable_version"]) if row else (0, 0)


async def park_void(tx: Tx, command: VoidInvoice, envelope: Envelope, decide_at: datetime) -> None:
    """Keep a void until payments has told us what the caller had seen."""
    await queries.park_void(
        tx,
        command_id=envelope.id,
        envelope=envelope_to_json(envelope),
        command=command.model_dump(mode="json"),
        invoice_id=command.invoice_id,
        seen=command.seen_receivable_version,
        decide_at=decide_at,
    )


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that somebody, or the calendar, asks for."""

    id: UUID
    kind: RunKind
    period: str
    requested_by: str
    currency: str
    operator_id: UUID | None = None
    package_id: UUID | None = None
    customer_id: UUID | None = None
    dry_run: bool = False


async def add_run(tx: Tx, run: NewRun) -> bool:
    """Open a run; False when it is there already, or the period has had its automatic one."""
    added = await queries.add_run(
        tx,
        id=run.id,
        kind=run.kind,
        period=run.period,
        operator_id=run.operator_id,
        package_id=run.package_id,
        customer_id=run.customer_id,
        dry_run=run.dry_run,
        joined_by=domain.joined_by(run.kind, run.period),
        currency=run.currency,
        requested_by=run.requested_by,
        now=clock.now(),
    )
    return added is not None


async def say_run(
    tx: Tx, run_id: UUID, lane: int, *, because: Envelope | None = None, entries: str | None = None
) -> None:
    """Say where a run stands; `entries` is the JSON list of customers newly known not to be billed."""
    await queries.say_run(
        tx,
        run_id=run_id,
        lane=lane,
        topic=RunProgressed.topic,
        type=RunProgressed.type,
        entries=entries,
        causation_id=because.id if because else None,
        traceparent=because.traceparent if because else None,
        now=clock.now(),
    )
