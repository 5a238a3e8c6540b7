"""Invoicing is brought back from a backup: every number that is out stays with the customer who has it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.invoicing.app import create_service
from services.invoicing.settings import Settings
from shared.contracts.catalog import ChangeCustomer, ChangeOperator, ChangePackage, EraseCustomer
from shared.contracts.invoicing import StartRun, VoidInvoice
from shared.ids import new_id
from shared.service import Service
from tests.conftest import as_role
from tests.integration.invoicing.harness import CLERK, InvoicingHarness
from tests.integration.restoring import Installation
from tests.patience import until_equal

PERIOD = "2026-12"
# Everything that others were told, and the next number of each operator.
BOOKS = """
SELECT coalesce((SELECT json_agg(each ORDER BY each.id) FROM customer AS each)::text, '')
       || (SELECT json_agg(each ORDER BY each.id) FROM operator AS each)::text
       || (SELECT json_agg(each ORDER BY each.id) FROM package AS each)::text
       || (SELECT json_agg(each ORDER BY each.operator_id) FROM operator_counter AS each)::text
       || coalesce((SELECT json_agg(each ORDER BY each.id) FROM invoice AS each)::text, '')
       || coalesce((SELECT json_agg(json_build_array(id, state, period, expected, created, skipped, failed,
                                                     total_minor, version) ORDER BY id) FROM run)::text, '')
"""
SAID_ALL = "SELECT NOT EXISTS (SELECT FROM outbox WHERE topic <> 'invoicing.processes')"
OPEN_RUNS = "SELECT count(*) FROM run WHERE state <> 'completed'"


@dataclass(frozen=True)
class Invoicing(Installation):
    """Invoicing on a database of its own, and the command line beside it."""

    harness: InvoicingHarness

    def service(self) -> Service:
        settings = Settings(
            database_url=as_role(self.database_url, "invoicing"), kafka_bootstrap_servers=self.kafka
        )
        return create_service(settings)

    async def value(self, statement: str, *arguments: Any) -> Any:
        owner = await asyncpg.connect(self.database_url, server_settings={"search_path": "invoicing"})
        try:
            return await owner.fetchval(statement, *arguments)
        finally:
            await owner.close()

    async def until(self, statement: str, expected: object, *arguments: Any) -> None:
        await until_equal(expected, lambda: self.value(statement, *arguments))

    async def bill(self) -> None:
        """Run the month, to its end."""
        run = StartRun(actor=CLERK, run_id=new_id(), kind="generate_missing", period=PERIOD)
        await self.ask(run)
        await self.until(
            "SELECT EXISTS (SELECT FROM run WHERE id = $1 AND state = 'completed')", True, run.run_id
        )


@pytest.fixture
async def installation(harness: InvoicingHarness, database_url: str, kafka: str, tmp_path: Path) -> Invoicing:
    installation = Invoicing(database_url, kafka, tmp_path, harness)
    await installation.hears_from_now_on(installation.service())
    await installation.nothing_said_yet_by("invoicing")
    return installation


async def test_what_was_said_since_is_known_again_and_no_number_is_given_out_twice(
    installation: Invoicing,
) -> None:
    harness = installation.harness
    rahim, karim, leaving = (harness.customer(code) for code in ("C-1", "C-2", "C-3"))
    of_south = harness.customer("C-4", operator_id=harness.south)
    for each in (rahim, leaving):
        await harness.ask(each)
    async with installation.service().running():
        await installation.bill()
        await installation.until(SAID_ALL, True)
        file = await installation.backed_up("invoicing")
        await installation.ask(ChangeOperator(actor=CLERK, operator_id=harness.south, name="South by sea"))
        await installation.ask(ChangePackage(actor=CLERK, package_id=harness.package, price_minor=120_000))
        # Its code goes to another customer.
        await installation.ask(ChangeCustomer(actor=CLERK, customer_id=rahim.customer_id, code="C-9"))
        await installation.until("SELECT EXISTS (SELECT FROM customer WHERE code = 'C-9')", True)
        await installation.ask(karim.model_copy(update={"code": "C-1"}))
        await installation.ask(of_south)
        await installation.until("SELECT count(*) FROM customer", 4)
        await installation.bill()
        first = await installation.value("SELECT id FROM invoice WHERE customer_id = $1", rahim.customer_id)
        of_leaving = await installation.value(
            "SELECT id FROM invoice WHERE customer_id = $1", leaving.customer_id
        )
        again = VoidInvoice(
            actor=CLERK, invoice_id=first, customer_id=rahim.customer_id, reason="wrong price",
            reissue=True, reissue_id=new_id(),
        )  # fmt: skip
        gone = VoidInvoice(
            actor=CLERK, invoice_id=of_leaving, customer_id=leaving.customer_id, reason="never came"
        )
        for void in (again, gone):
            await installation.ask(void)
        await installation.until("SELECT count(*) FROM invoice WHERE voided_at IS NOT NULL", 2)
        await installation.ask(ChangeCustomer(actor=CLERK, customer_id=leaving.customer_id, status="closed"))
        await installation.until("SELECT count(*) FROM customer WHERE status = 'closed'", 1)
        await installation.ask(EraseCustomer(actor=CLERK, customer_id=leaving.customer_id))
        await installation.until("SELECT count(*) FROM customer WHERE erased_at IS NOT NULL", 1)
        await installation.until(SAID_ALL, True)
        before = await installation.value(BOOKS)
    await harness.pool.close()

    await installation.restored(file)

    assert await installation.value(BOOKS) == before
    async with installation.service().running():
        last = harness.customer("C-5")
        await installation.ask(last)
        await installation.until("SELECT EXISTS (SELECT FROM customer WHERE code = 'C-5')", True)
        await installation.bill()
        numbers = "SELECT array_agg(number ORDER BY number) FROM invoice WHERE operator_id = $1"
        expected = [f"NORTH-{number:06d}" for number in range(1, 6)]
        assert await installation.value(numbers, harness.north) == expected
        given = await installation.value("SELECT customer_id FROM invoice WHERE number = 'NORTH-000005'")
        assert given == last.customer_id


async def test_a_run_that_was_on_is_ended_where_it_had_come_and_its_month_is_named(
    installation: Invoicing,
) -> None:
    harness = installation.harness
    for code in ("C-1", "C-2"):
        await harness.ask(harness.customer(code))
    run = StartRun(actor=CLERK, run_id=new_id(), kind="generate_missing", period=PERIOD)
    await harness.tell(run)
    file = await installation.backed_up("invoicing")
    await harness.pool.close()

    said = await installation.restored(file)

    assert f"billing run --period {PERIOD}" in said
    assert await installation.value(OPEN_RUNS) == 0
    async with installation.service().running():
        await installation.bill()
        assert await installation.value("SELECT count(*) FROM invoice") == 2


async def test_a_backup_from_before_what_kafka_keeps_is_refused(installation: Invoicing) -> None:
    file = Path(await installation.backed_up("invoicing"))
    old = await asyncio.to_thread(file.rename, file.with_name("invoicing-20260101T000000Z.dump"))
    refused = await installation.ispbills("restore", str(old))
    assert (refused.returncode, "older than what Kafka keeps" in refused.stderr) == (1, True)
