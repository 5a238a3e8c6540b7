"""A month's bills, whatever happens to the processes that make them."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from tests.journeys.conftest import CUSTOMERS
from tests.journeys.stack import Office, Stack, value
from tests.patience import until


async def billed_once(stack: Stack, period: str) -> None:
    """Every customer has exactly one live invoice of the period."""
    counts = "count(*) || '/' || count(DISTINCT customer_id)"
    found = await value(
        stack, f"SELECT {counts} FROM invoicing.invoice WHERE period = $1 AND voided_at IS NULL", period
    )
    assert found == f"{CUSTOMERS}/{CUSTOMERS}"


async def audited_at_the_desk(office: Office) -> None:
    """The button of Operations says what the command would."""
    address, swap = office.client.base_url.join("/operations/audit"), {"HX-Request": "true"}

    async def asked() -> bool:
        answer = await office.client.post(address, data={}, headers=swap)
        return answer.status_code == 200 and "No process here can audit" not in answer.text

    async def ended() -> str | None:
        page = (await office.client.get(address, headers=swap)).text
        return None if "/operations/audit/progress" in page else page

    await until(asked, "the projector can audit")
    said = await until(ended, "the audit has ended")
    assert "promises hold" in said, said


async def test_a_run_whose_service_is_killed_halfway_bills_every_customer_once(
    stack: Stack, office: Office, period: str
) -> None:
    asking = asyncio.create_task(office.post("/billing-runs", {"period": period}))
    halfway = "SELECT id::text FROM invoicing.run WHERE period = $1 AND created > 0"
    await until(lambda: value(stack, halfway, period), "the run has begun")
    stack.signal("invoicing", signal.SIGKILL)
    run = await office.ran((await asking)["id"])
    assert (run["created"], run["already_billed"], run["failed"]) == (CUSTOMERS, 0, 0)
    assert run["expected"] == CUSTOMERS + sum(run["skipped"].values())
    await billed_once(stack, period)
    await audited_at_the_desk(office)


async def test_ten_who_generate_missing_bills_at_once_bill_every_customer_once(
    stack: Stack, office: Office, period: str
) -> None:
    body: dict[str, Any] = {"action": "generate_missing", "parameters": {"period": period}}
    actions = await asyncio.gather(*(office.post("/bulk-actions", body) for _ in range(10)))
    assert sum(action["succeeded"] for action in actions) == CUSTOMERS
    assert {action["failed"] for action in actions} == {0}
    assert len({action["total"] for action in actions}) == 1
    assert all(action["total"] == action["succeeded"] + action["skipped"] for action in actions)
    await billed_once(stack, period)


async def test_two_replicas_of_every_service_with_one_frozen_and_woken_lose_and_double_nothing(
    stack: Stack, office: Office, period: str
) -> None:
    frozen = ("invoicing", "payments", "projector", "notifications", "documents")
    async with stack.replicas((*frozen, "gateway")):
        first = await office.post("/billing-runs", {"period": period})
        for name in frozen:
            stack.signal(name, signal.SIGSTOP)
        try:
            run = await office.ran(first["id"])
            assert run["created"] == CUSTOMERS
            bill = (await office.open_bills(period))[0]
            paid = await office.done(await office.pay(bill))
            assert paid["allocated_minor"] == bill["total_minor"]
        finally:
            for name in frozen:
                stack.signal(name, signal.SIGCONT)
        await billed_once(stack, period)
    bills = await office.open_bills(period, 5)
    answers = [await office.done(await office.pay(bill)) for bill in bills]
    assert {answer["credit_minor"] for answer in answers} == {0}
