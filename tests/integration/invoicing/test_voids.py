"""Void and reissue: never with money on the invoice, once, and under the next number."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from services.invoicing.workers import settle_parked_voids
from shared import clock
from shared.contracts.catalog import ChangePackage
from shared.contracts.envelope import CommandRefused
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, VoidInvoice
from shared.contracts.payments import AccountState, MoneyMoved, PaymentRecorded, ReceivableState
from shared.ids import new_id
from tests.integration.invoicing.conftest import SetClock
from tests.integration.invoicing.harness import CLERK, InvoicingHarness
from tests.locks import is_waited_for
from tests.patience import until


async def billed(harness: InvoicingHarness) -> InvoiceIssued:
    await harness.ask(harness.customer("C-1"))
    await harness.bill("2026-12")
    return (await harness.said_of(InvoiceIssued))[-1]


def void(invoice: InvoiceIssued | InvoiceVoided, **differs: Any) -> VoidInvoice:
    fields: dict[str, Any] = {"reason": "Wrong package"}
    return VoidInvoice(
        actor=CLERK,
        invoice_id=invoice.invoice_id,
        customer_id=invoice.customer_id,
        **(fields | differs),
    )


def money(invoice: InvoiceIssued, paid_minor: int, version: int) -> MoneyMoved:
    receivable = ReceivableState(
        invoice_id=invoice.invoice_id,
        customer_id=invoice.customer_id,
        total_minor=invoice.total_minor,
        paid_minor=paid_minor,
        balance_minor=invoice.total_minor - paid_minor,
        status="partial",
        version=version,
    )
    account = AccountState(customer_id=invoice.customer_id, credit_minor=0, version=1)
    return PaymentRecorded(
        customer_id=invoice.customer_id, payments=(), receivables=(receivable,), account=account
    )


async def test_a_void_invoice_says_everything_that_it_was(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    end = await harness.ask(void(invoice))
    assert isinstance(end, InvoiceVoided)
    assert (end.void_reason, end.voided_by, end.reissued_as, end.version) == (
        "Wrong package",
        "Clerk",
        None,
        2,
    )
    kept = set(InvoiceIssued.model_fields) - {"version"}
    assert end.model_dump(include=kept) == invoice.model_dump(include=kept)


async def test_a_void_period_is_not_billed_again_by_a_run(harness: InvoicingHarness) -> None:
    await harness.ask(void(await billed(harness)))
    for kind in ("requested", "generate_missing"):
        assert (await harness.bill("2026-12", kind=kind)).skipped == {"voided": 1}


async def test_a_reissue_bills_todays_package_under_the_next_number(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    await harness.ask(ChangePackage(actor=CLERK, package_id=harness.package, price_minor=120_000))
    reissue_id, command_id = new_id(), new_id()
    said = await harness.tell(void(invoice, reissue=True, reissue_id=reissue_id), ids=[command_id])
    issued, voided = (each.message for each in said)
    assert isinstance(issued, InvoiceIssued)
    assert isinstance(voided, InvoiceVoided)
    assert [each.causation_id for each in said] == [None, command_id]
    assert (issued.invoice_id, issued.number, issued.total_minor) == (reissue_id, "NORTH-000002", 126_000)
    assert (issued.reissue_of, issued.period, issued.run_id) == (invoice.invoice_id, "2026-12", None)
    assert (voided.reissued_as, voided.version) == (reissue_id, 2)
    assert (await harness.bill("2026-12")).already_billed == 1


async def test_a_void_invoice_is_reissued_once(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    await harness.ask(void(invoice, reason="First"))
    end = await harness.ask(void(invoice, reissue=True, reason="Second"))
    assert isinstance(end, InvoiceVoided)
    assert (end.void_reason, end.version, end.reissued_as is not None) == ("First", 3, True)
    for reissue in (True, False):
        refused = await harness.ask(void(invoice, reissue=reissue))
        assert isinstance(refused, CommandRefused)
        assert refused.code == "already-void"
    assert await harness.numbers("NORTH") == ["NORTH-000001", "NORTH-000002"]


async def test_two_clerks_reissue_one_invoice_once(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    ids = [new_id() for _ in range(6)]
    await asyncio.gather(*(harness.tell(void(invoice, reissue=True), ids=[id]) for id in ids))
    ends = [each.message for each in await harness.said() if each.causation_id in ids]
    assert sorted(type(end).__name__ for end in ends) == ["CommandRefused"] * 5 + ["InvoiceVoided"]
    assert await harness.numbers("NORTH") == ["NORTH-000001", "NORTH-000002"]


async def test_a_redelivered_void_answers_once(harness: InvoicingHarness) -> None:
    command, command_id = void(await billed(harness), reissue=True), new_id()
    await harness.ask(command, command_id)
    again = await harness.tell(command, ids=[command_id])
    assert [each.causation_id for each in again] == [command_id]  # the answer, once more, and nothing else
    assert await harness.pool.fetchval("SELECT count(*) FROM invoice") == 2


async def test_an_invoice_with_money_on_it_is_not_voided(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    await harness.tell(money(invoice, 500, version=2))
    refused = await harness.ask(void(invoice, seen_receivable_version=2))
    assert isinstance(refused, CommandRefused)
    assert refused.code == "has-payments"
    await harness.tell(money(invoice, 0, version=3))
    assert isinstance(await harness.ask(void(invoice, seen_receivable_version=2)), InvoiceVoided)


async def test_older_news_of_money_does_not_replace_newer(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    await harness.tell(
        money(invoice, 0, version=3), money(invoice, 500, version=4), money(invoice, 0, version=2)
    )
    await harness.tell(money(invoice, 0, version=1))
    refused = await harness.ask(void(invoice))
    assert isinstance(refused, CommandRefused)
    assert refused.code == "has-payments"


async def test_a_void_waits_for_the_money_that_its_sender_has_seen(harness: InvoicingHarness) -> None:
    invoice, command_id = await billed(harness), new_id()
    assert await harness.tell(void(invoice, seen_receivable_version=2), ids=[command_id]) == []
    await settle_parked_voids(harness.pool)
    await harness.tell(money(invoice, 500, version=2))
    await settle_parked_voids(harness.pool)
    await settle_parked_voids(harness.pool)
    ends = [each.message for each in await harness.said() if each.causation_id == command_id]
    assert [getattr(end, "code", end) for end in ends] == ["has-payments"]


async def test_a_void_waits_five_seconds_and_no_longer(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, command_id = await billed(harness), new_id()
    await harness.tell(void(invoice, seen_receivable_version=9, reissue=True), ids=[command_id])
    later = clock.now() + timedelta(seconds=5) - datetime.now(UTC)
    monkeypatch.setattr(clock, "_offset", lambda: later)
    await settle_parked_voids(harness.pool)
    [end] = [each.message for each in await harness.said() if each.causation_id == command_id]
    assert isinstance(end, InvoiceVoided)
    assert await harness.pool.fetchval("SELECT count(*) FROM pending_void") == 0


@pytest.mark.parametrize("is_parked", [False, True], ids=["at once", "parked"])
async def test_what_is_issued_anew_locks_counters_in_the_order_of_a_run(
    harness: InvoicingHarness, database_url: str, is_parked: bool
) -> None:
    first, last = sorted((harness.north, harness.south))
    await harness.tell(*(harness.customer(f"C-{id}", operator_id=id) for id in (last, first)))
    await harness.bill("2026-12")
    issued = {each.operator_id: each for each in await harness.said_of(InvoiceIssued)}
    differs = {"reissue": True, "seen_receivable_version": 2 if is_parked else 0}
    commands = [void(issued[id], **differs) for id in (last, first)]
    if is_parked:
        await harness.tell(*commands)
        await harness.tell(*(money(each, 0, version=2) for each in issued.values()))
    run = await asyncpg.connect(database_url)
    lock = "SELECT FROM invoicing.operator_counter WHERE operator_id = '{}' FOR UPDATE"
    await run.execute("BEGIN; " + lock.format(first))
    work = settle_parked_voids(harness.pool) if is_parked else harness.tell(*commands)
    working = asyncio.create_task(work)
    try:
        await until(lambda: is_waited_for(run), "the voids wait for the run")
        await run.execute(lock.format(last) + " NOWAIT")
    finally:
        await run.close()
        await working
    assert [len(await harness.numbers(code)) for code in ("NORTH", "SOUTH")] == [2, 2]


async def test_an_invoice_outside_the_scope_does_not_exist(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    for command in (
        void(invoice, scope=harness.south),
        void(invoice).model_copy(update={"invoice_id": new_id()}),
        void(invoice).model_copy(update={"customer_id": new_id()}),
    ):
        refused = await harness.ask(command)
        assert isinstance(refused, CommandRefused)
        assert refused.code == "not-found"
    assert isinstance(await harness.ask(void(invoice, scope=harness.north)), InvoiceVoided)


async def test_nothing_is_reissued_for_a_package_that_became_free(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    await harness.ask(ChangePackage(actor=CLERK, package_id=harness.package, price_minor=0))
    refused = await harness.ask(void(invoice, reissue=True))
    assert isinstance(refused, CommandRefused)
    assert refused.code == "nothing-to-bill"
    assert await harness.pool.fetchval("SELECT voided_at FROM invoice") is None


async def test_a_reissue_keeps_the_month_and_takes_the_date_of_its_making(
    harness: InvoicingHarness, set_clock: SetClock
) -> None:
    invoice = await billed(harness)
    set_clock("2027-02-03T10:00:00+06:00")
    await harness.ask(void(invoice, reissue=True))
    reissued = (await harness.said_of(InvoiceIssued))[-1]
    assert (reissued.period, reissued.issued_on.isoformat()) == ("2026-12", "2027-02-03")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoice SET total_minor = total_minor + 1, net_minor = net_minor + 1",
        "UPDATE invoice SET customer_name = 'Somebody else'",
        "DELETE FROM invoice",
        "UPDATE invoice SET reissued_as = uuidv7()",
    ],
)
async def test_the_database_keeps_an_issued_invoice_as_it_is(
    harness: InvoicingHarness, database_url: str, statement: str
) -> None:
    """The service's role may not even try, but for the columns it owns; nobody at all gets through."""
    await billed(harness)
    with pytest.raises((asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)):
        await harness.pool.execute(statement)
    superuser = await asyncpg.connect(database_url, server_settings={"search_path": "invoicing, public"})
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await superuser.execute(statement)
    finally:
        await superuser.close()


async def test_the_database_knows_one_live_invoice_a_period_and_one_reissue(
    harness: InvoicingHarness,
) -> None:
    invoice = await billed(harness)
    with pytest.raises(asyncpg.UniqueViolationError, match="invoice_one_live_a_period"):
        await harness.pool.execute(_COPY, new_id(), 99, None)
    await harness.ask(void(invoice, reissue=True))
    with pytest.raises(asyncpg.UniqueViolationError, match="invoice_reissued_once"):
        await harness.pool.execute(_COPY_OF_NOVEMBER, new_id(), 98, invoice.invoice_id)


_COPY = """
INSERT INTO invoice (id, sequence, reissue_of, operator_id, customer_id, package_id, run_id, net_minor,
                     vat_minor, total_minor, issued_at, issued_on, due_on, vat_basis_points, currency, number,
                     operator_name, package_name, customer_code, customer_name, period)
SELECT $1::uuid, $2::bigint, $3::uuid, operator_id, customer_id, package_id, run_id, net_minor,
       vat_minor, total_minor, issued_at, issued_on, due_on, vat_basis_points, currency, number,
       operator_name, package_name, customer_code, customer_name, period
  FROM invoice
 LIMIT 1
"""
_COPY_OF_NOVEMBER = _COPY.replace("customer_name, period\n", "customer_name, '2026-11'\n")
