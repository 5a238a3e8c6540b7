"""What happens in the evening: a collector hands in what she took, and her day is closed; and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import httpx

from devstack.demo import cast, days
from devstack.demo.clerk import Clerk, DemoFailed
from devstack.demo.office import Office
from ispbills_client import models
from ispbills_client.answers import every, granted
from ispbills_client.api.bills import list_bills
from ispbills_client.api.bulk_actions import start_bulk_action
from ispbills_client.api.closings import close_day as sign_off
from ispbills_client.api.closings import get_sheet, list_closings
from ispbills_client.api.customers import bill_customer, list_customers
from ispbills_client.api.payment_links import send_payment_link
from ispbills_client.api.payments import list_payments, record_payment, reverse_payment
from ispbills_client.models import BillItem
from ispbills_client.types import UNSET

SHORT_MINOR = 5_000
LINKS, PAID_ONLINE = 6, 3


async def collector_brings(office: Office, day: date, bills: Sequence[BillItem]) -> None:
    """Enter what a collector took on a day, by herself; on two days it is counted and signed."""
    assert office.collector is not None, "she has signed in"
    for bill in bills:
        await _take(office.collector, day, bill, "cash")
    goal = office.where.calendar.goal.date()
    before = days.months(goal)[-2]
    closed = [before.replace(day=each) for each in days.COLLECTED_ON[1:3]]
    if day in closed:
        await close_day(office, day, SHORT_MINOR if day == closed[-1] else 0)


async def close_day(office: Office, day: date, short_minor: int) -> None:
    """Count and sign a collector's day; where something is missing, somebody says why."""
    api = office.clerk.api
    sheet = granted(await get_sheet.asyncio(client=api, collector=cast.COLLECTOR, day=day))
    if sheet.state == "closed":
        return
    body = models.Close(
        collector=cast.COLLECTOR,
        day=day,
        expected_minor=sheet.expected_minor,
        counted_minor=max(sheet.expected_minor - short_minor, 0),
        note="too much change given" if short_minor else UNSET,
    )
    asked = sign_off.asyncio(client=api, body=body, idempotency_key=f"demo-close-{day}")
    await office.clerk.made_unless(models.Closing, asked, 409)


async def today(office: Office) -> None:
    """The day on which the newcomer comes in: a little of everything has just happened."""
    goal = office.where.calendar.goal.date()
    period = cast.period(goal.replace(day=1))
    unpaid = every(list_bills.asyncio, client=office.clerk.api, period=period, status=["unpaid"])
    open_bills = [bill async for bill in unpaid]
    with_mobile = [bill for bill in open_bills if bill.customer.mobile]
    hers = [bill for bill in open_bills if office.is_hers(bill)]
    await _take_a_few(office, goal, [*open_bills[-12:-8], *hers[-3:]])
    await _bill_newcomers(office, period)
    await _send_links(office, with_mobile[:LINKS])
    await _fail_one_of_many(office, period, open_bills[-6:-4])
    await _correct_a_closed_day(office)


async def _take_a_few(office: Office, day: date, bills: Sequence[BillItem]) -> None:
    """Return what is in the till so far, by the ISP's own desk and by the collector."""
    for place, bill in enumerate(bills):
        collector = office.collector if office.is_hers(bill) else None
        method = ("cash", "bkash", "nagad", "cheque", "cash")[min(place, 4)]
        await _take(collector or office.clerk, day, bill, method)


async def _take(clerk: Clerk, day: date, bill: BillItem, method: str) -> None:
    number, amount_minor = bill.number, bill.total_minor
    body = models.Payment(amount_minor=amount_minor, paid_on=day, method=method, reference=f"MR-{number}")
    key = f"demo-pay-{number}"
    asked = record_payment.asyncio(bill.id, client=clerk.api, body=body, idempotency_key=key)
    await clerk.made_unless(models.PaymentRecorded, asked, 409)


async def _bill_newcomers(office: Office, period: str) -> None:
    """Return those who joined this month and were billed at once: their bills are not due yet."""
    clerk = office.clerk
    joined = [
        each
        async for each in every(list_customers.asyncio, client=clerk.api, status=["active"])
        if cast.period(each.since) == period and each.billing_cycle == "monthly"
    ]
    for customer in joined[:4]:
        body, key = models.BillCustomer(period=period), f"demo-newcomer-{customer.code}"
        asked = bill_customer.asyncio(customer.id, client=clerk.api, body=body, idempotency_key=key)
        await clerk.made_unless(models.BilledNow, asked, 409)


async def _send_links(office: Office, bills: Sequence[BillItem]) -> None:
    """Links by SMS; some customers have paid by theirs already, with the sandbox's money."""
    clerk, body = office.clerk, models.PaymentLink(send_sms=True)
    for place, bill in enumerate(bills):
        key = f"demo-link-{bill.number}"
        asked = send_payment_link.asyncio(bill.id, client=clerk.api, body=body, idempotency_key=key)
        made = await clerk.made_unless(models.PaymentLinkShown, asked, 409, 422)
        if made is not None and place < PAID_ONLINE:
            await _pay_by(made.url)


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


async def _fail_one_of_many(office: Office, period: str, bills: Sequence[BillItem]) -> None:
    """A bulk action that did not do everything: a void bill was among those that were ticked."""
    api = office.clerk.api
    void = granted(await list_bills.asyncio(client=api, status=["void"], limit=1))
    body = models.BulkAction(
        action="mark_paid",
        selection=models.Selection(bill_ids=[bill.id for bill in (*bills, *void.items)]),
        parameters=models.BulkParameters(paid_on=office.where.calendar.goal.date(), method="cash"),
    )
    key = f"demo-bulk-with-a-void-bill-{period}"
    granted(await start_bulk_action.asyncio(client=api, body=body, idempotency_key=key))


async def _correct_a_closed_day(office: Office) -> None:
    """A payment of a day that was closed is taken back: the sheet stays, and the next one bears it."""
    clerk, whose = office.clerk, cast.COLLECTOR
    listed = granted(await list_closings.asyncio(client=clerk.api, collector=whose, limit=1))
    for day in (each.day for each in listed.items):
        of_day = list_payments.asyncio(client=clerk.api, recorded_by=whose, from_=day, to=day, limit=1)
        for payment in granted(await of_day).items:
            body, key = models.Reason("entered twice"), f"demo-correct-{day}"
            asked = reverse_payment.asyncio(payment.id, client=clerk.api, body=body, idempotency_key=key)
            await clerk.made_unless(models.PaymentShown, asked, 409)
