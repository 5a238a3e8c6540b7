"""On call: faults of a running stack, mended by the commands of their runbooks as these stand on the page."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path

import asyncpg

from tests.batches import send_bytes, with_an_odd_header_name
from tests.journeys.conftest import PARTNER
from tests.journeys.stack import ROOT, Body, Office, Stack, cloud_event, produce, value
from tests.journeys.test_bad_input import letters
from tests.patience import until

TOPIC = f"partner.{PARTNER}.payments"
NOBODYS: Body = {"currency": "BDT", "paid_at": "2026-01-02T10:00:00Z", "customer_code": "NOBODY"}


async def follow(stack: Stack, runbook: str, command: str, **values: str) -> str:
    """Type the one command of a runbook that looks like this, a value for each word in capitals."""
    page = (ROOT / f"docs/runbooks/{runbook}.md").read_text()
    (line,) = {each for each in re.findall(r"`ispbills ([^`]+)`", page) if re.fullmatch(command, each)}
    words = [values.get(word, word) for word in shlex.split(line)]
    return await asyncio.to_thread(stack.ispbills, *words)


async def execute(stack: Stack, statement: str) -> None:
    connection = await asyncpg.connect(stack.addresses["database_url"])
    await connection.execute(statement)
    await connection.close()


async def test_what_waits_for_a_relay_whose_lease_nobody_living_holds_goes_on(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    bill = (await office.open_bills(period))[0]
    log = stack.directory / "logs" / "payments.log"
    begun = starts_over(log)
    await execute(
        stack,
        "UPDATE payments.relay_lease SET holder = gen_random_uuid(), expires_at = now() + interval '1 hour'",
    )

    async def lost() -> bool:
        return starts_over(log) > begun

    await until(lost, "the lease is lost")
    answer = await office.pay(bill)
    assert answer.status_code == 202
    assert "payments.payments" in await follow(stack, "OutboxOld", "sql .*", SCHEMA="payments")
    assert "outbox " in await follow(stack, "NoRelay", "sql --schema .*", SCHEMA="payments")
    await follow(stack, "NoRelay", "sql --write .*", SCHEMA="payments")
    assert (await office.done(answer))["allocated_minor"] == bill["total_minor"]


def starts_over(log: Path) -> int:
    """How often the relay of clerks' messages began anew."""
    lines = log.read_text(errors="replace").splitlines()
    return sum("relay starts over" in line and '"part": "bulk"' not in line for line in lines)


async def test_a_run_that_stands_still_at_a_lock_goes_on_once_its_holder_is_ended(
    stack: Stack, office: Office, period: str
) -> None:
    holder = await asyncpg.connect(stack.addresses["database_url"])
    await holder.execute("BEGIN; SELECT FROM invoicing.operator_counter FOR UPDATE")
    asked = await office.post("/billing-runs", {"period": period})

    async def blocked() -> str | None:
        lines = (await follow(stack, "RunStandsStill", "sessions")).splitlines()
        waiting = [re.split(r"  +", line) for line in lines if " invoicing " in line and " Lock " in line]
        return waiting[0][6] if waiting else None

    pid = await until(blocked, "a chunk waits for a lock")
    assert pid == str(holder.get_server_pid())
    assert f"{period}  requested  running" in await follow(stack, "RunStandsStill", "billing status")
    await follow(stack, "RunStandsStill", "sessions --end .*", PID=pid)
    holder.terminate()
    assert (await office.ran(asked["id"]))["failed"] == 0


async def test_who_failed_in_a_run_is_named_and_billed_by_its_retry_alone(
    stack: Stack, office: Office, period: str
) -> None:
    mistyped = {"name": "Stadium", "price_minor": 2**53 - 1, "vat_basis_points": 500}
    package = await office.post("/packages", mistyped)
    customer = (await office.get("/customers", code="C-7"))["items"][0]
    await office.send("PATCH", f"/customers/{customer['id']}", {"package_id": package["id"]})
    run = await office.run(period)
    assert run["failed"] == 1
    page = (ROOT / "docs/runbooks/RunFailedCustomers.md").read_text()
    (asked,) = re.findall(r"GET /api/v1(/billing-runs/\S+outcome=failed)", page)
    path, _, outcome = asked.replace("{id}", run["id"]).partition("?outcome=")
    failed = (await office.get(path, outcome=outcome))["items"]
    assert [(each["code"], each["reason"]) for each in failed] == [("C-7", "amount-too-large")]
    await office.send("PATCH", f"/packages/{package['id']}", {"price_minor": 100_000})
    again = await office.run(period)
    assert (again["created"], again["already_billed"], again["failed"]) == (1, run["created"], 0)


async def test_a_partition_that_cannot_be_read_is_stepped_over(stack: Stack, office: Office) -> None:
    odd = [
        cloud_event({**NOBODYS, "payment_id": f"odd-{amount}", "amount_minor": amount}) for amount in (5, 6)
    ]
    await send_bytes(stack.addresses["kafka_bootstrap_servers"], TOPIC, with_an_odd_header_name(odd))

    async def stands() -> bool:
        return f"{TOPIC}[0]" in await follow(stack, "PartitionSetAside", "dead-letters list")

    async def flows() -> bool:
        return not await stands()

    await until(stands, "the partition is set aside")
    await follow(stack, "PartitionSetAside", "dead-letters skip .*", TOPIC=TOPIC, PARTITION="0")
    await until(flows, "the partition flows")


async def test_a_dead_letter_is_redriven_once_the_fault_is_mended(stack: Stack, office: Office) -> None:
    await execute(
        stack, "ALTER TABLE payments.held_payment ADD CONSTRAINT fault CHECK (payment_id <> 'from-a-fault')"
    )
    known = {each["id"] for each in await letters(stack, TOPIC)}
    event = cloud_event({**NOBODYS, "payment_id": "from-a-fault", "amount_minor": 700})
    await produce(stack, TOPIC, [event])

    async def parked() -> Body | None:
        return next((each for each in await letters(stack, TOPIC) if each["id"] not in known), None)

    letter = await until(parked, "the payment is parked")
    assert "fault" in await follow(stack, "DeadLettersOpen", "dead-letters show .*", ID=letter["id"])
    await execute(stack, "ALTER TABLE payments.held_payment DROP CONSTRAINT fault")
    await follow(stack, "DeadLettersOpen", "dead-letters redrive .*", ID=letter["id"])

    async def held() -> int | None:
        statement = "SELECT amount_minor FROM payments.held_payment WHERE payment_id = 'from-a-fault'"
        amount: int | None = await value(stack, statement)
        return amount

    assert await until(held, "the payment is held") == 700
    assert letter["id"] not in {each["id"] for each in await letters(stack, TOPIC)}
