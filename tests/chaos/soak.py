"""The soak: everything that moves money, at once, against replicas; afterwards nothing waited in a circle.

`python -m tests.chaos.soak --minutes 5 --seed 7 [--pace 3] [--rebuild] [--faults] [--keep FOLDER]` starts a
stack of its own with a small ISP and replicas beside each of its processes. Exit 0: no deadlock, a clean
audit, no dead letter, no 5xx, and without faults memory and tables that have levelled off. The seed decides
what is asked for and what goes wrong; what meets what is up to the machine.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import httpx
from aiokafka.errors import KafkaError

from shared.contracts.envelope import Actor
from shared.contracts.invoicing import Republish
from shared.ids import new_id
from tests.chaos.faults import Faults, disk_of
from tests.chaos.levels import Levels
from tests.chaos.people import SECRET, LyingProvider, PatientOffice
from tests.journeys.stack import Body, Record, Stack, cloud_event, own_stack, produce, value

PARTNER = "soak"
PORT_BASE = 29_000
DEADLOCKS = "SELECT coalesce(sum(deadlocks), 0)::bigint FROM pg_stat_database"
AS_PARTNER = "partner.soak.payments"
REPLICAS = ("payments", "payments", "projector", "invoicing", "notifications", "documents", "gateway")
CUSTOMERS = 300
MONTHS = 240
FEW_BILLS = 200
PATIENCE_SECONDS = 1_200.0
USUAL_SECONDS = 600.0
HEADINGS = "code,name,mobile,address,operator,package,status,billing_cycle,since"


@dataclass
class Soak:
    """What runs against one stack until the time is up, and what came of it."""

    stack: Stack
    office: PatientOffice
    seed: int
    ends_at: float
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    breaks: Faults | None = None
    road_to_payments: Callable[[], httpx.AsyncBaseTransport | None] = lambda: None
    pace: float = 1.0
    months_billed: int = 1  # the last ones

    @cached_property
    def levels(self) -> Levels:
        return Levels(self.stack)

    @cached_property
    def provider(self) -> LyingProvider:
        return LyingProvider(self.stack, self.answers, self.road_to_payments)

    def chance(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}-{name}")

    async def ask(self, what: str, path: str, body: Body, method: str = "POST") -> Body | None:
        """Ask for something; refusals are part of the day, a 5xx never is (503 sheds load)."""
        answer = await self.office.send(method, path, body)
        self.answers[f"{what} {answer.status_code}"] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.faults.append(f"{what}: {answer.status_code} {answer.text[:300]}")
        found: Body | None = answer.json() if answer.is_success else None
        return found

    async def bills(self, **query: Any) -> list[Body]:
        found: list[Body] = (await self.office.get("/bills", **{"limit": 200, **query}))["items"]
        return found

    async def repeat(self, name: str, step: Callable[[random.Random], Awaitable[None]], pause: float) -> None:
        chance = self.chance(name)
        while time.monotonic() < self.ends_at:
            try:
                await step(chance)
            except (httpx.TransportError, AssertionError) as error:
                self.faults.append(f"{name}: {error!r}"[:500])
            await asyncio.sleep(chance.uniform(0.2, 1.8) * pause * self.pace)

    async def clerk(self, chance: random.Random) -> None:
        """A clerk: parts, all, too much; some of it taken back, credit paid out, a bill made anew."""
        bills = await self.bills(status=chance.choice(["unpaid", "partial"]))
        for bill in chance.sample(bills, min(len(bills), 8)):
            amount = chance.choice([bill["balance_minor"], bill["balance_minor"] + 500, 100])
            body = {"amount_minor": amount, "paid_on": bill["issued_on"], "method": "cash"}
            payment = await self.ask("payment", f"/bills/{bill['id']}/payments", body)
            if payment and "amount_minor" in payment and chance.random() < 0.2:
                await self.ask("reversal", f"/payments/{payment['id']}/reversal", {"reason": "soak"})
            if chance.random() < 0.1:
                refund = {"amount_minor": 100, "reason": "soak"}
                await self.ask("refund", f"/customers/{bill['customer']['id']}/refunds", refund)
            if chance.random() < 0.1:
                await self.ask("void", f"/bills/{bill['id']}/void", {"reason": "soak", "reissue": True})

    async def partner(self, chance: random.Random) -> None:
        """A wallet: bills by number and id, customers by code, bills and customers that nobody knows.

        Most pay what is owed: who only ever paid too much would have hundreds of payments left over.
        """
        wanted = chance.choice([{"status": "unpaid"}, {"status": "unpaid"}, {"status": "partial"}, {}])
        bills = await self.bills(**wanted, sort=chance.choice(["due_on", "-issued_on", "balance_minor"]))
        events = []
        for bill in chance.sample(bills, min(len(bills), 30)):
            target = chance.choice(
                [
                    {"invoice_number": bill["number"]},
                    {"invoice_id": bill["id"]},
                    {"customer_code": bill["customer"]["code"]},
                    {"invoice_id": str(uuid.UUID(int=chance.getrandbits(128)))},
                    {"customer_code": f"S-{self.seed}-{chance.randrange(400)}"},
                ]
            )
            amount = chance.choice([bill["total_minor"], 500, bill["balance_minor"] + 700])
            paid = {"payment_id": uuid.uuid4().hex, "amount_minor": amount, "currency": bill["currency"]}
            events.append(cloud_event(paid | target | {"paid_at": datetime.now(UTC).isoformat()}))
        await self.produce(AS_PARTNER, events)
        self.answers["partner events"] += len(events)

    async def produce(self, topic: str, records: Sequence[Record]) -> None:
        """Say it to Kafka, again and again while that is away: a record may lie there twice."""
        while True:
            try:
                await produce(self.stack, topic, records)
                return
            except KafkaError as error:
                self.answers[f"said again after {type(error).__name__}"] += 1
                await asyncio.sleep(1)

    async def payer(self, chance: random.Random) -> None:
        """A customer pays by a link, at a provider that lies."""
        bills = await self.bills(status="unpaid")
        for bill in chance.sample(bills, min(len(bills), 3)):
            link = await self.ask("link", f"/bills/{bill['id']}/payment-link", {"send_sms": False})
            if link and "url" in link:
                self.faults += await self.provider.pay(link["url"], bill["balance_minor"], chance)
                self.answers["paid by link"] += 1

    async def reader(self, chance: random.Random) -> None:
        """Somebody wants a bill on paper."""
        bills = await self.bills(sort="-issued_on")
        for bill in chance.sample(bills, min(len(bills), 2)):
            answer = await self.office.send("GET", f"/bills/{bill['id']}/invoice.pdf")
            self.answers[f"invoice.pdf {answer.status_code}"] += 1
            if answer.status_code >= 500 and answer.status_code != 503:
                self.faults.append(f"invoice.pdf: {answer.status_code} {answer.text[:300]}")

    async def importer(self, chance: random.Random) -> None:
        """A file of customers, of whom some are there."""
        rows = [HEADINGS]
        for _ in range(20):
            code = f"I-{self.seed}-{chance.randrange(2_000)}"
            rows.append(f"{code},Imported,,,NORTH,Home 10,active,monthly,{months()[0]}-01")
        answer = await self.office.import_customers("\n".join(rows))
        self.answers[f"import {answer.status_code}"] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.faults.append(f"import: {answer.status_code} {answer.text[:300]}")

    async def bulk(self, chance: random.Random) -> None:
        """A collector's afternoon: forty bills paid at once."""
        bills = await self.bills(status="unpaid")
        chosen = [bill["id"] for bill in chance.sample(bills, min(len(bills), 40))]
        if chosen:
            await self.ask(
                "bulk action",
                "/bulk-actions",
                {
                    "action": "mark_paid",
                    "selection": {"bill_ids": chosen},
                    "parameters": {"paid_on": bills[0]["issued_on"], "method": "cash"},
                },
            )

    async def newcomers(self, chance: random.Random) -> None:
        """Customers join, some under a code that money already waits for, and are billed by a run.

        Once most is paid the run bills another month for everybody, so that a long day has something to pay.
        """
        operator = chance.choice(await self.office.all("/operators"))
        package = chance.choice((await self.office.get("/packages", limit=200))["items"])
        for _ in range(5):
            await self.ask(
                "customer",
                "/customers",
                {
                    "code": f"S-{self.seed}-{chance.randrange(400)}",
                    "name": "Soak",
                    "mobile": None,
                    "address": "",
                    "operator_id": operator["id"],
                    "package_id": package["id"],
                    "status": "active",
                    "billing_cycle": "monthly",
                    "since": f"{months()[0]}-01",
                },
            )
        if len(await self.bills(status="unpaid")) < FEW_BILLS:
            self.months_billed = min(self.months_billed + 1, MONTHS)
        await self.ask("run", "/billing-runs", {"period": months()[-self.months_billed]})

    async def eraser(self, chance: random.Random) -> None:
        """A customer leaves and wants to be forgotten, while others bill them and take their money."""
        bills = await self.bills(status="paid", sort=chance.choice(["due_on", "-issued_on"]))
        for bill in chance.sample(bills, min(len(bills), 1)):
            customer = bill["customer"]
            await self.ask("closing", f"/customers/{customer['id']}", {"status": "closed"}, "PATCH")
            await self.ask("erasure", f"/customers/{customer['id']}/erase", {"code": customer["code"]})

    async def republish(self, chance: random.Random) -> None:
        """Somebody wants to hear everything again."""
        owner = chance.choice(["payments", "invoicing"])
        actor = Actor(kind="system", name="soak")
        command = Republish.model_validate({"actor": actor, "service": owner})
        body, headers = cloud_event({}, command.type)
        body = command.model_dump_json().encode()
        named = dict(headers) | {"ce_id": str(new_id()).encode(), "ce_source": b"soak"}
        await self.produce(command.destination(), [(body, [*named.items()])])
        self.answers[f"republish {owner}"] += 1

    async def rebuild(self, chance: random.Random) -> None:
        """An on-call engineer makes the view anew."""
        try:
            await asyncio.to_thread(self.stack.ispbills, "view", "rebuild")
            self.answers["view rebuilt"] += 1
        except (AssertionError, subprocess.TimeoutExpired):
            if not self.breaks:
                raise
            self.answers["rebuild given up"] += 1

    async def run(self, *, rebuild: bool) -> None:
        # Said again is all that is there, and a run looks at everybody: a longer soak has more of both.
        slower = max((self.ends_at - time.monotonic()) / USUAL_SECONDS, 1.0)
        ways = [("clerk", self.clerk, 0.3), ("clerk 2", self.clerk, 0.3), ("partner", self.partner, 0.3)]
        ways += [
            ("partner 2", self.partner, 0.3),
            ("bulk", self.bulk, 4),
            ("newcomers", self.newcomers, 3 * slower),
        ]
        ways += [
            ("republish", self.republish, 8 * slower),
            ("payer", self.payer, 1),
            ("reader", self.reader, 2),
        ]
        ways += [("importer", self.importer, 6), ("eraser", self.eraser, 6)]
        if rebuild:
            ways.append(("rebuild", self.rebuild, 30 if self.breaks else 5))
        people = [self.repeat(*way) for way in ways]
        # Who waits for an upgrade does not know beforehand when it ends.
        people.append(self.levels.until(lambda: self.ends_at))
        await asyncio.gather(*people, *([self.breaks.until(self.ends_at)] if self.breaks else []))

    def circles(self) -> str:
        """Who waited for whom, as the server's log tells it."""
        lines = (self.stack.directory / "logs" / "postgres.log").read_text(errors="replace").splitlines()
        places = [place for place, line in enumerate(lines) if "deadlock detected" in line]
        return "\n".join("\n".join(lines[place : place + 40]) for place in places[:5])

    async def judge(self) -> list[str]:
        """What is wrong, once all has landed."""
        found = list(self.faults)
        if deadlocks := await value(self.stack, DEADLOCKS):
            found.append(f"{deadlocks} deadlocks: {self.circles()}")
        letters = await asyncio.to_thread(self.stack.ispbills, "dead-letters", "list", "--json")
        if letters.strip() != "[]":
            found.append(f"dead letters: {letters[:3_000]}")
        try:
            await self.stack.audit()
        except AssertionError as broken:
            found.append(f"audit: {str(broken)[:5_000]}")
        return found


def months() -> list[str]:
    """Return the periods that are billed, this one last."""
    now = datetime.now(UTC)
    numbers = (now.year * 12 + now.month - 1 - back for back in reversed(range(MONTHS)))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


async def furnish(office: PatientOffice) -> None:
    """Two resellers, two packages, some hundred customers, this month's bills, and a sandbox to pay at."""
    till = await office.send("PUT", "/settings/payment-gateways/sandbox", {"webhook_secret": SECRET})
    assert till.is_success, till.text
    await office.done(till)
    settings = await office.send("PUT", "/settings/billing", {"billing_from": months()[0]})
    assert settings.is_success, settings.text
    root = next(each for each in await office.all("/operators") if each["parent_id"] is None)
    for code in ("NORTH", "SOUTH"):
        await office.post("/operators", {"code": code, "name": code.title(), "parent_id": root["id"]})
    for name, price in (("Home 10", 80_000), ("Home 30", 120_000)):
        await office.post("/packages", {"name": name, "price_minor": price, "vat_basis_points": 500})
    rows = [HEADINGS]
    for number in range(CUSTOMERS):
        operator, package = ("ISP", "NORTH", "SOUTH")[number % 3], ("Home 10", "Home 30")[number % 2]
        rows.append(f"C-{number},Customer {number},,,{operator},{package},active,monthly,{months()[0]}-01")
    answer = await office.import_customers("\n".join(rows))
    assert answer.status_code == 202, answer.text
    await office.done(answer)
    await office.run(f"{datetime.now(UTC):%Y-%m}")


def client_of(stack: Stack) -> httpx.AsyncClient:
    """The administrator's, by a token: a session would end with its idle time in a long soak."""
    known = stack.addresses
    token = stack.ispbills("tokens", "create", "--user", known["admin"]["email"]).strip().splitlines()[-1]
    return httpx.AsyncClient(
        base_url=f"{known['gateway_url']}/api/v1",
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )


async def soak(
    minutes: float, seed: int, port_base: int, *, pace: float, rebuild: bool, faults: bool, keep: Path | None
) -> list[str]:
    """Run it on a stack of its own; what is wrong afterwards."""
    with ExitStack() as places:
        stack = places.enter_context(own_stack(port_base))
        disk = faults and places.enter_context(disk_of(stack))
        stack.ispbills("up", "--detach", seconds=PATIENCE_SECONDS)
        async with AsyncExitStack() as beside:
            await beside.enter_async_context(stack.replicas(REPLICAS))
            answers: Counter[str] = Counter()
            office = PatientOffice(await beside.enter_async_context(client_of(stack)), answers)
            await furnish(office)
            await asyncio.to_thread(stack.ispbills, "partners", "add", PARTNER, "--operator", "ISP")
            work = Soak(stack, office, seed, time.monotonic() + minutes * 60, answers, pace=pace)
            if faults:
                work.breaks = Faults(stack, work.chance("faults"), disk=disk)
            await work.run(rebuild=rebuild)
            found = await work.judge()
            if not faults:  # a killed process begins anew: only who lived through it all can level off
                found += work.levels.judge()
        if found and keep:
            shutil.copytree(stack.directory / "logs", keep / f"seed-{seed}", dirs_exist_ok=True)
        for name, count in sorted(work.answers.items()):
            click.echo(f"{count:7,} {name}")
        for line in () if faults else work.levels.said():
            click.echo(line)
        return found


@click.command()
@click.option("--minutes", default=5.0, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option("--pace", default=1.0, show_default=True, help="How much longer everybody rests in between.")
@click.option("--rebuild/--no-rebuild", default=False, help="Rebuild the view again and again meanwhile.")
@click.option("--faults/--no-faults", default=False, help="Kill, freeze, refuse, fill and step meanwhile.")
@click.option("--keep", type=click.Path(path_type=Path), help="Where the logs go when something was wrong.")
def main(minutes: float, seed: int, pace: float, rebuild: bool, faults: bool, keep: Path | None) -> None:
    """Soak a stack, then prove that nothing waited in a circle and nothing was lost."""
    port_base = int(os.environ.get("ISPBILLS_PORT_BASE", PORT_BASE))
    found = asyncio.run(soak(minutes, seed, port_base, pace=pace, rebuild=rebuild, faults=faults, keep=keep))
    for fault in found:
        click.echo(fault, err=True)
    click.echo(f"{len(found)} faults after {minutes:g} minutes with seed {seed}")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
