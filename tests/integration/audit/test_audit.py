"""Each promise, broken once on purpose: the audit names the row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from cli.audit import audit, promises, settling
from cli.audit.command import find_broken
from cli.audit.promises import look, reading

SOUND_MONTH = (Path(__file__).parent / "sound_month.sql").read_text()
OPERATOR, RUN = "000001", "000041"
FIRST, VOID, REISSUED = "000021", "000022", "000023"
MESSAGE = "000061"
PAYMENT, REVERSED, CUSTOMER, OTHER = "000031", "000032", "000011", "000012"

CHECKOUT = (
    "INSERT INTO payments.checkout (checkout_id, link_id, invoice_id, customer_id, operator_id, gateway_id, "
    "provider, reference, amount_minor, currency, language, created_at, ends_at, state, payment_id, held_id, "
    "next_look_at) VALUES ('00000000-0000-7000-8000-000000000061', uuidv7(), uuidv7(), uuidv7(), uuidv7(), "
    "uuidv7(), 'bkash', 'r', 5, 'BDT', 'en', now(), now(), {})"
)
CLOSING = (
    "INSERT INTO payments.day_closing (closing_id, operator_id, day, currency, lines, payments, "
    "collected_minor, cash_minor, late_payments, late_minor, reversed_payments, reversed_minor, "
    "expected_minor, counted_minor, closed_by, closed_at) VALUES ('00000000-0000-7000-8000-000000000064', "
    "uuidv7(), '2026-12-14', 'BDT', '[]', {}, 0, 0, 0, 0, 0, 0, 0, 0, 'n', now())"
)
# As invoicing does it, in all schemas but what a break adds.
ERASED = (
    "UPDATE invoicing.customer SET status = 'closed', name = 'Erased customer ' || code, address = '', "
    "erased_at = now() WHERE code = 'C-1'; "
)
# Promise, the row that it has to name (by the end of its id), and how the promise is broken.
BREAKS = [
    ("one-live-invoice-a-customer-and-period", VOID,
     "DROP INDEX invoicing.invoice_one_live_a_period; "
     "UPDATE invoicing.invoice SET voided_at = NULL, reissued_as = NULL"),
    ("invoice-numbers-have-no-gaps", OPERATOR, "DELETE FROM invoicing.invoice WHERE sequence = 2"),
    ("invoice-numbers-have-no-gaps", OPERATOR, "UPDATE invoicing.operator_counter SET next_number = 5"),
    ("an-invoice-number-is-its-operators-code-and-sequence", FIRST,
     "UPDATE invoicing.invoice SET number = 'ISP-1' WHERE sequence = 1"),
    ("a-run-counts-every-customer-once", RUN, "UPDATE invoicing.run SET expected = 4"),
    ("a-run-created-the-invoices-that-name-it", RUN, "UPDATE invoicing.run SET created = 3, expected = 4"),
    ("a-run-created-the-invoices-that-name-it", RUN,
     "DELETE FROM invoicing.run_chunk; DELETE FROM invoicing.run"),
    ("a-run-ends-when-its-last-chunk-does", RUN, "UPDATE invoicing.run_chunk SET done = FALSE"),
    ("every-customer-of-a-run-has-an-outcome", "000013", "DELETE FROM invoicing.run_said"),
    ("every-customer-of-a-run-has-an-outcome", "000019",
     "UPDATE invoicing.run_chunk SET customer_ids = customer_ids || "
     "'00000000-0000-7000-8000-000000000019'::uuid"),
    ("a-payment-is-allocated-only-once", PAYMENT, "UPDATE payments.allocation SET amount_minor = 120000"),
    ("a-payment-is-allocated-only-once", "000039",
     "INSERT INTO payments.allocation VALUES "
     "('00000000-0000-7000-8000-000000000039', '00000000-0000-7000-8000-000000000023', 1)"),
    ("an-invoice-is-paid-by-its-allocations", FIRST, "UPDATE payments.allocation SET amount_minor = 104999"),
    ("money-settles-only-its-own-customers-invoices", REISSUED,
     "UPDATE payments.allocation SET invoice_id = '00000000-0000-7000-8000-000000000023'"),
    ("a-void-invoice-holds-no-money", VOID,
     "UPDATE payments.allocation SET invoice_id = '00000000-0000-7000-8000-000000000022'"),
    ("a-payment-is-the-sum-of-its-parts", REVERSED,
     "ALTER TABLE payments.payment DROP CONSTRAINT payment_parts_add_up; "
     "UPDATE payments.payment SET credit_minor = 5 WHERE reversed"),
    ("credit-is-received-less-allocated-reversed-and-refunded", CUSTOMER,
     "UPDATE payments.account SET credit_minor = 3001 WHERE version > 0"),
    ("credit-is-received-less-allocated-reversed-and-refunded", CUSTOMER,
     "DELETE FROM payments.account WHERE version > 0"),
    ("credit-is-what-payments-have-left", CUSTOMER,
     "UPDATE payments.account SET credit_minor = 2999 WHERE version > 0"),
    ("credit-settles-what-is-owed", OTHER,
     "UPDATE payments.account SET credit_minor = 10 WHERE version = 0"),
    ("an-account-knows-what-it-settled", CUSTOMER,
     "UPDATE payments.account SET settled_minor = 104999 WHERE version > 0"),
    ("a-customers-money-can-be-counted", CUSTOMER,
     "ALTER TABLE payments.account DROP CONSTRAINT account_money_can_be_counted; "
     "UPDATE payments.account SET credit_minor = 9007199254740991 WHERE version > 0"),
    ("held-money-has-no-place-yet", "000053",
     "UPDATE payments.held_payment SET operator_id = (SELECT operator_id FROM payments.operator_known), "
     "customer_code = 'C-1' WHERE state = 'held'"),
    ("held-money-has-no-place-yet", "000053",
     "UPDATE payments.held_payment SET operator_id = (SELECT operator_id FROM payments.operator_known), "
     "customer_code = NULL, invoice_number = 'ISP-000003' WHERE state = 'held'"),
    ("a-payment-does-not-wait-for-ever", "000055",
     "INSERT INTO payments.waiting_command VALUES ('00000000-0000-7000-8000-000000000055', NULL, "
     "'00000000-0000-7000-8000-000000000011', '{}', '{}', now() - interval '1 day')"),
    ("a-refund-comes-out-of-payments", CUSTOMER, "UPDATE payments.refund SET amount_minor = 1999"),
    ("a-partner-event-is-one-payment-or-held", "bkash/TX-2",
     "DELETE FROM payments.held_payment WHERE state = 'held'"),
    ("a-partner-event-is-one-payment-or-held", "bkash/TX-1",
     "UPDATE payments.held_payment SET state = 'held', our_payment_id = NULL"),
    ("held-money-is-placed-once-or-waits", "000052",
     "UPDATE payments.payment SET external_id = 'TX-3' WHERE NOT reversed"),
    ("held-money-is-placed-once-or-waits", "000053",
     "UPDATE payments.payment SET external_id = 'TX-2', source = 'partner:bkash' WHERE reversed"),
    ("a-providers-payment-is-of-one-checkout", REVERSED,
     "UPDATE payments.payment SET source = 'provider:bkash' WHERE reversed"),
    ("a-paid-checkout-is-its-payment", "000061",
     CHECKOUT.format("'paid', '00000000-0000-7000-8000-000000000031', NULL, now()")),
    ("a-held-checkout-has-its-money", "000061",
     CHECKOUT.format("'held', NULL, '00000000-0000-7000-8000-000000000069', now()")),
    ("an-open-checkout-is-asked-about", "000061",
     CHECKOUT.format("'open', NULL, NULL, now() - interval '1 hour'")),
    ("a-link-ends-with-its-bill", "000062",
     "INSERT INTO payments.payment_link "
     "(link_id, invoice_id, customer_id, token_hash, language, created_at, expires_at) "
     "VALUES ('00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000021', "
     "'00000000-0000-7000-8000-000000000011', 'x', 'en', now(), now())"),
    ("an-invoice-is-owed", FIRST, "UPDATE payments.receivable SET total_minor = 106000 WHERE version = 1"),
    ("an-invoice-is-owed", REISSUED, "DELETE FROM payments.receivable WHERE number = 'ISP-000003'"),
    ("an-invoice-shows-as-a-bill", VOID, "UPDATE gateway.bill SET voided = FALSE, status = 'unpaid'"),
    ("an-invoice-shows-as-a-bill", "000029",
     "INSERT INTO gateway.bill (id, customer_id) VALUES "
     "('00000000-0000-7000-8000-000000000029', '00000000-0000-7000-8000-000000000011')"),
    ("a-bill-shows-what-is-owed", FIRST, "UPDATE gateway.bill SET status = 'partial' WHERE status = 'paid'"),
    ("totals-are-the-sums-of-bills", "/paid",
     "UPDATE gateway.bill_total SET paid_minor = 1 WHERE status = 'paid'"),
    ("totals-are-the-sums-of-bills", "/void",
     "INSERT INTO gateway.bill_total SELECT operator_id, package_id, issued_on, period, "
     "due_on, status, 1, 1, 0, 0, 0 "
     "FROM gateway.bill_total WHERE status = 'void'"),
    ("every-partition-is-read", "partner.bkash.payments[3]",
     "INSERT INTO payments.partition_set_aside "
     "(id, topic, partition, handler, \"offset\", reason, attempts, first_seen) "
     "VALUES (uuidv7(), 'partner.bkash.payments', 3, 'partners', 7, 'Invalid CRC', 1, now())"),
    ("a-payment-shows", PAYMENT, "UPDATE gateway.payment SET allocated_minor = 1"),
    ("a-payment-shows", REVERSED, "DELETE FROM gateway.payment WHERE reversed"),
    ("an-allocation-shows", FIRST, "DELETE FROM gateway.payment_allocation"),
    ("credit-shows", CUSTOMER, "UPDATE gateway.customer_account SET credit_minor = 1"),
    ("held-money-shows", "000053", "DELETE FROM gateway.held_payment"),
    ("a-closed-day-shows", "000064", CLOSING.format(0)),
    ("a-closed-day-is-the-sum-of-its-lines", "000064", CLOSING.format(7)),
    ("a-refund-shows", "000051", "DELETE FROM gateway.refund"),
    ("a-run-shows", RUN, "UPDATE gateway.run SET state = 'running'"),
    ("a-run-names-everyone-it-did-not-bill", RUN, "DELETE FROM gateway.run_entry"),
    ("an-operator-is-known-to-all", OPERATOR, "DELETE FROM payments.operator_known"),
    ("a-package-is-known-to-the-gateway", "000002", "UPDATE gateway.package SET price_minor = 1"),
    ("a-customer-is-known-to-the-gateway", CUSTOMER, "DELETE FROM gateway.customer"),
    ("a-customer-is-known-to-payments", CUSTOMER, "UPDATE payments.customer_known SET version = 9"),
    ("nothing-is-stuck-in-an-outbox", "1",
     "INSERT INTO payments.outbox (topic, key, type, payload, occurred_at) "
     "VALUES ('payments.payments', 'k', 't', '{}', now() - interval '2 minutes')"),
    ("an-answered-operation-is-closed", "000055",
     "INSERT INTO payments.inbox VALUES ('commands', '00000000-0000-7000-8000-000000000055', now())"),
    ("a-command-is-answered", "000055",
     "UPDATE gateway.operation SET topic = 'payments.commands', type = 'payment.record.v1', sends = 4"),
    ("a-bulk-action-counts-its-items", "000054", "UPDATE gateway.bulk_action SET succeeded = 1"),
    ("a-message-is-sent-at-most-once", MESSAGE,
     "DROP INDEX notifications.attempt_that_may_have_sent_is_one; "
     "UPDATE notifications.attempt SET outcome = 'taken'"),
    ("a-message-is-sent-again-only-where-it-is-known-not-to-have-been", MESSAGE,
     "DROP INDEX notifications.attempt_that_may_have_sent_is_one; "
     "UPDATE notifications.attempt SET outcome = 'unknown' WHERE number = 1"),
    ("a-message-is-what-its-last-attempt-says", MESSAGE, "UPDATE notifications.message SET state = 'queued'"),
    ("no-message-hangs-in-sending", MESSAGE,
     "UPDATE notifications.message SET state = 'sending', holder = uuidv7(), "
     "lease_until = now() - interval '2 minutes'"),
    *(("an-erased-customer-is-forgotten", row, ERASED + how) for row, how in (
        (FIRST, ""),
        (CUSTOMER, "UPDATE payments.customer_known SET name = 'A name' WHERE code = 'C-1'"),
        (PAYMENT, "UPDATE payments.payment SET note = 'a word'"),
        (MESSAGE, "UPDATE notifications.message SET mobile = '+8801711000412', "
                  "customer_id = '00000000-0000-7000-8000-000000000011'"),
        ("invoices/1.pdf",
         "INSERT INTO documents.file "
         "(blob_key, media_type, size_bytes, sha256, crc32, pages, as_of, used_at, customer_id) "
         "VALUES ('invoices/1.pdf', 'application/pdf', 1, 'x', 1, 1, '2026-01-01', '2026-01-01', "
         "'00000000-0000-7000-8000-000000000011')"),
        ("000065",
         "INSERT INTO payments.dead_letter (id, topic, partition, \"offset\", handler, reason, attempts, "
         "value, headers, first_seen) VALUES ('00000000-0000-7000-8000-000000000065', 't', 0, 0, 'h', 'r', "
         "1, convert_to('{\"customer_code\":\"C-1\"}', 'UTF8'), '[]', now())"),
    )),
    ("every-service-knows-who-was-erased", CUSTOMER, ERASED),
    ("a-command-to-notifications-has-ended", "000063",
     "INSERT INTO notifications.inbox VALUES ('commands', '00000000-0000-7000-8000-000000000063', "
     "now() - interval '1 hour')"),
]  # fmt: skip


@asynccontextmanager
async def careless(url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Writes as a broken disk or a careless hand would: past triggers and foreign keys."""
    connection = await asyncpg.connect(url, server_settings={"session_replication_role": "replica"})
    try:
        yield connection
    finally:
        await connection.close()


async def execute(url: str, *statements: str) -> None:
    async with careless(url) as connection:
        for statement in statements:
            await connection.execute(statement)


@pytest.fixture
async def sound_month(database_url: str) -> str:
    await execute(database_url, SOUND_MONTH)
    return database_url


async def test_an_empty_installation_keeps_every_promise(database_url: str) -> None:
    async with reading(database_url) as connection:
        assert await look(connection) == set()


async def test_each_broken_promise_is_found_and_its_row_named(sound_month: str) -> None:
    async with careless(sound_month) as connection:
        assert await look(connection) == set()
        for promise, row, how in BREAKS:
            breaking = connection.transaction()
            await breaking.start()
            await connection.execute(how)
            # As for the desk: what this role may not read, it would not find.
            await connection.execute("SET LOCAL ROLE auditor")
            broken = [each for each in await look(connection) if each.promise == promise]
            await breaking.rollback()
            assert any(each.id.endswith(row) for each in broken), (promise, how, broken)


def test_every_promise_is_broken_once() -> None:
    assert {promise for promise, _, _ in BREAKS} == set(promises.NAMES)


async def test_what_lands_in_time_is_no_error_and_what_stays_is(
    sound_month: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "SHORTEST_SECONDS", 0.3)
    await execute(
        sound_month,
        "UPDATE gateway.bill SET status = 'partial' WHERE status = 'paid'",
        "UPDATE gateway.customer_account SET credit_minor = 1",
    )
    looking = asyncio.create_task(find_broken(sound_month, None))
    await asyncio.sleep(0.5)
    await execute(sound_month, "UPDATE gateway.bill SET status = 'paid' WHERE status = 'partial'")
    assert {each.promise for each in await looking} == {"credit-shows"}


@pytest.fixture
def run_audit(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[int, str]]:
    def run(url: str) -> tuple[int, str]:
        monkeypatch.setattr(settling, "SHORTEST_SECONDS", 0.1)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
        result = CliRunner().invoke(audit)
        return result.exit_code, result.output

    return run


async def test_the_command_says_how_many_promises_hold_or_names_the_row(
    sound_month: str, run_audit: Callable[[str], tuple[int, str]]
) -> None:
    assert await asyncio.to_thread(run_audit, sound_month) == (0, f"{len(promises.NAMES)} promises hold\n")
    await execute(sound_month, "UPDATE gateway.customer_account SET credit_minor = 1")
    code, said = await asyncio.to_thread(run_audit, sound_month)
    assert code == 1
    assert said.startswith(
        "credit-shows, gateway.customer_account, 00000000-0000-7000-8000-000000000011, expected "
    )
