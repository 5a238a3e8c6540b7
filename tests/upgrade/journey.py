"""The upgrade journey: what an older release made comes up under this one, process by process, under load.

`python -m tests.upgrade.journey --since REF --seed 7`: REF's checkout brings a stack up and bills a month;
while the soak's people work on, this checkout migrates, each process gets a new one beside it and the old one
goes, old and new messages side by side; then the old ones come back on the migrated database, as who regrets
it would have them; at last all goes down and comes up as new. Exit 0: no answer of 500, no dead letter, no
deadlock, a clean audit each time, and the older release refuses what it does not know. Both run with the
packages of today.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx

from devstack.names import SERVICES
from tests.chaos.people import PatientOffice
from tests.chaos.soak import PARTNER, Soak, furnish
from tests.journeys.stack import ROOT, Stack, own_stack, ready_at

PORT_BASE = 29_200
PATIENCE_SECONDS = 1_200.0
SIDE_BY_SIDE_SECONDS = 5.0
# Before the first tag: the commit after which no migration that was there has been changed.
FIRST = "cdbf989"
STOP_SECONDS = 60


class Front(httpx.AsyncHTTPTransport):
    """What a proxy before the gateways does: a request goes to the first that takes the connection."""

    def __init__(self, addresses: list[httpx.URL]) -> None:
        super().__init__(limits=httpx.Limits(max_keepalive_connections=0))
        self.addresses = addresses

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        refused: httpx.ConnectError | None = None
        for address in [*self.addresses]:
            request.url = request.url.copy_with(host=address.host, port=address.port)
            try:
                return await super().handle_async_request(request)
            except httpx.ConnectError as error:
                refused = error
        assert refused is not None, "there is a gateway"
        raise refused


@contextmanager
def checkout_of(ref: str) -> Iterator[Path]:
    """The files of a commit in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="ispbills-older-") as folder:
        archive = subprocess.run(["git", "archive", ref], cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


class Journey:
    """One stack, two releases of its processes, and what people do meanwhile."""

    def __init__(self, old: Stack, new: Stack, seed: int) -> None:
        self.old, self.new, self.chance = old, new, random.Random(seed)
        known = old.addresses
        self.addresses = {name: [httpx.URL(known[f"{name}_url"])] for name in ("gateway", "payments")}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def in_any_order(self) -> list[str]:
        """Return the services in an order of chance, but readers of sets of invoices before who says them."""
        order = self.chance.sample(SERVICES, len(SERVICES))
        return [*(name for name in order if name != "invoicing"), "invoicing"]

    async def go_forward(self) -> None:
        """Migrate beside the old processes, then give each a new one and let the old one go."""
        click.echo((await asyncio.to_thread(self.new.ispbills, "migrate")).strip() or "nothing to migrate")
        for name in self.in_any_order():
            log = self.old.directory / "logs" / f"new-{name}.log"
            self.running[name] = self.new.serve(name, log)
            address = await ready_at(log)
            self.addresses.get(name, []).append(httpx.URL(address))
            await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
            await asyncio.to_thread(self.old.ispbills, "stop", name)
            click.echo(f"{name}: the new one alone")
        await asyncio.sleep(SIDE_BY_SIDE_SECONDS)

    async def go_back(self) -> None:
        """Put the old processes back on the migrated database, one by one."""
        for name in reversed(self.in_any_order()):
            await asyncio.to_thread(self.old.ispbills, "start", name)
            await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
            await asyncio.to_thread(self.end, name)
            click.echo(f"{name}: the old one again")
        await asyncio.sleep(SIDE_BY_SIDE_SECONDS)

    def end(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        process.wait(timeout=STOP_SECONDS)

    def end_all(self) -> None:
        for name in [*self.running]:
            self.end(name)


async def under_load(work: Soak, move: asyncio.Task[None]) -> list[str]:
    """Let people work until the move is made and a little longer; what is wrong then."""
    work.ends_at = time.monotonic() + PATIENCE_SECONDS
    move.add_done_callback(lambda _: setattr(work, "ends_at", time.monotonic() + SIDE_BY_SIDE_SECONDS))
    await work.run(rebuild=False)
    await move
    return await work.judge()


def newer_migrations(old: Path) -> list[str]:
    """The migrations of this checkout that the other does not have."""
    folders = [*ROOT.glob("services/*/migrations"), ROOT / "gateway/migrations", ROOT / "shared/migrations"]
    files = [path.relative_to(ROOT) for folder in folders for path in folder.glob("*.sql")]
    return [str(path) for path in files if not (old / path).exists()]


async def roll(old: Stack, new: Stack, seed: int) -> list[str]:
    """There and back under load; what was wrong on the way."""
    known = old.addresses
    journey = Journey(old, new, seed)
    token = old.ispbills("tokens", "create", "--user", known["admin"]["email"]).strip().splitlines()[-1]
    client = httpx.AsyncClient(
        base_url=f"{known['gateway_url']}/api/v1",
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
        transport=Front(journey.addresses["gateway"]),
    )
    try:
        async with client:
            answers: Counter[str] = Counter()
            office = PatientOffice(client, answers)
            await furnish(office)
            await asyncio.to_thread(old.ispbills, "partners", "add", PARTNER, "--operator", "ISP")
            work = Soak(new, office, seed, 0, answers)
            work.road_to_payments = lambda: Front(journey.addresses["payments"])
            found = await under_load(work, asyncio.create_task(journey.go_forward()))
            click.echo(f"{len(found)} faults on the way forward")
            found += await under_load(work, asyncio.create_task(journey.go_back()))
            click.echo(", ".join(f"{count:,} {name}" for name, count in sorted(work.answers.items())))
            return found
    finally:
        await asyncio.to_thread(journey.end_all)


def refusals(old: Stack) -> list[str]:
    """What is wrong with the way in which the older release refuses this one's database."""
    newer = newer_migrations(old.checkout)
    if not newer:
        click.echo("no migration is newer: there is nothing that the older release could refuse")
        return []
    said = old.ispbills("migrate", fails=True)
    click.echo(said.strip())
    return [f"{name} is not named: {said}" for name in newer if Path(name).name not in said]


def travel(ref: str, seed: int, port_base: int) -> list[str]:
    """The whole journey; what was wrong."""
    with checkout_of(ref) as checkout, own_stack(port_base) as new:
        old = Stack(new.directory, port_base, checkout)
        old.ispbills("up", "--detach", seconds=PATIENCE_SECONDS)
        found = asyncio.run(roll(old, new, seed))
        old.down()
        new.ispbills("up", "--detach", seconds=PATIENCE_SECONDS)
        asyncio.run(new.audit())
        return found + refusals(old)


@click.command()
@click.option("--since", help="The older release; the last tag unless it is named.")
@click.option("--seed", default=7, show_default=True)
def main(since: str | None, seed: int) -> None:
    """Upgrade a stack of an older release under load, regret it, and upgrade again."""
    tag = ["git", "describe", "--tags", "--abbrev=0", "HEAD^"]
    last = subprocess.run(tag, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    found = travel(since or last or FIRST, seed, int(os.environ.get("ISPBILLS_PORT_BASE", PORT_BASE)))
    for fault in found:
        click.echo(fault, err=True)
    click.echo(f"{len(found)} faults on the way from {since or last or FIRST} with seed {seed}")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
