"""A schema is lost and brought back from a backup; what came since, the others and Kafka tell it again."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.journeys.conftest import customers_file, root_of
from tests.journeys.stack import Body, Office, Stack, cloud_event, own_stack, produce, signed_in, until, value

CUSTOMERS = 40
PERIOD = "2026-01"


@pytest_asyncio.fixture(scope="module")
async def stack() -> AsyncIterator[Stack]:
    with own_stack(29_900) as stack:
        stack.up()
        yield stack


async def settle_in(office: Office) -> None:
    await root_of(office)
    await office.post("/packages", {"name": "Home", "price_minor": 100_000, "vat_basis_points": 500})
    answer = await office.send("PUT", "/settings/billing", {"billing_from": "2024-01"})
    assert answer.is_success, answer.text
    imported = await office.client.post(
        "/customers/import",
        content=customers_file(CUSTOMERS, ("ISP",)).encode(),
        headers={"Content-Type": "text/csv", "Idempotency-Key": "customers"},
    )
    assert (await office.done(imported))["created"] == CUSTOMERS


def partners_payment(code: str) -> Body:
    return {
        "payment_id": uuid.uuid4().hex,
        "amount_minor": 105_000,
        "currency": "BDT",
        "paid_at": "2026-01-02T10:00:00Z",
        "customer_code": code,
    }


async def paid_minor(office: Office) -> int:
    return int((await office.get("/bills", limit=1))["totals"]["paid_minor"])


async def test_payments_is_lost_and_brought_back_with_all_that_came_after_the_backup(
    stack: Stack, tmp_path: Path
) -> None:
    async with signed_in(stack) as office:
        await settle_in(office)
        await office.run(PERIOD)
        bills = await office.open_bills(PERIOD)
        await asyncio.to_thread(stack.ispbills, "partners", "add", "bkash", "--operator", "ISP")
        for bill in bills[:5]:
            assert (await office.pay(bill)).status_code == 201
        said = await asyncio.to_thread(stack.ispbills, "backup", "payments", "--to", str(tmp_path))
        backup = said.strip()
        # After the backup: cash, a part of it, a reversal of what was there before, and a partner's.
        for bill in bills[5:10]:
            assert (await office.pay(bill)).status_code == 201
        part = (await office.pay(bills[10], 5_000)).json()
        assert (await office.send("POST", f"/payments/{part['id']}/reversal", {"reason": "typo"})).is_success
        codes = [bill["customer"]["code"] for bill in bills[11:16]]
        events = [partners_payment(code) for code in codes]
        await produce(stack, "partner.bkash.payments", [cloud_event(each) for each in events])
        expected = 15 * 105_000

        async def all_shown() -> bool:
            return await paid_minor(office) == expected

        await until(all_shown, "everything paid shows")

        await asyncio.to_thread(stack.ispbills, "restore", backup, fails=True)  # payments is at work
        await asyncio.to_thread(stack.ispbills, "stop", "payments")
        said = await asyncio.to_thread(stack.ispbills, "restore", backup)
        assert "payments.commands:" in said
        assert "payments.partners:" in said
        await asyncio.to_thread(stack.ispbills, "start", "payments")

        async def all_known() -> bool:
            known = await value(stack, "SELECT count(*) FROM payments.payment")
            reversed_ = await value(stack, "SELECT count(*) FROM payments.payment WHERE reversed")
            return (known, reversed_) == (16, 1)

        await until(all_known, "payments knows again what came after the backup")
        await asyncio.to_thread(stack.ispbills, "view", "rebuild")
        await until(all_shown, "the same is paid as before")
        await stack.audit()
        again = await office.pay(bills[20])
        assert again.status_code == 201
        await stack.audit()


async def test_invoicing_is_not_restored_alone(stack: Stack, tmp_path: Path) -> None:
    said = await asyncio.to_thread(stack.ispbills, "backup", "invoicing", "--to", str(tmp_path))
    refusal = await asyncio.to_thread(stack.ispbills, "restore", said.strip(), fails=True)
    assert "numbers are out" in refusal
