"""What happens at Shapla Net: it is set up, two months are billed, and money comes in."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from devstack.demo import cast, letterhead, partner
from devstack.demo.cast import HABITS_BEFORE, HABITS_NOW, Habit
from devstack.demo.clerk import Body, Clerk, DemoFailed, signed_in
from shared import clock
from shared.kafka import Kafka

API = "/api/v1"
COUNTERS = ("cash", "nagad", "bank", "card")


@dataclass(frozen=True)
class Installation:
    """The place of the demo, and how to get in."""

    gateway_url: str
    kafka: Kafka
    login: Mapping[str, str]

    def password_of(self, email: str) -> str:
        """A demo user's password: the same each time, and not the admin's."""
        return hashlib.sha256(f"{email} {self.login['password']}".encode()).hexdigest()[:16]


async def load(where: Installation, say: Callable[[str], None]) -> None:
    """Make the demo ISP; what is there already stays as it is."""
    async with signed_in(where.gateway_url, where.login) as clerk:
        settings = await clerk.get(f"{API}/settings/billing")
        today = clock.today(settings["time_zone"])
        operators = await _make_operators(clerk)
        await _make_packages(clerk)
        await _make_people(clerk, operators, where)
        await _make_letterheads(clerk, operators)
        report = await _bring_customers(clerk, today)
        say(f"  {len(operators)} operators, {len(cast.PACKAGES)} packages, {report['created']} customers")
        before, now = cast.period(cast.month_before(today)), cast.period(today)
        if settings["billing_from"] != before:
            await clerk.change("PUT", f"{API}/settings/billing", {"billing_from": before})
        for period, habits in ((before, HABITS_BEFORE), (now, HABITS_NOW)):
            say(f"  {await _bill_and_collect(clerk, where, period, habits)}")
        await _take_test_payments(clerk, where)
        await _send_test_messages(clerk)
        for email, name, role, operator in cast.USERS:
            say(f"  {role:<10}{email}  {where.password_of(email)}  ({name}, {operators[operator]['name']})")


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


async def _bill_and_collect(
    clerk: Clerk, where: Installation, period: str, habits: dict[Habit, float]
) -> str:
    """One month: the run, then what each customer does about the bill."""
    await _run(clerk, period)
    paying: dict[Habit, list[Body]] = defaultdict(list)
    for bill in await clerk.all(f"{API}/bills", period=period):
        if bill["reissue_of"] is None:
            paying[cast.habit(period, bill["customer"]["code"], habits)].append(bill)
    await asyncio.gather(
        _mark_paid(clerk, period, paying["in-full"]),
        _pay_at_the_partner(clerk, where, period, paying["partner"]),
        *(_pay(clerk, period, bill, bill["total_minor"]) for bill in paying["over-the-counter"]),
        *(_pay(clerk, period, bill, bill["total_minor"] * 2 // 5 // 100 * 100) for bill in paying["partial"]),
        *(_pay(clerk, period, bill, bill["total_minor"] * 3 // 2) for bill in paying["too-much"]),
        *(_pay_and_take_back(clerk, period, bill) for bill in paying["reversed"]),
        *(_void(clerk, bill, reissue=False) for bill in paying["void"]),
        *(_void(clerk, bill, reissue=True) for bill in paying["reissue"]),
    )
    return _summary(period, (await clerk.get(f"{API}/bills", period=period, limit=1))["totals"])


def _summary(period: str, totals: Body) -> str:
    counts = ", ".join(
        f"{totals['by_status'][each]} {each}" for each in ("paid", "partial", "unpaid", "void")
    )
    return f"{period}: {totals['count']} bills ({counts})"


async def _run(clerk: Clerk, period: str) -> None:
    run = await clerk.post(f"{API}/billing-runs", {"period": period}, f"demo-run-{period}")
    async for current in clerk.looking_at(f"{API}/billing-runs/{run['id']}"):
        if current["state"] == "completed":
            break
    async for page in clerk.looking_at(f"{API}/bills", period=period, limit=1):
        if page["totals"]["count"] >= current["created"]:
            return
    raise DemoFailed(f"the bills of {period} do not show")


async def _pay(clerk: Clerk, period: str, bill: Body, amount_minor: int) -> Body:
    """Money over the counter; a bill that credit has settled meanwhile needs none."""
    body = {
        "amount_minor": amount_minor,
        "paid_on": _paid_on(period, bill).isoformat(),
        "method": COUNTERS[amount_minor % len(COUNTERS)],
    }
    key = f"demo-pay-{bill['number']}"
    return await clerk.post(f"{API}/bills/{bill['id']}/payments", body, key, but=(409,))


def _paid_on(period: str, bill: Body) -> date:
    return cast.paid_on(period, date.fromisoformat(bill["issued_on"]), bill["customer"]["code"])


async def _pay_and_take_back(clerk: Clerk, period: str, bill: Body) -> None:
    payment = await _pay(clerk, period, bill, bill["total_minor"])
    if payment:
        path, key = f"{API}/payments/{payment['id']}/reversal", f"demo-reversal-{bill['number']}"
        await clerk.post(path, {"reason": "entered for the wrong customer"}, key, but=(409,))


async def _void(clerk: Clerk, bill: Body, *, reissue: bool) -> None:
    body = {"reason": "wrong package" if reissue else "moved away", "reissue": reissue}
    await clerk.post(f"{API}/bills/{bill['id']}/void", body, f"demo-void-{bill['number']}", but=(409,))


async def _mark_paid(clerk: Clerk, period: str, bills: list[Body]) -> None:
    """A day's takings at a time, as a bulk action."""
    by_day: dict[tuple[date, str], list[str]] = defaultdict(list)
    for bill in sorted(bills, key=lambda each: each["number"]):
        day = _paid_on(period, bill)
        method = COUNTERS[day.day % len(COUNTERS)]
        by_day[day.replace(day=day.day - (day.day - 1) % 5), method].append(bill["id"])
    await asyncio.gather(
        *(_mark_paid_at_once(clerk, period, day, method, ids) for (day, method), ids in by_day.items())
    )


async def _mark_paid_at_once(clerk: Clerk, period: str, day: date, method: str, ids: list[str]) -> None:
    body: dict[str, Any] = {
        "action": "mark_paid",
        "selection": {"bill_ids": ids},
        "parameters": {"paid_on": day.isoformat(), "method": method},
    }
    await clerk.post(f"{API}/bulk-actions", body, f"demo-mark-paid-{period}-{day}-{method}")


async def _pay_at_the_partner(clerk: Clerk, where: Installation, period: str, bills: list[Body]) -> None:
    """Some name the bill, some the customer; one names nobody whom we know and is held."""
    payments = [_at_the_partner(period, bill, number) for number, bill in enumerate(bills)]
    unknown = {**payments[0], "payment_id": f"BKASH-{period}-HELD", "customer_code": "PLB-99999"}
    unknown.pop("invoice_number", None)
    await partner.send(where.kafka, [*payments, unknown])
    # What names only the customer may settle an older bill first.
    numbers = {payment["invoice_number"] for payment in payments if "invoice_number" in payment}
    async for _ in clerk.looking_at(f"{API}/settings/billing"):
        open_bills = [
            bill
            for status in ("unpaid", "partial")
            for bill in await clerk.all(f"{API}/bills", period=period, status=status)
        ]
        if numbers.isdisjoint(bill["number"] for bill in open_bills):
            return
    raise DemoFailed("the partner's payments do not show")


def _at_the_partner(period: str, bill: Body, number: int) -> dict[str, Any]:
    target = (
        {"customer_code": bill["customer"]["code"]} if number % 4 == 0 else {"invoice_number": bill["number"]}
    )
    return {
        "payment_id": f"BKASH-{period}-{bill['number']}",
        "amount_minor": bill["total_minor"],
        "currency": bill["currency"],
        "paid_at": f"{_paid_on(period, bill)}T06:00:00Z",
        "method": "bkash",
        "payer_reference": bill["customer"]["mobile"] or bill["customer"]["code"],
        **target,
    }
