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

from devstack.demo import cast, days, evenings, letterhead, partner
from devstack.demo.cast import HABITS, Habit
from devstack.demo.clerk import Body, Clerk, DemoFailed, signed_in
from devstack.demo.office import API, Installation, Office

COUNTERS = ("cash", "nagad", "bank_transfer", "card", "cheque")


async def load(where: Installation, say: Callable[[str], None]) -> None:
    """Make the demo ISP; what is there already stays as it is."""
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
            operator_name = office.operators[operator]["name"]
            say(f"  {role:<10}{email}  {where.password_of(email)}  ({name}, {operator_name})")


async def _set_up(office: Office, today: date, say: Callable[[str], None]) -> None:
    """The month before the first bills: everything that an ISP enters before it can bill."""
    clerk, where = office.clerk, office.where
    settings = await clerk.get(f"{API}/settings/billing")
    office.operators = await _make_operators(clerk)
    await _make_packages(clerk)
    await _make_people(clerk, office.operators, where)
    await _make_letterheads(clerk, office.operators)
    await _take_test_payments(clerk, where)
    await _send_test_messages(clerk)
    first = cast.period(days.months(today)[0])
    if settings["billing_from"] != first:
        await clerk.change("PUT", f"{API}/settings/billing", {"billing_from": first})
    report = await _bring_customers(clerk, today)
    say(f"  {len(office.operators)} operators, {len(cast.PACKAGES)} packages, {report['created']} customers")


async def _send_test_messages(clerk: Clerk) -> None:
    """A newcomer sends a link at once: the sandbox's inbox is a page."""
    if (await clerk.get(f"{API}/settings/sms-gateway"))["provider"] is None:
        body = {"provider": "sandbox", "cost_per_segment_minor": 35}
        await clerk.change("PUT", f"{API}/settings/sms-gateway", body)


async def _make_operators(clerk: Clerk) -> dict[str, Body]:
    known = {each["code"]: each for each in await clerk.all(f"{API}/operators")}
    root = next(each for each in known.values() if each["parent_id"] is None)
    if root["name"] != cast.ISP:
        await clerk.change("PATCH", f"{API}/operators/{root['id']}", {"name": cast.ISP})
    for each in cast.OPERATORS:
        if each.code not in known:
            parent = known[each.parent] if each.parent else root
            body = {"code": each.code, "name": each.name, "parent_id": parent["id"]}
            known[each.code] = await clerk.post(f"{API}/operators", body, f"demo-operator-{each.code}")
    return {**known, cast.DIRECT.code: {**root, "name": cast.ISP}}


async def _make_packages(clerk: Clerk) -> None:
    known = {each["name"] for each in await clerk.all(f"{API}/packages")}
    for name, price_minor, vat_basis_points, _ in cast.PACKAGES:
        if name not in known:
            body = {"name": name, "price_minor": price_minor, "vat_basis_points": vat_basis_points}
            await clerk.post(f"{API}/packages", body, f"demo-package-{name}")


async def _make_letterheads(clerk: Clerk, operators: Mapping[str, Body]) -> None:
    """Before the first bill: a bill bears what its operator said of itself when it was issued."""
    path = f"{API}/settings/isp-profile"
    if (await clerk.get(path))["version"] == 0:
        await clerk.change("PUT", path, {**letterhead.ISP, "logo": letterhead.logo()})
    for code, own in letterhead.RESELLERS.items():
        operator_id = operators[code]["id"]
        if (await clerk.get(path, operator_id=operator_id))["version"] == 0:
            await clerk.change("PUT", path, {"operator_id": operator_id, **own})


async def _make_people(clerk: Clerk, operators: Mapping[str, Body], where: Installation) -> None:
    known = {each["email"] for each in await clerk.all(f"{API}/users")}
    for email, name, role, operator in cast.USERS:
        if email not in known:
            body = {
                "email": email,
                "name": name,
                "role": role,
                "password": where.password_of(email),
                "operator_id": operators[operator]["id"],
            }
            await clerk.change("POST", f"{API}/users", body)
    await partner.open_topics(where.kafka)
    if cast.PARTNER not in {each["name"] for each in await clerk.all(f"{API}/partners")}:
        body = {"name": cast.PARTNER, "operator_id": operators[cast.DIRECT.code]["id"]}
        await clerk.post(f"{API}/partners", body, f"demo-partner-{cast.PARTNER}")


async def _take_test_payments(clerk: Clerk, where: Installation) -> None:
    """A newcomer pays a bill on the first evening: the sandbox moves no money."""
    path = f"{API}/settings/payment-gateways/sandbox"
    await clerk.change("PUT", path, {"webhook_secret": where.password_of("sandbox")})


async def _bring_customers(clerk: Clerk, today: date) -> Body:
    file = cast.customers_file(today)
    key = "demo-customers-" + hashlib.sha256(file.encode()).hexdigest()[:16]
    report = await clerk.upload(f"{API}/customers/import", file, key)
    if report["refused"]:
        raise DemoFailed(f"customers were refused: {report['refused'][:3]}")
    return report


async def _month(office: Office, first: date, habits: dict[Habit, float]) -> str:
    """One month: its run in the first night, bills that were wrong, then the days of collecting."""
    period = cast.period(first)
    comes_by_itself = await office.turn_to(days.night_of(first))
    await _billed(office.clerk, period, comes_by_itself)
    bills: dict[Habit, list[Body]] = defaultdict(list)
    for bill in await office.clerk.all(f"{API}/bills", period=period):
        if bill["reissue_of"] is None and bill["status"] != "void":
            bills[cast.habit(period, bill["customer"]["code"], habits)].append(bill)
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
    return _summary(period, (await office.clerk.get(f"{API}/bills", period=period, limit=1))["totals"])


def _summary(period: str, totals: Body) -> str:
    counts = ", ".join(
        f"{totals['by_status'][each]} {each}" for each in ("paid", "partial", "unpaid", "void")
    )
    return f"{period}: {totals['count']} bills ({counts})"


async def _billed(clerk: Clerk, period: str, comes_by_itself: bool) -> None:
    """Wait until the month's run is over; where its first night has passed, somebody asks for it."""
    async for runs in clerk.looking_at(f"{API}/billing-runs", limit=50):
        of_month = [each for each in runs["items"] if each["period"] == period and not each["dry_run"]]
        if not of_month and not comes_by_itself:
            await clerk.post(f"{API}/billing-runs", {"period": period}, f"demo-run-{period}")
        if of_month and of_month[0]["state"] == "completed":
            break
    async for page in clerk.looking_at(f"{API}/bills", period=period, limit=1):
        if page["totals"]["count"] >= of_month[0]["created"] + of_month[0]["already_billed"]:
            return
    raise DemoFailed(f"the bills of {period} do not show")


async def _collect(
    office: Office, first: date, after: date, until: date, bills: Mapping[Habit, Sequence[Body]]
) -> None:
    """Enter what customers brought after one day and until another, on the evening of that other one."""
    clerk, period = office.clerk, cast.period(first)

    def brought(habit: Habit) -> list[Body]:
        code = [(bill, bill["customer"]["code"]) for bill in bills[habit]]
        return [bill for bill, each in code if after < cast.paid_on(first, each) <= until]

    counter = brought("over-the-counter")
    taken = [bill for bill in counter if office.is_hers(bill)]
    await asyncio.gather(
        _mark_paid(clerk, first, until, brought("in-full")),
        _pay_at_the_partner(office, period, until, brought("partner")),
        *(_pay(clerk, first, bill, bill["total_minor"]) for bill in counter if bill not in taken),
        *(_pay(clerk, first, b, b["total_minor"] * 2 // 5 // 100 * 100) for b in brought("partial")),
        *(_pay(clerk, first, bill, bill["total_minor"] * 3 // 2) for bill in brought("too-much")),
        *(_pay_and_take_back(clerk, first, bill) for bill in brought("reversed")),
    )
    if office.collector is not None:
        await evenings.collector_brings(office, until, taken)


async def _pay(clerk: Clerk, first: date, bill: Body, amount_minor: int) -> Body:
    """Money over the counter; a bill that credit has settled meanwhile needs none."""
    body = {
        "amount_minor": amount_minor,
        "paid_on": cast.paid_on(first, bill["customer"]["code"]).isoformat(),
        "method": COUNTERS[amount_minor // 100 % len(COUNTERS)],
        "reference": f"MR-{bill['number']}",
    }
    key = f"demo-pay-{bill['number']}"
    return await clerk.post(f"{API}/bills/{bill['id']}/payments", body, key, but=(409,))


async def _pay_and_take_back(clerk: Clerk, first: date, bill: Body) -> None:
    payment = await _pay(clerk, first, bill, bill["total_minor"])
    if payment:
        path, key = f"{API}/payments/{payment['id']}/reversal", f"demo-reversal-{bill['number']}"
        await clerk.post(path, {"reason": "entered for the wrong customer"}, key, but=(409,))


async def _void(clerk: Clerk, bill: Body, *, reissue: bool) -> None:
    body = {"reason": "wrong package" if reissue else "moved away", "reissue": reissue}
    await clerk.post(f"{API}/bills/{bill['id']}/void", body, f"demo-void-{bill['number']}", but=(409,))


async def _mark_paid(clerk: Clerk, first: date, until: date, bills: Sequence[Body]) -> None:
    """The takings by the way they came, each as a bulk action of the day before or of this one."""
    by_method: dict[tuple[str, date], list[str]] = defaultdict(list)
    for number, bill in enumerate(sorted(bills, key=lambda each: each["number"])):
        method = COUNTERS[min(number % 7, len(COUNTERS) - 1)] if number % 3 else "cash"
        by_method[method, until - timedelta(days=number % 2)].append(bill["id"])
    await asyncio.gather(
        *(_mark_paid_at_once(clerk, day, method, ids) for (method, day), ids in by_method.items())
    )


async def _mark_paid_at_once(clerk: Clerk, day: date, method: str, ids: list[str]) -> None:
    body: dict[str, Any] = {
        "action": "mark_paid",
        "selection": {"bill_ids": ids},
        "parameters": {"paid_on": day.isoformat(), "method": method},
    }
    action = await clerk.post(f"{API}/bulk-actions", body, f"demo-mark-paid-{day}-{method}-{ids[0]}")
    async for current in clerk.looking_at(f"{API}/bulk-actions/{action['id']}"):
        if current["state"] == "completed":
            return


async def _pay_at_the_partner(office: Office, period: str, until: date, bills: Sequence[Body]) -> None:
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
    async for _ in office.clerk.looking_at(f"{API}/settings/billing"):
        open_bills = [
            bill
            for status in ("unpaid", "partial")
            for bill in await office.clerk.all(f"{API}/bills", period=period, status=status)
        ]
        if numbers.isdisjoint(bill["number"] for bill in open_bills):
            return
    raise DemoFailed("the partner's payments do not show")


def _at_the_partner(period: str, until: date, bill: Body, number: int) -> dict[str, Any]:
    target = (
        {"customer_code": bill["customer"]["code"]} if number % 4 == 0 else {"invoice_number": bill["number"]}
    )
    return {
        "payment_id": f"BKASH-{period}-{bill['number']}",
        "amount_minor": bill["total_minor"],
        "currency": bill["currency"],
        "paid_at": f"{until}T06:00:00Z",
        "method": "bkash",
        "payer_reference": bill["customer"]["mobile"] or bill["customer"]["code"],
        **target,
    }
