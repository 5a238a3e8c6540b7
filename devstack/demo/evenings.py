"""What happens in the evening: a collector hands in what she took, and her day is closed; and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import httpx

from devstack.demo import cast, days
from devstack.demo.clerk import Body, DemoFailed
from devstack.demo.office import API, Office

SHORT_MINOR = 5_000
LINKS, PAID_ONLINE = 6, 3


async def collector_brings(office: Office, day: date, bills: Sequence[Body]) -> None:
    """Enter what a collector took on a day, by herself; on two days it is counted and signed."""
    assert office.collector is not None, "she has signed in"
    for bill in bills:
        body = {
            "amount_minor": bill["total_minor"],
            "paid_on": day.isoformat(),
            "method": "cash",
            "reference": f"MR-{bill['number']}",
        }
        key = f"demo-pay-{bill['number']}"
        await office.collector.post(f"{API}/bills/{bill['id']}/payments", body, key, but=(409,))
    goal = office.where.calendar.goal.date()
    before = days.months(goal)[-2]
    closed = [before.replace(day=each) for each in days.COLLECTED_ON[1:3]]
    if day in closed:
        await close_day(office, day, SHORT_MINOR if day == closed[-1] else 0)


async def close_day(office: Office, day: date, short_minor: int) -> None:
    """Count and sign a collector's day; where something is missing, somebody says why."""
    whose = {"collector": cast.COLLECTOR, "day": day.isoformat()}
    sheet = await office.clerk.get(f"{API}/closings/sheet", **whose)
    if sheet["state"] == "closed":
        return
    expected = sheet["expected_minor"]
    body: dict[str, Any] = {
        **whose,
        "expected_minor": expected,
        "counted_minor": max(expected - short_minor, 0),
        "note": "too much change given" if short_minor else None,
    }
    body = {name: value for name, value in body.items() if value is not None}
    await office.clerk.post(f"{API}/closings", body, f"demo-close-{day}", but=(409,))


async def today(office: Office) -> None:
    """The day on which the newcomer comes in: a little of everything has just happened."""
    goal = office.where.calendar.goal.date()
    period = cast.period(goal.replace(day=1))
    open_bills = await office.clerk.all(f"{API}/bills", period=period, status="unpaid")
    with_mobile = [bill for bill in open_bills if bill["customer"]["mobile"]]
    hers = [bill for bill in open_bills if office.is_hers(bill)]
    await _take_a_few(office, goal, [*open_bills[-12:-8], *hers[-3:]])
    await _bill_newcomers(office, period)
    await _send_links(office, with_mobile[:LINKS])
    await _fail_one_of_many(office, period, open_bills[-6:-4])
    await _correct_a_closed_day(office)


async def _take_a_few(office: Office, day: date, bills: Sequence[Body]) -> None:
    """Return what is in the till so far, by the ISP's own desk and by the collector."""
    for place, bill in enumerate(bills):
        collector = office.collector if office.is_hers(bill) else None
        clerk = collector or office.clerk
        body = {
            "amount_minor": bill["total_minor"],
            "paid_on": day.isoformat(),
            "method": ("cash", "bkash", "nagad", "cheque", "cash")[min(place, 4)],
            "reference": f"MR-{bill['number']}",
        }
        await clerk.post(f"{API}/bills/{bill['id']}/payments", body, f"demo-pay-{bill['number']}", but=(409,))


async def _bill_newcomers(office: Office, period: str) -> None:
    """Return those who joined this month and were billed at once: their bills are not due yet."""
    joined = [
        each
        for each in await office.clerk.all(f"{API}/customers", status="active")
        if each["since"][:7] == period and each["billing_cycle"] == "monthly"
    ]
    for customer in joined[:4]:
        key = f"demo-newcomer-{customer['code']}"
        await office.clerk.post(
            f"{API}/customers/{customer['id']}/bills", {"period": period}, key, but=(409,)
        )


async def _send_links(office: Office, bills: Sequence[Body]) -> None:
    """Links by SMS; some customers have paid by theirs already, with the sandbox's money."""
    for place, bill in enumerate(bills):
        key = f"demo-link-{bill['number']}"
        made = await office.clerk.post(
            f"{API}/bills/{bill['id']}/payment-link", {"send_sms": True}, key, but=(409, 422)
        )
        if made and place < PAID_ONLINE:
            await _pay_by(made["url"])


async def _pay_by(address: str) -> None:
    """A customer's way through the payment page and the sandbox's own."""
    async with httpx.AsyncClient(timeout=30) as phone:
        begun = await phone.post(f"{address}/checkout", data={"provider": "sandbox"})
        if begun.status_code != 303:
            raise DemoFailed(f"the payment page answers {begun.status_code}: {begun.text[:300]}")
        there = httpx.URL(begun.headers["location"])
        await phone.post(
            there.copy_with(query=None), data={"reference": there.params["reference"], "outcome": "paid"}
        )


async def _fail_one_of_many(office: Office, period: str, bills: Sequence[Body]) -> None:
    """A bulk action that did not do everything: a void bill was among those that were ticked."""
    void = await office.clerk.get(f"{API}/bills", status="void", limit=1)
    ids = [bill["id"] for bill in (*bills, *void["items"])]
    body = {
        "action": "mark_paid",
        "selection": {"bill_ids": ids},
        "parameters": {"paid_on": office.where.calendar.goal.date().isoformat(), "method": "cash"},
    }
    await office.clerk.post(f"{API}/bulk-actions", body, f"demo-bulk-with-a-void-bill-{period}")


async def _correct_a_closed_day(office: Office) -> None:
    """A payment of a day that was closed is taken back: the sheet stays, and the next one bears it."""
    listed = await office.clerk.get(f"{API}/closings", collector=cast.COLLECTOR, limit=1)
    if not listed["items"]:
        return
    day = listed["items"][0]["day"]
    payments = await office.clerk.get(
        f"{API}/payments", recorded_by=cast.COLLECTOR, **{"from": day, "to": day}, limit=1
    )
    for payment in payments["items"]:
        path = f"{API}/payments/{payment['id']}/reversal"
        await office.clerk.post(path, {"reason": "entered twice"}, f"demo-correct-{day}", but=(409,))
