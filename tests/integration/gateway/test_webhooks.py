"""Webhooks against a real receiver: signed, sent again, never inside, and only of one's own subtree."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway import webhooks
from gateway.commands.webhooks import sealing_key
from gateway.context import Gateway
from gateway.projection.app import create_service
from gateway.settings import ProjectorSettings
from gateway.store.access import see_everything
from gateway.webhooks import FAILS_FOR, PAUSES, WebhookSender, next_try, sign
from shared import clock, outgoing, tracing
from shared.consumer import Consumer, Record
from shared.contracts.envelope import Message
from shared.contracts.invoicing import InvoiceIssued
from shared.contracts.money_in_bulk import Recorded
from shared.contracts.payments import PaymentRecorded, PaymentReversed
from shared.db import Pool, in_transaction
from shared.ids import new_id
from tests import patience
from tests.integration.gateway import harness as happenings
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid, voided
from tests.integration.payments.harness import record
from tests.integration.spans import caller, ways
from tests.invoice_sets import read, set_of

DOCS = Path(__file__).parents[3] / "docs/webhooks.md"
EVERYTHING = ["bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed"]


@dataclass
class Receiver:
    """Somebody's system: what it heard, and what it answers."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    body: bytes = b""
    pause: float = 0.0
    at_once: int = 0
    most_at_once: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        self.heard.append((headers, body))
        status = self.statuses.pop(0) if self.statuses else 204
        writer.write(
            f"HTTP/1.1 {status} Said\r\nlocation: {self.url}\r\nconnection: close\r\n"
            f"content-length: {len(self.body)}\r\n\r\n".encode()
            + self.body
        )
        with contextlib.suppress(ConnectionError):  # who has read enough goes
            await writer.drain()
        writer.close()

    @property
    def types(self) -> list[str]:
        return sorted(json.loads(body)["type"] for _, body in self.heard)


@pytest.fixture(autouse=True)
def events_happen_while_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the day: webhooks hear nothing of before they were made, and nothing old."""
    monkeypatch.setattr(happenings, "NOW", clock.now() + timedelta(minutes=1))


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield made
    server.close()


@pytest.fixture
def sender(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> WebhookSender:
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "development")
    return WebhookSender(gateway.settings.session_secret, gateway.portals)


async def sent(sender: WebhookSender, pool: Pool) -> None:
    """Send whatever is due, to its end."""
    while await sender.step(pool):
        pass


async def made(client: httpx.AsyncClient, receiver: Receiver, **differs: Any) -> dict[str, Any]:
    answer = await client.post("/webhooks", json={"url": receiver.url, "types": EVERYTHING, **differs})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def at_the_endpoints(pool: Pool, statement: str, *arguments: Any) -> Any:
    """Run a statement on endpoints, whoever they belong to."""
    async with in_transaction(pool) as tx:
        await see_everything(tx)
        return await tx.fetchval(statement, *arguments)


async def messages(client: httpx.AsyncClient, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(f"/webhooks/{webhook['id']}/messages")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def reversed_(recorded: PaymentRecorded) -> PaymentReversed:
    """The whole of a payment taken back; its bill is owed again."""
    payment, receivable = recorded.payments[0], recorded.receivables[0]
    taken = {
        "reversed": True,
        "reversed_at": happenings.NOW,
        "allocated_minor": 0,
        "allocations": (),
        "version": 2,
    }
    owed = {"paid_minor": 0, "balance_minor": receivable.total_minor, "status": "unpaid", "version": 2}
    return PaymentReversed(
        customer_id=recorded.customer_id,
        payments=(payment.model_copy(update=taken),),
        receivables=(receivable.model_copy(update=owed),),
        account=recorded.account.model_copy(update={"version": 2}),
    )


def verify_in_python() -> Any:
    code = DOCS.read_text().split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec("import base64, hashlib, hmac, time\n" + code, names)
    return names["verify"]


def test_a_signature_is_that_of_the_specification() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
    said = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_pauses_are_those_of_the_specification_and_come_to_an_end() -> None:
    now = clock.now()
    for tries, pause in enumerate(PAUSES, 1):
        following = next_try(tries, timedelta(), now)
        assert following is not None
        assert 0.9 * pause <= following - now <= 1.1 * pause
    assert next_try(len(PAUSES) + 1, timedelta(), now) is None
    told = next_try(1, timedelta(hours=3), now)
    assert told == now + timedelta(hours=3)


async def test_each_event_is_told_once_signed_and_in_the_shape_of_the_api(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    issued, other = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    payment = paid(issued, issued.total_minor)
    happened = [issued, other, payment, reversed_(payment), voided(other)]
    await harness.say(*happened)
    await harness.say(*happened)  # as Kafka brings them a second time
    await sent(sender, gateway_pool)
    assert receiver.types == sorted(
        ["bill.issued", "bill.issued", "payment.recorded", "bill.paid", "payment.reversed", "bill.voided"]
    )
    verify = verify_in_python()
    for headers, body in receiver.heard:
        assert verify(webhook["secret"], headers, body)
        assert not verify("whsec_AAAA", headers, body)
        assert not verify(webhook["secret"], headers, body + b" ")
    said = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in receiver.heard}
    assert set(said["bill.voided"]) == set((await admin.get(f"/bills/{other.invoice_id}")).json())
    known = (await admin.get(f"/payments/{payment.payments[0].payment_id}")).json()
    assert said["payment.reversed"] == known
    assert {each["state"] for each in await messages(admin, webhook)} == {"delivered"}
    await sent(sender, gateway_pool)
    assert len(receiver.heard) == 6


async def test_the_bills_of_a_set_are_told_as_if_each_came_alone(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    await made(await client_for(harness.root, "admin"), receiver)
    paid_before, other = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    moved = paid(paid_before, paid_before.total_minor)
    payment = moved.payments[0].model_copy(update={"operator_id": paid_before.operator_id})
    await harness.say(moved.model_copy(update={"payments": (payment,)}))
    for _ in range(2):
        await harness.say(read(set_of(paid_before, other)))
    await harness.say(paid_before, other)
    await sent(sender, gateway_pool)
    assert receiver.types == ["bill.issued", "bill.issued", "bill.paid", "payment.recorded"]


async def heard(pool: Pool, *records: Record) -> None:
    """Let the projector handle each record as it came from Kafka."""
    settings = ProjectorSettings(database_url="unused", kafka_bootstrap_servers="127.0.0.1:9")
    for each in records:
        listening = (one for one in create_service(settings).subscriptions if each.topic in one.topics)
        assert await Consumer("gateway", next(listening), pool).handle([each]) == [each]


def told(message: Message, trace_id: str) -> Record:
    return record(message, traceparent=caller(trace_id))


async def test_what_is_told_belongs_to_the_trace_of_what_it_tells_of(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
    spans: InMemorySpanExporter,
) -> None:
    await made(await client_for(harness.root, "admin"), receiver)
    run, alone, late = (letter * 32 for letter in "abc")
    of_run, single = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    early = paid(single, single.total_minor)
    payment = early.payments[0].model_copy(update={"operator_id": single.operator_id})
    early = early.model_copy(update={"payments": (payment,)})
    await heard(harness.pool, told(early, late), told(set_of(of_run), run), told(single, alone))
    await sent(sender, gateway_pool)
    rows = await gateway_pool.fetch("SELECT type, substr(traceparent, 4, 32) AS trace FROM webhook_message")
    # The bill of money that came first is paid when it is issued.
    assert sorted((row["trace"][0], row["type"]) for row in rows) == [
        ("a", "bill.issued"),
        ("b", "bill.issued"),
        ("b", "bill.paid"),
        ("c", "payment.recorded"),
    ]
    kinds = {run: set_of(of_run).type, alone: InvoiceIssued.type, late: Recorded.type}
    assert ways(spans) == {
        trace: ["POST 127.0.0.1", "send webhook", f"process {kind}"] for trace, kind in kinds.items()
    }
    assert all("traceparent" not in headers for headers, _ in receiver.heard)


async def test_a_message_that_is_sent_again_by_hand_belongs_to_who_asked_and_an_old_one_to_nobody(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
    spans: InMemorySpanExporter,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    first, by_hand = "a" * 32, "b" * 32
    receiver.statuses = [503]
    await heard(harness.pool, told(invoice(harness.abdul, "NORTH-000001"), first))
    await sent(sender, gateway_pool)
    await gateway_pool.execute("UPDATE webhook_message SET not_before = $1", clock.now())
    await sent(sender, gateway_pool)
    assert (len(receiver.heard), set(ways(spans))) == (2, {first})
    (message,) = await messages(admin, webhook)
    spans.clear()
    with tracing.span("POST /redelivery", parent=caller(by_hand)):
        await admin.post(f"/webhooks/{webhook['id']}/messages/{message['id']}/redelivery")
    await sent(sender, gateway_pool)
    assert ways(spans) == {by_hand: ["POST 127.0.0.1", "send webhook", "POST /redelivery"]}
    # What was put down by a release that kept no traces.
    spans.clear()
    await gateway_pool.execute("UPDATE webhook_message SET state = 'queued', traceparent = NULL")
    await sent(sender, gateway_pool)
    assert list(ways(spans).values()) == [["POST 127.0.0.1", "send webhook"]]
    assert len(receiver.heard) == 4


async def test_nodes_verification_takes_what_ours_signs(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    secret, body = "whsec_" + "QUJD" * 8, '{"type":"bill.paid"}'
    now = int(clock.now().timestamp())
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(secret, "m", now, body),
    }
    code = DOCS.read_text().split("```javascript\n")[1].split("```")[0]
    said = ", ".join(json.dumps(each) for each in (secret, headers, body))
    script = tmp_path / "verify.js"
    script.write_text(f"{code}\nconsole.log(verify({said}), verify({said} + ' '))")
    done = await asyncio.to_thread(subprocess.check_output, ["node", script], text=True)
    assert done.split() == ["true", "false"]


async def test_what_is_not_taken_goes_out_again_later_under_its_id_and_by_hand(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    receiver.statuses = [500, 302, 200, 200]
    await harness.say(invoice(harness.abdul, "NORTH-000001"))
    await sent(sender, gateway_pool)
    (message,) = await messages(admin, webhook)
    assert (message["state"], message["tries"], message["status"]) == ("queued", 1, 500)
    assert message["next_at"] is not None
    for _ in range(2):
        await gateway_pool.execute("UPDATE webhook_message SET not_before = $1", clock.now())
        await sent(sender, gateway_pool)
    path = f"/webhooks/{webhook['id']}/messages/{message['id']}"
    shown = (await admin.get(path)).json()
    assert [each["status"] for each in shown["attempts"]] == [500, 302, 200]
    assert shown["state"] == "delivered"
    assert (await admin.post(f"{path}/redelivery")).json()["state"] == "queued"
    await sent(sender, gateway_pool)
    assert {headers["webhook-id"] for headers, _ in receiver.heard} == {message["id"]}
    assert len({body for _, body in receiver.heard}) == 1, "every attempt says the same"
    assert len(receiver.heard) == 4


async def test_replicas_never_send_a_message_side_by_side_and_a_killed_one_loses_none(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway: Gateway,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    await harness.say(invoice(harness.abdul, "NORTH-000001"))
    receiver.pause = 0.3
    other = WebhookSender(gateway.settings.session_secret, gateway.portals)
    await asyncio.gather(sent(sender, gateway_pool), sent(other, gateway_pool))
    assert (receiver.most_at_once, len(receiver.heard)) == (1, 1)
    await harness.say(invoice(harness.mitu, "SOUTH-000001"))
    killed = WebhookSender(gateway.settings.session_secret, gateway.portals, lease_seconds=patience.SECONDS)
    await killed._begin(gateway_pool)
    for calls in killed.calls.values():
        for call in calls:
            call.cancel()
    await sent(sender, gateway_pool)
    assert len(receiver.heard) == 1, "its lease is not over"
    await gateway_pool.execute("UPDATE webhook_message SET lease_until = clock_timestamp()")
    await sent(sender, gateway_pool)
    states = {each["state"]: each["tries"] for each in await messages(admin, webhook)}
    assert len(receiver.heard) >= 2
    assert set(states) == {"delivered"}


async def test_an_address_inside_is_refused_when_it_is_set_and_when_its_name_leads_there(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    monkeypatch.delenv("ISPBILLS_ENVIRONMENT")
    for url in (
        "http://example.com/x",
        "https://127.0.0.1/x",
        "https://10.0.0.8/",
        "https://169.254.169.254/",
    ):
        answer = await admin.post("/webhooks", json={"url": url, "types": EVERYTHING})
        assert answer.status_code == 422, url
    assert (
        await admin.patch(f"/webhooks/{webhook['id']}", json={"url": "https://[::1]/"})
    ).status_code == 422
    assert (await admin.post(f"/webhooks/{webhook['id']}/test")).status_code == 200
    await sent(sender, gateway_pool)
    (message,) = await messages(admin, webhook)
    assert receiver.heard == []
    assert message["detail"].startswith("address-refused")


async def test_an_endpoint_hears_only_of_its_own_subtree_and_is_seen_only_there(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    south = await client_for(harness.south, "admin")
    webhook = await made(south, receiver, types=["bill.issued"])
    mine = invoice(harness.mitu, "SOUTH-000001")
    await harness.say(invoice(harness.abdul, "NORTH-000001"), mine)
    await sent(sender, gateway_pool)
    assert [json.loads(body)["data"]["id"] for _, body in receiver.heard] == [str(mine.invoice_id)]
    north = await client_for(harness.north, "admin")
    assert (await north.get("/webhooks")).json()["items"] == []
    path = f"/webhooks/{webhook['id']}"
    answers = [
        await north.get(path),
        await north.patch(path, json={"enabled": False}),
        await north.delete(path),
        await north.get(f"{path}/messages"),
        *[await north.post(f"{path}/{each}") for each in ("secret", "test")],
        await north.post(f"{path}/messages/{new_id()}/redelivery"),
    ]
    assert {each.status_code for each in answers} == {404}
    beyond = {"url": receiver.url, "types": EVERYTHING, "operator_id": str(harness.south.operator_id)}
    assert (await north.post("/webhooks", json=beyond)).status_code == 404
    viewer = await client_for(harness.south, "viewer")
    assert (await viewer.get("/webhooks")).status_code == 403


async def test_a_new_secret_signs_beside_the_one_before_for_a_day(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    rotated = (await admin.post(f"/webhooks/{webhook['id']}/secret")).json()
    assert rotated["secret"] != webhook["secret"]
    assert "secret" not in (await admin.get(f"/webhooks/{webhook['id']}")).json()
    sealed = await at_the_endpoints(gateway_pool, "SELECT sealed FROM webhook_endpoint")
    assert rotated["secret"] not in sealed
    await admin.post(f"/webhooks/{webhook['id']}/test")
    await sent(sender, gateway_pool)
    await at_the_endpoints(gateway_pool, "UPDATE webhook_endpoint SET previous_until = $1", clock.now())
    await admin.post(f"/webhooks/{webhook['id']}/test")
    await sent(sender, gateway_pool)
    verify = verify_in_python()
    told = [
        [verify(secret, headers, body) for secret in (webhook["secret"], rotated["secret"])]
        for headers, body in receiver.heard
    ]
    assert told == [[True, True], [False, True]]


async def test_an_endpoint_that_fails_for_days_or_is_gone_is_switched_off_with_a_notice(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway: Gateway,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    admin = await client_for(harness.root, "admin")
    gone, failing = await made(admin, receiver), await made(admin, receiver)
    long_ago = clock.now() - FAILS_FOR - timedelta(hours=1)
    failing_id = UUID(failing["id"])
    failed = "UPDATE webhook_endpoint SET failing_since = $1 WHERE id = $2"
    await at_the_endpoints(gateway_pool, failed, long_ago, failing_id)
    for webhook, status in ((gone, 410), (failing, 503)):
        receiver.statuses = [status]
        await admin.post(f"/webhooks/{webhook['id']}/test")
        await sent(sender, gateway_pool)
    shown = (await admin.get("/webhooks")).json()["items"]
    assert [(each["enabled"], each["disabled_reason"]) for each in shown] == [
        (False, "gone"),
        (False, "failing"),
    ]
    assert (await admin.post(f"/webhooks/{gone['id']}/test")).status_code == 409
    assert await gateway_pool.fetchval("SELECT count(*) FROM operation WHERE kind = 'webhook-disabled'") == 2
    await admin.patch(f"/webhooks/{failing['id']}", json={"enabled": True})
    again = (await admin.get(f"/webhooks/{failing['id']}")).json()
    assert (again["enabled"], again["disabled_reason"], again["failing_since"]) == (True, None, None)


async def test_a_status_is_an_answer_however_much_comes_behind_it(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
) -> None:
    admin = await client_for(harness.root, "admin")
    webhook = await made(admin, receiver)
    receiver.statuses, receiver.body = [200, 500], b"<html>" * 100_000
    for _ in range(2):
        await admin.post(f"/webhooks/{webhook['id']}/test")
        await sent(sender, gateway_pool)
    refused, taken = await messages(admin, webhook)
    assert (taken["state"], taken["status"], taken["detail"]) == ("delivered", 200, None)
    assert (refused["state"], refused["status"]) == ("queued", 500)
    assert refused["detail"].startswith("HTTP 500: <html><html>")


def test_who_asks_to_be_left_alone_says_for_how_long_or_until_when() -> None:
    in_an_hour = format_datetime(clock.now() + timedelta(hours=1), usegmt=True)
    asked = [webhooks._retry_after(httpx.Headers({"retry-after": said})) for said in ("7200", in_an_hour)]
    assert asked[0] == timedelta(hours=2)
    assert timedelta(minutes=59) < asked[1] <= timedelta(hours=1)
    for said in ("", "soon", "-5", "9" * 5_000, "Mon, 01 Jan 1990 00:00:00 GMT", "1 Jan 2100"):
        assert webhooks._retry_after(httpx.Headers({"retry-after": said})) == timedelta(), said
    assert webhooks._retry_after(httpx.Headers({"retry-after": "9999999"})) == PAUSES[-1]


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_the_pages_show_endpoints_their_secret_once_and_their_log(
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway: Gateway,
    gateway_pool: Pool,
    receiver: Receiver,
    sender: WebhookSender,
    language: str,
) -> None:
    await client_for(harness.root, "admin")
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as desk:
        login = {"email": "admin.isp@desk.test", "password": PASSWORD}
        csrf = (await desk.post("/api/v1/session", json=login)).json()["csrf_token"]
        desk.headers["X-CSRF-Token"] = csrf
        desk.cookies.set("desk_language", language)
        page = "/settings/webhooks"
        assert (await desk.get(page)).status_code == 200
        assert (await desk.get(f"{page}/new", headers={"HX-Request": "true"})).status_code == 200
        wrong = await desk.post(page, data={"url": receiver.url})
        assert "types-error" in wrong.text
        answer = await desk.post(page, data={"url": receiver.url, "bill.issued": "true"})
        assert answer.status_code == 303, answer.text[-500:]
        at = answer.headers["location"]
        assert "whsec_" in (await desk.get(at)).text
        assert "whsec_" not in (await desk.get(at)).text
        assert (await desk.post(f"{at}/test")).status_code == 303
        await sent(sender, gateway_pool)
        message_id = await gateway_pool.fetchval("SELECT id FROM webhook_message")
        for path in ("change", "off", "on", "rotate", "remove", f"messages/{message_id}"):
            for headers in ({}, {"HX-Request": "true"}):
                shown = await desk.get(f"{at}/{path}", headers=headers)
                assert shown.status_code == 200, (path, shown.text[-500:])
        assert (await desk.post(f"{at}/messages/{message_id}/redeliver")).status_code == 303
        await sent(sender, gateway_pool)
        assert len(receiver.heard) == 2
        assert (await desk.post(f"{at}/change", data={"url": receiver.url})).status_code != 303
        assert (await desk.get(page)).text.count(receiver.url) >= 1
        assert (await desk.post(f"{at}/remove")).status_code == 303
        assert await gateway_pool.fetchval("SELECT count(*) FROM webhook_message") == 0


def test_a_secret_of_webhooks_has_a_key_of_its_own() -> None:
    assert sealing_key("a") != sealing_key("b")
    assert outgoing.LARGEST_ANSWER_BYTES > webhooks.MOST_ANSWER_BYTES
