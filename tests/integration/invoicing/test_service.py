"""Invoicing as it runs: commands from Kafka, answers to Kafka, and a month billed from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.invoicing.app import create_service
from services.invoicing.settings import Settings
from shared import clock
from shared.contracts.envelope import Message
from shared.contracts.invoicing import InvoiceIssued
from shared.ids import new_id
from tests import patience
from tests.conftest import as_role
from tests.integration.invoicing.harness import InvoicingHarness


async def send(kafka: str, *messages: Message) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for message in messages:
            headers = {
                "ce_id": str(new_id()),
                "ce_type": message.type,
                "ce_source": "test",
                "ce_time": datetime.now(UTC).isoformat(),
                "ce_specversion": "1.0",
            }
            await producer.send_and_wait(
                message.destination(),
                message.model_dump_json().encode(),
                key=message.key().encode(),
                headers=[(name, value.encode()) for name, value in headers.items()],
            )
    finally:
        await producer.stop()


async def command_line(url: str, *arguments: str) -> tuple[int, str]:
    moved = clock.now() - datetime.now(UTC)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", "billing", *arguments,
        env=os.environ | {
            "INVOICING_DATABASE_URL": url,
            "ISPBILLS_CLOCK_OFFSET_SECONDS": str(moved.total_seconds()),
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(patience.SECONDS):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_a_month_is_billed_from_the_command_line(
    harness: InvoicingHarness, database_url: str, kafka: str
) -> None:
    url = as_role(database_url, "invoicing")
    wanted = [harness.customer(f"C-{n}") for n in range(5)]
    async with create_service(Settings(database_url=url, kafka_bootstrap_servers=kafka)).running():
        await send(kafka, *wanted)
        while await harness.pool.fetchval("SELECT count(*) FROM customer") < len(wanted):
            await asyncio.sleep(0.1)
        code, output = await command_line(url, "run", "--period", "2026-12", "--dry-run")
        assert (code, "5 created" in output) == (0, True), output
        code, output = await command_line(url, "run", "--period", "2026-12")
        assert (code, "5 expected = 5 created + 0 already billed" in output) == (0, True), output
        code, output = await command_line(url, "run", "--period", "2027-01")
        assert (code, "has not begun" in output) == (1, True), output
        code, output = await command_line(url, "run", "--period", "soon")
        assert (code, "--period" in output) == (2, True), output
        code, output = await command_line(url, "status")
        assert (code, len(output.splitlines())) == (0, 2), output
        issued = await invoices_on(kafka, {str(each.customer_id) for each in wanted})
    assert sorted(each["number"] for each in issued) == await harness.numbers("NORTH")


async def invoices_on(kafka: str, customers: set[str]) -> list[dict[str, str]]:
    consumer = AIOKafkaConsumer(
        InvoiceIssued.topic, bootstrap_servers=kafka, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    found: list[dict[str, str]] = []
    try:
        async with asyncio.timeout(patience.SECONDS):
            while len(found) < len(customers):
                record = await consumer.getone()
                message = json.loads(record.value)
                said = message.get("invoices", [message])
                found += [each for each in said if each["customer_id"] in customers]
    finally:
        await consumer.stop()
    return found
