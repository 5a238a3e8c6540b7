"""A stack of one's own: the `ispbills` command on it, its processes, and the roads in: HTTP and Kafka."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests import patience
from tests.patience import until
from tests.stores import new_home

ROOT = Path(__file__).parents[2]

Body: TypeAlias = dict[str, Any]
Record: TypeAlias = tuple[bytes | None, list[tuple[str, bytes | None]]]


class Stack:
    """Real processes under a state directory; `ispbills` of one checkout, as a person types it."""

    def __init__(self, directory: Path, port_base: int, checkout: Path = ROOT) -> None:
        self.directory = directory
        self.checkout = checkout
        clock = ("ISPBILLS_CLOCK_OFFSET_SECONDS", "ISPBILLS_CLOCK_FILE")
        outside = ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", *clock)
        kept = {name: value for name, value in os.environ.items() if name not in outside}
        self.environment = kept | {
            "ISPBILLS_STATE_DIR": str(directory),
            "ISPBILLS_PORT_BASE": str(port_base),
        }

    def ispbills(self, *arguments: str, fails: bool = False, seconds: float = patience.SECONDS) -> str:
        """What the command says; its exit code is asserted."""
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            cwd=self.checkout,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def up(self, *arguments: str) -> None:
        self.ispbills("up", "--detach", *arguments)

    def down(self) -> None:
        self.ispbills("down")

    def status(self) -> Body:
        known: Body = json.loads(self.ispbills("status", "--json"))
        return known

    @cached_property
    def addresses(self) -> Body:
        """What stays the same while the stack is up: gateway, Kafka, database."""
        return self.status()

    def pid(self, name: str) -> int:
        pid = self.status()["processes"][name]
        assert isinstance(pid, int), f"{name} is down"
        return pid

    def signal(self, name: str, number: signal.Signals) -> int:
        """Send a signal to a process of the stack; its pid."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    async def audit(self) -> None:
        """Every promise holds."""
        said = await asyncio.to_thread(self.ispbills, "audit")
        assert said.endswith("promises hold\n"), said

    @asynccontextmanager
    async def replicas(self, names: Sequence[str]) -> AsyncIterator[None]:
        """One more process for each of these names, ready, on any free port."""
        running: dict[Path, subprocess.Popen[bytes]] = {}
        try:
            for place, name in enumerate(names):
                log = self.directory / "logs" / f"replica-{place}-{name}.log"
                running[log] = self.serve(name, log)
            for log in running:
                await ready_at(log)
            yield
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.wait(timeout=patience.SECONDS)

    def serve(self, name: str, log: Path) -> subprocess.Popen[bytes]:
        """Start one more process on any free port; its log says which."""
        command = [sys.executable, "-m", "cli.main", "serve", name, "--port", "0"]
        with log.open("wb") as file:
            return subprocess.Popen(
                command, cwd=self.checkout, env=self.environment, stdout=file, stderr=file
            )


@contextmanager
def own_stack(port_base: int) -> Iterator[Stack]:
    """A stack in a directory of its own, down and gone at the end.

    Not one of pytest's: every session closes those to other users, and Postgres runs as one.
    """
    directory = new_home("ispbills-journeys-")
    stack = Stack(directory, port_base)
    try:
        yield stack
    finally:
        stack.down()
        shutil.rmtree(directory, ignore_errors=True)


async def ready_at(log: Path) -> str:
    """Wait until the process that writes this log is ready; its address."""

    async def look() -> str | None:
        said = await asyncio.to_thread(log.read_text, errors="replace")
        found = re.search(r"running on (http://[0-9.]+:[0-9]+)", said)
        if found is None:
            return None
        async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
            ready = (await client.get(f"{found[1]}/health/ready")).status_code == 200
        return found[1] if ready else None

    return await until(look, f"{log.stem} is ready")


class Office:
    """The API as one signed-in user sees it; `key` None makes a new idempotency key."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> Body:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        body: Body = answer.json()
        return body

    async def all(self, path: str, **query: Any) -> list[Body]:
        items: list[Body] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit=200, **query, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def send(
        self, method: str, path: str, body: Body | None = None, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return await self.client.request(method, path, json=body, headers=headers)

    async def post(self, path: str, body: Body, key: str | None = None) -> Body:
        """Ask for something and wait until it is done."""
        answer = await self.send("POST", path, body, key)
        assert answer.is_success, answer.text
        return await self.done(answer)

    async def done(self, answer: httpx.Response) -> Body:
        """The resource of an answer, also when it was 202."""
        if answer.status_code != 202 or "Location" not in answer.headers:
            body: Body = answer.json()
            return body
        location = answer.headers["Location"]
        ended = await until(lambda: self._ended(location), f"{location} ends")
        return ended.get("resource") or ended

    async def _ended(self, location: str) -> Body | None:
        found = await self.get(location.removeprefix("/api/v1"))
        assert found["state"] != "refused", found
        return found if found["state"] == "completed" else None

    async def pay(
        self, bill: Body, amount_minor: int | None = None, key: str | None = None
    ) -> httpx.Response:
        return await self.send("POST", f"/bills/{bill['id']}/payments", payment(bill, amount_minor), key)

    async def run(self, period: str) -> Body:
        """Bill a month and wait until every bill shows."""
        asked = await self.post("/billing-runs", {"period": period})
        return await self.ran(asked["id"])

    async def ran(self, run_id: str) -> Body:
        async def complete() -> Body | None:
            run = await self.get(f"/billing-runs/{run_id}")
            if run["state"] != "completed":
                return None
            totals = (await self.get("/bills", period=run["period"], limit=1))["totals"]
            return run if totals["count"] >= run["created"] else None

        return await until(complete, f"run {run_id} is complete and shows")

    async def open_bills(self, period: str, most: int = 200) -> list[Body]:
        found: list[Body] = (await self.get("/bills", period=period, status="unpaid", limit=most))["items"]
        return found


def payment(bill: Body, amount_minor: int | None = None) -> Body:
    amount = bill["balance_minor"] if amount_minor is None else amount_minor
    return {"amount_minor": amount, "paid_on": bill["issued_on"], "method": "cash"}


@asynccontextmanager
async def signed_in(
    stack: Stack, email: str | None = None, password: str | None = None
) -> AsyncIterator[Office]:
    """An office; the admin's unless somebody else is named."""
    known = stack.addresses
    login = {"email": email or known["admin"]["email"], "password": password or known["admin"]["password"]}
    base = f"{known['gateway_url']}/api/v1"
    async with httpx.AsyncClient(base_url=base, timeout=patience.SECONDS) as client:
        answer = await client.post("/session", json=login)
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield Office(client)


async def produce(stack: Stack, topic: str, records: Sequence[Record]) -> list[tuple[int, int]]:
    """Write records (value, headers) as any program may; where each of them lies."""
    producer = AIOKafkaProducer(bootstrap_servers=stack.addresses["kafka_bootstrap_servers"], acks="all")
    try:
        await producer.start()
        sent = [
            await producer.send(topic, value=value, key=b"k", headers=headers) for value, headers in records
        ]
        places = [await each for each in sent]
        return [(place.partition, place.offset) for place in places]
    finally:
        await producer.stop()


async def consume(stack: Stack, topic: str) -> list[Body]:
    """Everything that is in a topic now."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=stack.addresses["kafka_bootstrap_servers"], isolation_level="read_committed"
    )
    await consumer.start()
    try:
        places = consumer.assignment()
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        found: list[Body] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [json.loads(record.value) for record in records]
        return found
    finally:
        await consumer.stop()


def cloud_event(
    data: Body, kind: str = "payment.received.v1"
) -> tuple[bytes, list[tuple[str, bytes | None]]]:
    """A CloudEvent in binary mode."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid.uuid4()),
        "ce_type": kind,
        "ce_source": "a-partner",
        "ce_time": "2026-01-01T00:00:00Z",
        "content-type": "application/json",
    }
    return json.dumps(data).encode(), [(name, value.encode()) for name, value in headers.items()]


async def value(stack: Stack, statement: str, *arguments: Any) -> Any:
    """One value out of the databases, read as the superuser."""
    connection = await asyncpg.connect(stack.addresses["database_url"])
    try:
        return await connection.fetchval(statement, *arguments)
    finally:
        await connection.close()
