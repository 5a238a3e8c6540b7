"""Money over the counter and from partners, recorded once whatever is away, asleep or killed."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections import Counter

import httpx

from tests.journeys.conftest import PARTNER
from tests.journeys.stack import Body, Office, Stack, cloud_event, consume, payment, produce, value
from tests.patience import until

ONE = 105_000


async def is_paid(office: Office, bill: Body) -> Body | None:
    shown = await office.get(f"/bills/{bill['id']}")
    return shown if shown["status"] == "paid" else None


async def test_the_same_partner_event_fifty_times_is_recorded_once(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    bill = (await office.open_bills(period))[0]
    # A bill may show before payments has heard of it, and its money would be held until then.
    known = "SELECT number FROM payments.receivable WHERE number = $1"
    await until(lambda: value(stack, known, bill["number"]), "payments knows the bill")
    payment_id = uuid.uuid4().hex
    event = cloud_event(
        {
            "payment_id": payment_id,
            "amount_minor": ONE,
            "currency": "BDT",
            "paid_at": "2026-01-02T10:00:00Z",
            "invoice_number": bill["number"],
        }
    )
    await produce(stack, f"partner.{PARTNER}.payments", [event] * 50)

    async def answered() -> list[Body] | None:
        receipts = await consume(stack, f"partner.{PARTNER}.receipts")
        ours = [each for each in receipts if each["payment_id"] == payment_id]
        return ours if len(ours) >= 50 else None

    receipts = await until(answered, "fifty receipts")
    assert Counter(each["outcome"] for each in receipts) == {"recorded": 1, "duplicate": 49}
    await until(lambda: is_paid(office, bill), "the bill is paid")
    assert len((await office.get(f"/bills/{bill['id']}/payments"))["items"]) == 1


async def test_two_clerks_who_pay_one_bill_at_once_take_no_money_twice(office: Office, period: str) -> None:
    await office.run(period)
    for bill in await office.open_bills(period, 10):
        answers = await asyncio.gather(office.pay(bill), office.pay(bill))
        assert {answer.status_code for answer in answers} <= {201, 202, 409}, [each.text for each in answers]
        taken = [await office.done(answer) for answer in answers if answer.status_code != 409]
        shown = await until(lambda bill=bill: is_paid(office, bill), "the bill is paid")  # type: ignore[misc]
        assert shown["paid_minor"] == ONE
        customer = await office.get(f"/customers/{bill['customer']['id']}")
        items = (await office.get(f"/customers/{bill['customer']['id']}/payments"))["items"]
        received = sum(each["amount_minor"] for each in items if each["id"] in {one["id"] for one in taken})
        assert received == ONE * len(taken)
        assert sum(each["allocated_minor"] + each["credit_minor"] for each in items) >= received
        assert customer["credit_minor"] >= 0


async def test_cash_is_taken_while_kafka_is_away_and_shows_once_it_is_back(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    bills = await office.open_bills(period, 5)
    stack.ispbills("stop", "kafka")
    try:
        answers = await asyncio.gather(*(office.pay(bill) for bill in bills))
        assert [answer.status_code for answer in answers] == [202] * 5
        await asyncio.sleep(12)  # with what went before, longer than a producer waits for a topic
    finally:
        stack.ispbills("start", "kafka")
    for bill, answer in zip(bills, answers, strict=True):
        assert (await office.done(answer))["amount_minor"] == ONE
        assert await is_paid(office, bill)


async def test_the_view_is_rebuilt_while_payments_go_on(stack: Stack, office: Office, period: str) -> None:
    await office.run(period)
    bills = await office.open_bills(period, 60)
    before = (await office.get("/bills", limit=1))["totals"]["count"]
    rebuilding = asyncio.create_task(asyncio.to_thread(stack.ispbills, "view", "rebuild"))
    paid = 0
    for bill in bills:
        assert (await office.get("/bills", limit=1))["totals"]["count"] == before
        assert (await office.done(await office.pay(bill)))["allocated_minor"] == ONE
        paid += 1
        if rebuilding.done():
            break
    await rebuilding
    shown = (await office.get("/bills", period=period, limit=1))["totals"]
    assert shown["by_status"]["paid"] == paid
    assert shown["paid_minor"] == paid * ONE


async def test_postgres_killed_under_payments_loses_and_doubles_none(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    bills = await office.open_bills(period, 24)

    async def pay_until_taken(bill: Body) -> Body:
        """The same key again, as a careful program does when it got no answer."""
        key = uuid.uuid4().hex

        async def taken() -> httpx.Response | None:
            try:
                answer = await office.send("POST", f"/bills/{bill['id']}/payments", payment(bill), key)
            except httpx.TransportError:
                return None
            return answer if answer.status_code < 500 else None

        return await office.done(await until(taken, "the payment is taken"))

    async def is_back() -> bool:
        try:
            return (await office.client.get("/me")).status_code == 200
        except httpx.TransportError:
            return False

    async def crash() -> None:
        await asyncio.sleep(0.05)
        stack.signal("postgres", signal.SIGKILL)
        await asyncio.sleep(1)
        await until(is_back, "Postgres is back")

    results = await asyncio.gather(*(pay_until_taken(bill) for bill in bills), crash())
    payments = [each for each in results if each is not None]
    assert [each["allocated_minor"] for each in payments] == [ONE] * len(bills)
    shown = (await office.get("/bills", period=period, limit=1))["totals"]
    assert (shown["by_status"]["paid"], shown["paid_minor"]) == (len(bills), len(bills) * ONE)
