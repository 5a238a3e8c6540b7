"""Writing the read model: sets of rows, each applied only when newer than what is there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from shared.contracts import money_in_bulk
from shared.contracts.catalog import (
    ERASED_WORDS,
    BillingSettingsChanged,
    CustomerChanged,
    CustomersImported,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.documents import DocumentRendered, IspProfileChanged
from shared.contracts.invoicing import InvoiceLine, InvoiceState, InvoiceVoided, RunEntry, RunProgressed
from shared.contracts.payments import (
    AccountState,
    CreditRefunded,
    DayClosed,
    HeldPaymentState,
    PartnerChanged,
    PaymentState,
    ReceivableState,
    RefundFailed,
    RefundStarted,
)
from shared.contracts.sets import Columns, Terms, joined
from shared.db import Tx, statements
from shared.versions import newest

_queries = statements(__file__)
Money: TypeAlias = money_in_bulk.Money
Payment: TypeAlias = PaymentState | money_in_bulk.PaymentState
Receivable: TypeAlias = ReceivableState | money_in_bulk.ReceivableState
Account: TypeAlias = AccountState | money_in_bulk.AccountState

_lines = TypeAdapter(tuple[InvoiceLine, ...])


@dataclass(frozen=True, slots=True)
class Slot:
    """Return where this transaction counts, and whether a shadow of the view is being filled."""

    number: int
    rebuilding: bool


async def take_slot(tx: Tx, *, counts: bool = False) -> Slot:
    """Take a totals slot until the transaction ends, and see whether a shadow is being filled.

    Whoever `counts` bills waits for operators that are being written.
    A rebuild whose lease has run out is ended here, so that nothing is written twice for ever.
    """
    row = await _queries.take_slot(tx, counts=counts)
    ended = row["abandoned"] and await _queries.end_abandoned_rebuild(tx)
    return Slot(row["slot"], row["rebuilding"] and not ended)


async def use_shadow(tx: Tx, schema: str) -> None:
    """From here on the transaction writes the shadow tables where there are any."""
    await tx.execute(f"SET LOCAL search_path TO {schema}_shadow, {schema}, public")


async def use_live(tx: Tx, schema: str) -> None:
    """Back to the tables that are read."""
    await tx.execute(f"SET LOCAL search_path TO {schema}, public")


async def mark_projected(tx: Tx, slot: int, as_of: datetime) -> None:
    """Note how far the view has come."""
    await _queries.mark_projected(tx, slot=slot, as_of=as_of)


async def save_invoices(tx: Tx, invoices: Sequence[InvoiceState], slot: int) -> None:
    """Write the bills of these invoices and count the change."""
    rows = newest(invoices, lambda i: i.invoice_id, lambda i: i.version)
    await _queries.wait_for_operators(tx)
    changes = _queries.project_invoices(
        tx,
        ids=[row.invoice_id for row in rows],
        versions=[row.version for row in rows],
        **_dates_of_invoices(rows),
        **_sums_of_invoices(rows),
        **_parties_of_invoices(rows),
        **_voids_of_invoices(rows),
    )
    await _count(tx, [row async for row in changes], slot)


async def add_invoices(tx: Tx, invoices: Columns, slot: int) -> bool:
    """Add and count the bills of invoices that nobody knew; False, and nothing is done, if one is there."""
    await _queries.wait_for_operators(tx)
    try:
        async with tx.transaction():
            await _queries.add_invoices(
                tx, **_rows_of_invoices(invoices), **_terms_of_invoices(invoices.terms)
            )
    except asyncpg.UniqueViolationError as known:
        if known.table_name != "bill":  # a shadow's constraint has a name of its own
            raise
        return False
    await _count(tx, _added(invoices), slot)
    return True


def _rows_of_invoices(invoices: Columns) -> dict[str, str]:
    rows = invoices.rows
    return joined(
        {
            "ids": [row.invoice_id for row in rows],
            "customer_ids": [row.customer_id for row in rows],
            "numbers": [row.number for row in rows],
            "customer_codes": [row.code for row in rows],
            "customer_names": [row.name for row in rows],
            "customer_mobiles": [row.mobile or "" for row in rows],
            "places": list(map(str, invoices.places)),
        }
    )


def _terms_of_invoices(terms: Sequence[Terms]) -> dict[str, list[Any]]:
    return {
        "operator_ids": [each.operator.operator_id for each in terms],
        "operator_names": [each.operator.operator_name for each in terms],
        "package_ids": [each.package.package_id for each in terms],
        "package_names": [each.package.package_name for each in terms],
        "issued_ons": [each.shared.issued_on for each in terms],
        "due_ons": [each.shared.due_on for each in terms],
        "periods": [each.shared.period for each in terms],
        "currencies": [each.shared.currency for each in terms],
        "totals": [each.package.total_minor for each in terms],
        "nets": [each.package.net_minor for each in terms],
        "vats": [each.package.vat_minor for each in terms],
        "vat_basis_points": [each.package.vat_basis_points for each in terms],
        "versions": [each.shared.version for each in terms],
        "run_ids": [each.shared.run_id for each in terms],
        "issued_ats": [each.shared.issued_at for each in terms],
        "lines": [_lines.dump_json(each.package.lines).decode() for each in terms],
    }


def _added(invoices: Columns) -> list[dict[str, Any]]:
    """Return what bills that are new add to the totals: those of the same terms together."""
    added: list[dict[str, Any]] = []
    for place, bills in sorted(Counter(invoices.places).items()):
        each = invoices.terms[place]
        total = bills * each.package.total_minor
        added.append(
            {
                "operator_id": each.operator.operator_id,
                "package_id": each.package.package_id,
                "issued_on": each.shared.issued_on,
                "period": each.shared.period,
                "due_on": each.shared.due_on,
                "status": "unpaid",
                "bills": bills,
                "total_minor": total,
                "paid_minor": 0,
                "balance_minor": total,
            }
        )
    return added


def _dates_of_invoices(rows: Sequence[InvoiceState]) -> dict[str, list[Any]]:
    return {
        "numbers": [row.number for row in rows],
        "periods": [row.period for row in rows],
        "issued_ons": [row.issued_on for row in rows],
        "due_ons": [row.due_on for row in rows],
        "issued_ats": [row.issued_at for row in rows],
        "run_ids": [row.run_id for row in rows],
        "reissue_ofs": [row.reissue_of for row in rows],
    }


def _sums_of_invoices(rows: Sequence[InvoiceState]) -> dict[str, list[Any]]:
    return {
        "currencies": [row.currency for row in rows],
        "totals": [row.total_minor for row in rows],
        "nets": [row.net_minor for row in rows],
        "vats": [row.vat_minor for row in rows],
        "vat_basis_points": [row.vat_basis_points for row in rows],
        "lines": [_lines.dump_json(row.lines).decode() for row in rows],
    }


def _parties_of_invoices(rows: Sequence[InvoiceState]) -> dict[str, list[Any]]:
    """Return who billed whom for what, as they were called on the day."""
    return {
        "customer_ids": [row.customer_id for row in rows],
        "customer_codes": [row.customer_code for row in rows],
        "customer_names": [row.customer_name for row in rows],
        "customer_mobiles": [row.customer_mobile for row in rows],
        "operator_ids": [row.operator_id for row in rows],
        "operator_names": [row.operator_name for row in rows],
        "package_ids": [row.package_id for row in rows],
        "package_names": [row.package_name for row in rows],
    }


def _voids_of_invoices(rows: Sequence[InvoiceState]) -> dict[str, list[Any]]:
    voids = [row if isinstance(row, InvoiceVoided) else None for row in rows]
    return {
        "voided": [void is not None for void in voids],
        "voided_ats": [void.voided_at if void else None for void in voids],
        "voided_bys": [void.voided_by if void else None for void in voids],
        "void_reasons": [void.void_reason if void else None for void in voids],
        "reissued_ases": [void.reissued_as if void else None for void in voids],
    }


async def _count(tx: Tx, changes: Sequence[Mapping[str, Any]], slot: int) -> None:
    if changes:
        await _queries.add_to_totals(
            tx,
            slot=slot,
            operator_ids=[change["operator_id"] for change in changes],
            package_ids=[change["package_id"] for change in changes],
            issued_ons=[change["issued_on"] for change in changes],
            periods=[change["period"] for change in changes],
            due_ons=[change["due_on"] for change in changes],
            statuses=[change["status"] for change in changes],
            bills=[change["bills"] for change in changes],
            totals=[change["total_minor"] for change in changes],
            paid=[change["paid_minor"] for change in changes],
            balances=[change["balance_minor"] for change in changes],
        )


async def save_operators(tx: Tx, operators: Sequence[OperatorChanged], slot: int) -> None:
    """Write operators; bills that came before their operator start to count for those above it."""
    rows = newest(operators, lambda o: o.operator_id, lambda o: o.version)
    await _queries.stop_the_count(tx)
    written = _queries.project_operators(
        tx,
        ids=[row.operator_id for row in rows],
        codes=[row.code for row in rows],
        names=[row.name for row in rows],
        parent_ids=[row.parent_id for row in rows],
        paths=["{" + ",".join(map(str, row.path)) + "}" for row in rows],
        versions=[row.version for row in rows],
    )
    unknown = [row["id"] async for row in written if row["is_new"]]
    if unknown:
        await _queries.count_upwards(tx, operator_ids=unknown, slot=slot)


async def save_packages(tx: Tx, packages: Sequence[PackageChanged]) -> None:
    """Write packages."""
    rows = newest(packages, lambda p: p.package_id, lambda p: p.version)
    await _queries.project_packages(
        tx,
        ids=[row.package_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        names=[row.name for row in rows],
        prices=[row.price_minor for row in rows],
        currencies=[row.currency for row in rows],
        vat_basis_points=[row.vat_basis_points for row in rows],
        versions=[row.version for row in rows],
    )


async def save_customers(tx: Tx, customers: Sequence[CustomerChanged]) -> None:
    """Write customers."""
    rows = newest(customers, lambda c: c.customer_id, lambda c: c.version)
    await _queries.project_customers(
        tx,
        ids=[row.customer_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        codes=[row.code for row in rows],
        names=[row.name for row in rows],
        mobiles=[row.mobile for row in rows],
        alternate_mobiles=[row.alternate_mobile for row in rows],
        addresses=[row.address for row in rows],
        package_ids=[row.package_id for row in rows],
        statuses=[row.status for row in rows],
        billing_cycles=[row.billing_cycle for row in rows],
        sinces=[row.since for row in rows],
        versions=[row.version for row in rows],
    )


async def save_billing_settings(tx: Tx, changed: Sequence[BillingSettingsChanged]) -> None:
    """Write how this installation bills."""
    settings = max(changed, key=lambda each: each.version)
    await _queries.project_billing_settings(tx, **settings.model_dump())


async def save_partners(tx: Tx, partners: Sequence[PartnerChanged]) -> None:
    """Write partners."""
    rows = newest(partners, lambda p: p.partner_id, lambda p: p.version)
    await _queries.project_partners(
        tx,
        ids=[row.partner_id for row in rows],
        names=[row.name for row in rows],
        operator_ids=[row.operator_id for row in rows],
        active=[row.active for row in rows],
        paused=[row.paused for row in rows],
        keys_changed_at=[row.key_changed_at for row in rows],
        bytes_per_second=[row.bytes_per_second for row in rows],
        versions=[row.version for row in rows],
    )


async def save_money(tx: Tx, moved: Sequence[Money], slot: int, as_of: datetime) -> None:
    """Write what is paid and owed, with the totals; payments, what each settles, credit; how far the view is.

    The slot was taken to count. A receivable without its invoice stays hidden.
    """
    bills = newest(
        (r for each in moved for r in each.receivables), lambda r: r.invoice_id, lambda r: r.version
    )
    payments = newest(
        (p for each in moved for p in each.payments), lambda p: p.payment_id, lambda p: p.version
    )
    await _queries.project_money(
        tx,
        slot=slot,
        as_of=as_of,
        **_receivables(bills),
        **_payments(payments),
        **_records_of_payments(payments),
        **_reversals_of_payments(payments),
        **_allocations(payments),
        **_accounts([each.account for each in moved]),
    )


def _receivables(rows: Sequence[Receivable]) -> dict[str, list[Any]]:
    return {
        "bill_ids": [row.invoice_id for row in rows],
        "bill_customer_ids": [row.customer_id for row in rows],
        "bill_paid": [row.paid_minor for row in rows],
        "bill_balances": [row.balance_minor for row in rows],
        "bill_statuses": [row.status for row in rows],
        "bill_versions": [row.version for row in rows],
    }


def _payments(rows: Sequence[Payment]) -> dict[str, list[Any]]:
    return {
        "payment_ids": [row.payment_id for row in rows],
        "payment_customer_ids": [row.customer_id for row in rows],
        "operator_ids": [row.operator_id for row in rows],
        "payment_bill_ids": [row.invoice_id for row in rows],
        "amounts": [row.amount_minor for row in rows],
        "allocated": [row.allocated_minor for row in rows],
        "payment_credits": [row.credit_minor for row in rows],
        "currencies": [row.currency for row in rows],
        "methods": [row.method for row in rows],
        "paid_ons": [row.paid_on for row in rows],
        "payment_versions": [row.version for row in rows],
    }


def _records_of_payments(rows: Sequence[Payment]) -> dict[str, list[Any]]:
    """Return who recorded them, and what was written down beside the amount."""
    return {
        "recorded_ats": [row.recorded_at for row in rows],
        "recorded_bys": [row.recorded_by for row in rows],
        "recorded_by_names": [row.recorded_by_name for row in rows],
        "sources": [row.source for row in rows],
        "external_ids": [row.external_id for row in rows],
        "refs": [row.reference for row in rows],
        "notes": [row.note for row in rows],
    }


def _reversals_of_payments(rows: Sequence[Payment]) -> dict[str, list[Any]]:
    return {
        "reversed": [row.reversed for row in rows],
        "reversal_reasons": [row.reversal_reason for row in rows],
        "reversed_ats": [row.reversed_at for row in rows],
        "reversed_bys": [row.reversed_by for row in rows],
    }


def _allocations(rows: Sequence[Payment]) -> dict[str, list[Any]]:
    parts = [(row.payment_id, part, row.version) for row in rows for part in row.allocations]
    return {
        "part_payment_ids": [payment_id for payment_id, _, _ in parts],
        "part_bill_ids": [part.invoice_id for _, part, _ in parts],
        "part_amounts": [part.amount_minor for _, part, _ in parts],
        "part_versions": [version for _, _, version in parts],
    }


def _accounts(accounts: Sequence[Account]) -> dict[str, list[Any]]:
    rows = newest(accounts, lambda a: a.customer_id, lambda a: a.version)
    return {
        "account_customer_ids": [row.customer_id for row in rows],
        "account_credits": [row.credit_minor for row in rows],
        "account_versions": [row.version for row in rows],
    }


async def save_held_payments(tx: Tx, held: Sequence[HeldPaymentState]) -> None:
    """Write money that waits, or has left the waiting room."""
    rows = newest(held, lambda h: h.held_id, lambda h: h.version)
    if not rows:
        return
    await _queries.project_held_payments(
        tx,
        ids=[row.held_id for row in rows],
        sources=[row.source for row in rows],
        payment_ids=[row.payment_id for row in rows],
        operator_ids=[row.operator_id for row in rows],
        amounts=[row.amount_minor for row in rows],
        currencies=[row.currency for row in rows],
        reasons=[row.reason for row in rows],
        received_ats=[row.received_at for row in rows],
        states=[row.state for row in rows],
        our_payment_ids=[row.our_payment_id for row in rows],
        customer_ids=[row.customer_id for row in rows],
        bill_ids=[row.invoice_id for row in rows],
        checkout_ids=[row.checkout_id for row in rows],
        versions=[row.version for row in rows],
    )


async def save_runs(tx: Tx, runs: Sequence[RunProgressed]) -> None:
    """Write where runs stand, and whom they did not bill."""
    rows = newest(runs, lambda r: r.run_id, lambda r: r.version)
    await _queries.project_runs(
        tx,
        ids=[row.run_id for row in rows],
        kinds=[row.kind for row in rows],
        states=[row.state for row in rows],
        periods=[row.period for row in rows],
        operator_ids=[row.operator_id for row in rows],
        package_ids=[row.package_id for row in rows],
        customer_ids=[row.customer_id for row in rows],
        dry_runs=[row.dry_run for row in rows],
        expected=[row.expected for row in rows],
        created=[row.created for row in rows],
        already_billed=[row.already_billed for row in rows],
        skipped=[json.dumps(row.skipped) for row in rows],
        failed=[row.failed for row in rows],
        totals=[row.total_minor for row in rows],
        currencies=[row.currency for row in rows],
        requested_bys=[row.requested_by for row in rows],
        started_ats=[row.started_at for row in rows],
        completed_ats=[row.completed_at for row in rows],
        versions=[row.version for row in rows],
    )
    await _save_entries(tx, {(run.run_id, e.customer_id): e for run in runs for e in run.entries})


async def _save_entries(tx: Tx, entries: Mapping[tuple[UUID, UUID], RunEntry]) -> None:
    if entries:
        await _queries.project_run_entries(
            tx,
            run_ids=[run_id for run_id, _ in entries],
            customer_ids=[customer_id for _, customer_id in entries],
            codes=[entry.code for entry in entries.values()],
            outcomes=[entry.outcome for entry in entries.values()],
            reasons=[entry.reason for entry in entries.values()],
            bill_ids=[entry.invoice_id for entry in entries.values()],
        )


async def report_import_chunks(tx: Tx, reports: Mapping[UUID, CustomersImported]) -> list[UUID]:
    """Note what became of the chunks; answers the imports that wait for no other."""
    if not reports:
        return []
    await _queries.lock_imports(tx, message_ids=list(reports))
    await _queries.report_import_chunks(
        tx,
        message_ids=list(reports),
        created=[report.created for report in reports.values()],
        updated=[report.updated for report in reports.values()],
        unchanged=[report.unchanged for report in reports.values()],
        closed=[report.closed for report in reports.values()],
        refused=[json.dumps([line.model_dump() for line in report.refused]) for report in reports.values()],
        partly=[report.partly for report in reports.values()],
        restored=[json.dumps(report.restored) for report in reports.values()],
        changed=[
            json.dumps([each.model_dump(mode="json") for each in report.changed])
            for report in reports.values()
        ],
    )
    return [row["import_id"] async for row in _queries.finished_imports(tx, message_ids=list(reports))]


async def save_closed_days(tx: Tx, closed: Sequence[DayClosed]) -> None:
    """Keep days that were signed off; each is said once, and again in the same words."""
    for each in closed:
        facts = {name: getattr(each, name) for name in DayClosed.model_fields if name != "lines"}
        lines = [line.model_dump() for line in each.lines]
        await _queries.project_day_closing(tx, **facts, lines=lines)


async def note_refunds(tx: Tx, refunds: Sequence[CreditRefunded]) -> None:
    """Keep refunds; payments says each of them once."""
    if not refunds:
        return
    await _queries.note_refunds(
        tx,
        ids=[refund.refund_id for refund in refunds],
        customer_ids=[refund.customer_id for refund in refunds],
        amounts=[refund.amount_minor for refund in refunds],
        reasons=[refund.reason for refund in refunds],
        refunded_bys=[refund.refunded_by for refund in refunds],
        refunded_ats=[refund.refunded_at for refund in refunds],
        words=ERASED_WORDS,
    )


async def note_refunds_on_their_way(tx: Tx, started: Sequence[RefundStarted]) -> None:
    """Keep what is on its way back through a gateway."""
    if not started:
        return
    await _queries.note_refunds_on_their_way(
        tx,
        ids=[refund.refund_id for refund in started],
        payment_ids=[refund.payment_id for refund in started],
        customer_ids=[refund.customer_id for refund in started],
        amounts=[refund.amount_minor for refund in started],
        providers=[refund.provider for refund in started],
        reasons=[refund.reason for refund in started],
        asked_bys=[refund.refunded_by for refund in started],
        asked_ats=[refund.refunded_at for refund in started],
        words=ERASED_WORDS,
    )


async def end_refunds_on_their_way(tx: Tx, ended: Sequence[CreditRefunded | RefundFailed]) -> None:
    """Write what gateways answered."""
    if not ended:
        return
    await _queries.end_refunds_on_their_way(
        tx,
        ids=[refund.refund_id for refund in ended],
        states=["failed" if isinstance(refund, RefundFailed) else "refunded" for refund in ended],
        external_ids=[None if isinstance(refund, RefundFailed) else refund.external_id for refund in ended],
        details=[refund.detail if isinstance(refund, RefundFailed) else None for refund in ended],
    )


async def erase_from_refunds(tx: Tx, customer_ids: Sequence[UUID]) -> None:
    """Forget why money went back to customers who were erased."""
    await _queries.erase_from_refunds(tx, customer_ids=customer_ids, words=ERASED_WORDS)
    await _queries.erase_from_refunds_on_their_way(tx, customer_ids=customer_ids, words=ERASED_WORDS)


async def save_isp_profiles(tx: Tx, profiles: Sequence[IspProfileChanged]) -> None:
    """Keep what operators say of themselves on their documents."""
    rows = newest(profiles, lambda each: each.operator_id, lambda each: each.version)
    await _queries.project_isp_profiles(
        tx,
        operator_ids=[each.operator_id for each in rows],
        fields=[each.fields.model_dump(mode="json", exclude_none=True) for each in rows],
        logos=[each.logo.model_dump(mode="json") if each.logo else None for each in rows],
        no_logos=[each.no_logo for each in rows],
        valid_from=[each.valid_from for each in rows],
        changed_by=[each.changed_by for each in rows],
        versions=[each.version for each in rows],
    )


async def note_files(tx: Tx, files: Sequence[DocumentRendered]) -> None:
    """Note where the files are that were asked for here."""
    await _queries.note_files(
        tx,
        ids=[file.document_id for file in files],
        blob_keys=[file.blob_key for file in files],
        media_types=[file.media_type for file in files],
        sizes=[file.size_bytes for file in files],
        file_names=[file.file_name for file in files],
    )
    of_actions = [file for file in files if file.bulk_action_id and file.kind == "invoice"]
    if of_actions:
        await _queries.note_bulk_files(
            tx,
            ids=[file.document_id for file in of_actions],
            blob_keys=[file.blob_key for file in of_actions],
            sizes=[file.size_bytes for file in of_actions],
            file_names=[file.file_name for file in of_actions],
            as_of=[file.as_of for file in of_actions],
        )


async def say_that_we_audit(tx: Tx, every_seconds: int) -> None:
    """Let the desk know that a process here can audit, unless it has heard so within these seconds."""
    await _queries.say_that_we_audit(tx, seconds=every_seconds)


async def take_up_audit(
    tx: Tx, holder: UUID, promises: int, now: datetime, lease_seconds: int
) -> UUID | None:
    """Return the audit that waits, which is the holder's from now on; None where none does."""
    taken: UUID | None = await _queries.take_up_audit(
        tx, holder=holder, promises=promises, now=now, seconds=lease_seconds
    )
    return taken


async def note_audit(
    tx: Tx, audit_id: UUID, holder: UUID, looked: int, suspected: int, lease_seconds: int
) -> None:
    """Write down how far an audit is, and keep it for another while."""
    await _queries.note_audit(
        tx, id=audit_id, holder=holder, looked=looked, suspected=suspected, seconds=lease_seconds
    )


async def end_audit(
    tx: Tx,
    audit_id: UUID,
    holder: UUID,
    *,
    state: str,
    looked: int,
    broken: int,
    findings: list[list[str]],
    detail: str,
    now: datetime,
) -> None:
    """Write down what an audit came to, unless somebody has ended it."""
    await _queries.end_audit(
        tx, id=audit_id, holder=holder, state=state, looked=looked, broken=broken,
        findings=findings, detail=detail, now=now,
    )  # fmt: skip
