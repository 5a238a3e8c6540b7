"""What happens at Shapla Net: it is set up, three months are billed on their first days, and money comes in.

Everything happens when it would have: the stack's clock is turned from day to day while the demo loads. Where
the clock has passed those days already, all of it happens now.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from attrs import evolve

from devstack.demo import cast, days, evenings, letterhead, partner
from devstack.demo.cast import HABITS, Habit
from devstack.demo.clerk import Clerk, DemoFailed, signed_in
from devstack.demo.office import Installation, Office
from ispbills_client import models
from ispbills_client.answers import Refused, every, file_of, granted, watched
from ispbills_client.api.billing_runs import list_runs, start_run
from ispbills_client.api.billing_settings import change_settings, get_settings
from ispbills_client.api.bills import list_bills, void_bill
from ispbills_client.api.bulk_actions import get_bulk_action, start_bulk_action
from ispbills_client.api.imports import import_customers
from ispbills_client.api.isp_profiles import change_isp_profile, get_isp_profile
from ispbills_client.api.operators import change_operator, create_operator, list_operators
from ispbills_client.api.packages import create_package, list_packages
from ispbills_client.api.partners import add_partner, list_partners
from ispbills_client.api.payment_gateways import configure_payment_gateway
from ispbills_client.api.payments import record_payment, reverse_payment
from ispbills_client.api.sms_gateways import configure_sms_gateway, get_sms_gateway
from ispbills_client.api.users import create_user, list_users
from ispbills_client.models import BillItem, OperatorShown, PaymentRecorded

COUNTERS = ("cash", "nagad", "bank_transfer", "card", "cheque")


async def load(where: Installation, say: Callable[[str], None]) -> None:
    """Make the demo ISP; what is there already stays as it is. Raises `DemoFailed`."""
    try:
        await _play(where, say)
    except (Refused, TimeoutError) as failure:
        raise DemoFailed(str(failure)) from failure


async def _play(where: Installation, say: Callable[[str], None]) -> None:
    async with AsyncExitStack() as desks:
        office = Office(where, await desks.enter_async_context(signed_in(where.gateway_url, where.login)))
        goal = where.calendar.goal
        await _set_up(office, goal.date(), say)
        email = cast.COLLECTOR
        login = {"email": email, "password": where.password_of(email)}
        office.collector = await desks.enter_async_context(signed_in(where.gateway_url, login))
        for first, habits in zip(days.months(goal.date()), HABITS, strict=True):
            say(f"  {await _month(office, first, habits)}")
        where.calendar.let_go()
        await office.settle_in()
        await evenings.today(office)
        for email, name, role, operator in cast.USERS:
            operator_name = office.operators[operator].name
            say(f"  {role:<10}{email}  {where.password_of(email)}  ({name}, {operator_name})")


async def _set_up(office: Office, today: date, say: Callable[[str], None]) -> None:
    """The month before the first bills: everything that an ISP enters before it can bill."""
    clerk, where = office.clerk, office.where
    settings = granted(await get_settings.asyncio(client=clerk.api))
    office.operators = await _make_operators(clerk)
    await _make_packages(clerk)
    await _make_people(clerk, office.operators, where)
    await _make_letterheads(clerk, office.operators)
    await _take_test_payments(clerk, where)
    await _send_test_messages(clerk)
    first = cast.period(days.months(today)[0])
    if settings.billing_from != first:
        body = models.BillingSettings(billing_from=first)
        await clerk.made(models.Settings, change_settings.asyncio(client=clerk.api, body=body))
    report = await _bring_customers(clerk, today)
    say(f"  {len(office.operators)} operators, {len(cast.PACKAGES)} packages, {report.created} customers")


async def _send_test_messages(clerk: Clerk) -> None:
    """A newcomer sends a link at once: the sandbox's inbox is a page."""
    if granted(await get_sms_gateway.asyncio(client=clerk.api)).provider is None:
        body = models.SmsGateway(provider="sandbox", cost_per_segment_minor=35)
        await clerk.made(models.SmsSettings, configure_sms_gateway.asyncio(client=clerk.api, body=body))


async def _make_operators(clerk: Clerk) -> dict[str, OperatorShown]:
    known = {each.code: each async for each in every(list_operators.asyncio, client=clerk.api)}
    root = next(each for each in known.values() if each.parent_id is None)
    if root.name != cast.ISP:
        renamed = models.OperatorChange(name=cast.ISP)
        asked = change_operator.asyncio(root.id, client=clerk.api, body=renamed)
        root = await clerk.made(OperatorShown, asked)
    for each in cast.OPERATORS:
        if each.code not in known:
            parent = known[each.parent] if each.parent else root
            body = models.Operator(code=each.code, name=each.name, parent_id=parent.id)
            key = f"demo-operator-{each.code}"
            asked = create_operator.asyncio(client=clerk.api, body=body, idempotency_key=key)
            known[each.code] = await clerk.made(OperatorShown, asked)
    return {**known, cast.DIRECT.code: root}


async def _make_packages(clerk: Clerk) -> None:
    known = {each.name async for each in every(list_packages.asyncio, client=clerk.api)}
    for name, price_minor, vat_basis_points, _ in cast.PACKAGES:
        if name not in known:
            body = models.Package(name=name, price_minor=price_minor, vat_basis_points=vat_basis_points)
            key = f"demo-package-{name}"
            asked = create_package.asyncio(client=clerk.api, body=body, idempotency_key=key)
            await clerk.made(models.PackageShown, asked)


async def _make_letterheads(clerk: Clerk, operators: Mapping[str, OperatorShown]) -> None:
    """Before the first bill: a bill bears what its operator said of itself when it was issued."""
    own = {cast.DIRECT.code: evolve(letterhead.ISP, logo=letterhead.logo()), **letterhead.RESELLERS}
    for code, profile in own.items():
        operator_id = operators[code].id
        known = granted(await get_isp_profile.asyncio(client=clerk.api, operator_id=operator_id))
        if known.version == 0:
            body = evolve(profile, operator_id=operator_id)
            await clerk.made(models.IspProfileShown, change_isp_profile.asyncio(client=clerk.api, body=body))


async def _make_people(clerk: Clerk, operators: Mapping[str, OperatorShown], where: Installation) -> None:
    known = {each.email async for each in every(list_users.asyncio, client=clerk.api)}
    for email, name, role, operator in cast.USERS:
        if email not in known:
            body = models.User(
                email=email,
                name=name,
                role=role,
                password=where.password_of(email),
                operator_id=operators[operator].id,
            )
            granted(await create_user.asyncio(client=clerk.api, body=body))
    await partner.open_topics(where.kafka)
    if cast.PARTNER not in {each.name async for each in every(list_partners.asyncio, client=clerk.api)}:
        bkash = models.Partner(name=cast.PARTNER, operator_id=operators[cast.DIRECT.code].id)
        key = f"demo-partner-{cast.PARTNER}"
        asked = add_partner.asyncio(client=clerk.api, body=bkash, idempotency_key=key)
        await clerk.made(models.PartnerShown, asked)


async def _take_test_payments(clerk: Clerk, where: Installation) -> None:
    """A newcomer pays a bill on the first evening: the sandbox moves no money."""
    body = models.PaymentGateway(webhook_secret=where.password_of("sandbox"))
    asked = configure_payment_gateway.asyncio("sandbox", client=clerk.api, body=body)
    await clerk.made(models.PaymentGatewayShown, asked)


async def _bring_customers(clerk: Clerk, today: date) -> models.Report:
    file = cast.customers_file(today)
    key = "demo-customers-" + hashlib.sha256(file.encode()).hexdigest()[:16]
    body = file_of(file.encode())
    asked = import_customers.asyncio(client=clerk.api, body=body, idempotency_key=key)
    report = await clerk.made(models.Report, asked)
    if report.refused:
        raise DemoFailed(f"customers were refused: {report.refused[:3]}")
    return report


async def _month(office: Office, first: date, habits: dict[Habit, float]) -> str:
    """One month: its run in the first night, bills that were wrong, then the days of collecting."""
    period = cast.period(first)
    comes_by_itself = await office.turn_to(days.night_of(first))
    await _billed(office.clerk, period, comes_by_itself)
    bills: dict[Habit, list[BillItem]] = defaultdict(list)
    async for bill in every(list_bills.asyncio, client=office.clerk.api, period=period):
        if bill.reissue_of is None and bill.status != "void":
            bills[cast.habit(period, bill.customer.code, habits)].append(bill)
    await office.turn_to(days.evening_of(first.replace(day=days.VOIDED_ON)))
    await asyncio.gather(
        *(_void(office.clerk, bill, reissue=False) for bill in bills["void"]),
        *(_void(office.clerk, bill, reissue=True) for bill in bills["reissue"]),
    )
    goal = office.where.calendar.goal
    entered = first
    for day in days.collecting(first, goal):
        await office.turn_to(days.evening_of(day))
        await _collect(office, first, entered, day, bills)
        entered = day
    page = granted(await list_bills.asyncio(client=office.clerk.api, period=period, limit=1))
    return _summary(period, page.totals)


def _summary(period: str, totals: models.Totals) -> str:
    by_status = totals.by_status.to_dict()
    counts = ", ".join(f"{by_status[each]} {each}" for each in ("paid", "partial", "unpaid", "void"))
    return f"{period}: {totals.count} bills ({counts})"


async def _billed(clerk: Clerk, period: str, comes_by_itself: bool) -> None:
    """Wait until the month's run is over; where its first night has passed, somebody asks for it."""
    async for runs in watched(list_runs.asyncio, client=clerk.api, period=period):
        of_month = [each for each in runs.items if not each.dry_run]
        if not of_month and not comes_by_itself:
            body, key = models.Run(period=period), f"demo-run-{period}"
            asked = start_run.asyncio(client=clerk.api, body=body, idempotency_key=key)
            await clerk.made(models.RunShown, asked)
        if of_month and of_month[0].state == "completed":
            break
    billed = of_month[0].created + of_month[0].already_billed
    async for page in watched(list_bills.asyncio, client=clerk.api, period=period, limit=1):
        if page.totals.count >= billed:
            return


async def _collect(
    office: Office, first: date, after: date, until: date, bills: Mapping[Habit, Sequence[BillItem]]
) -> None:
    """Enter what customers brought after one day and until another, on the evening of that other one."""
    clerk, period = office.clerk, cast.period(first)

    def brought(habit: Habit) -> list[BillItem]:
        code = [(bill, bill.customer.code) for bill in bills[habit]]
        return [bill for bill, each in code if after < cast.paid_on(first, each) <= until]

    counter = brought("over-the-counter")
    taken = [bill for bill in counter if office.is_hers(bill)]
    await asyncio.gather(
        _mark_paid(clerk, first, until, brought("in-full")),
        _pay_at_the_partner(office, period, until, brought("partner")),
        *(_pay(clerk, first, bill, bill.total_minor) for bill in counter if bill not in taken),
        *(_pay(clerk, first, bill, bill.total_minor * 2 // 5 // 100 * 100) for bill in brought("partial")),
        *(_pay(clerk, first, bill, bill.total_minor * 3 // 2) for bill in brought("too-much")),
        *(_pay_and_take_back(clerk, first, bill) for bill in brought("reversed")),
    )
    if office.collector is not None:
        await evenings.collector_brings(office, until, taken)


async def _pay(clerk: Clerk, first: date, bill: BillItem, amount_minor: int) -> PaymentRecorded | None:
    """Money over the counter; a bill that credit has settled meanwhile needs none."""
    body = models.Payment(
        amount_minor=amount_minor,
        paid_on=cast.paid_on(first, bill.customer.code),
        method=COUNTERS[amount_minor // 100 % len(COUNTERS)],
        reference=f"MR-{bill.number}",
    )
    key = f"demo-pay-{bill.number}"
    asked = record_payment.asyncio(bill.id, client=clerk.api, body=body, idempotency_key=key)
    return await clerk.made_unless(PaymentRecorded, asked, 409)


async def _pay_and_take_back(clerk: Clerk, first: date, bill: BillItem) -> None:
    payment = await _pay(clerk, first, bill, bill.total_minor)
    if payment is not None:
        body, key = models.Reason("entered for the wrong customer"), f"demo-reversal-{bill.number}"
        asked = reverse_payment.asyncio(payment.id, client=clerk.api, body=body, idempotency_key=key)
        await clerk.made_unless(models.PaymentShown, asked, 409)


async def _void(clerk: Clerk, bill: BillItem, *, reissue: bool) -> None:
    body = models.Void(reason="wrong package" if reissue else "moved away", reissue=reissue)
    key = f"demo-void-{bill.number}"
    asked = void_bill.asyncio(bill.id, client=clerk.api, body=body, idempotency_key=key)
    await clerk.made_unless(models.Bill, asked, 409)


async def _mark_paid(clerk: Clerk, first: date, until: date, bills: Sequence[BillItem]) -> None:
    """The takings by the way they came, each as a bulk action of the day before or of this one."""
    by_method: dict[tuple[str, date], list[UUID]] = defaultdict(list)
    for number, bill in enumerate(sorted(bills, key=lambda each: each.number)):
        method = COUNTERS[min(number % 7, len(COUNTERS) - 1)] if number % 3 else "cash"
        by_method[method, until - timedelta(days=number % 2)].append(bill.id)
    await asyncio.gather(
        *(_mark_paid_at_once(clerk, day, method, ids) for (method, day), ids in by_method.items())
    )


async def _mark_paid_at_once(clerk: Clerk, day: date, method: str, ids: list[UUID]) -> None:
    body = models.BulkAction(
        action="mark_paid",
        selection=models.Selection(bill_ids=ids),
        parameters=models.BulkParameters(paid_on=day, method=method),
    )
    key = f"demo-mark-paid-{day}-{method}-{ids[0]}"
    action = granted(await start_bulk_action.asyncio(client=clerk.api, body=body, idempotency_key=key))
    async for current in watched(get_bulk_action.asyncio, action.id, client=clerk.api):
        if current.state == "completed":
            return


async def _pay_at_the_partner(office: Office, period: str, until: date, bills: Sequence[BillItem]) -> None:
    """Some name the bill, some the customer; one a month names nobody whom we know and is held."""
    if not bills:
        return
    payments = [_at_the_partner(period, until, bill, number) for number, bill in enumerate(bills)]
    unknown = {**payments[0], "payment_id": f"BKASH-{until}-HELD", "customer_code": f"PLB-9{until:%m%d}"}
    unknown.pop("invoice_number", None)
    held = [unknown] if until.day == days.COLLECTED_ON[1] else []
    await partner.send(office.where.kafka, [*payments, *held])
    # What names only the customer may settle an older bill first.
    numbers = {payment["invoice_number"] for payment in payments if "invoice_number" in payment}
    async for still_open in watched(_open_numbers, office.clerk, period):
        if numbers.isdisjoint(still_open):
            return


async def _open_numbers(clerk: Clerk, period: str) -> set[str]:
    bills = every(list_bills.asyncio, client=clerk.api, period=period, status=["unpaid", "partial"])
    return {bill.number async for bill in bills}


def _at_the_partner(period: str, until: date, bill: BillItem, number: int) -> dict[str, Any]:
    target = {"customer_code": bill.customer.code} if number % 4 == 0 else {"invoice_number": bill.number}
    return {
        "payment_id": f"BKASH-{period}-{bill.number}",
        "amount_minor": bill.total_minor,
        "currency": bill.currency,
        "paid_at": f"{until}T06:00:00Z",
        "method": "bkash",
        "payer_reference": bill.customer.mobile or bill.customer.code,
        **target,
    }
