"""One trace from a request to the provider that sends the message for its sake."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr

from devstack.simulators.sms import SmsSimulator
from services.notifications.app import create_service
from services.notifications.settings import Settings
from shared import health, outbox
from shared.contracts.envelope import Message
from shared.contracts.notifications import RetryMessage, SendMessage
from shared.db import in_transaction
from shared.ids import new_id
from shared.outbox import Said
from shared.service import Service
from tests.conftest import as_role
from tests.integration.notifications.harness import CLERK, MOBILE, NotificationsHarness
from tests.integration.spans import caller, ways
from tests.keys import KEYS
from tests.patience import until_equal

CALLERS, ANOTHERS = "c" * 32, "e" * 32


@pytest.fixture
def service(database_url: str, kafka: str, harness: NotificationsHarness) -> Service:
    settings = Settings(
        database_url=as_role(database_url, "notifications"),
        kafka_bootstrap_servers=kafka,
        sealing_key=SecretStr(KEYS["notifications"]),
    )
    return create_service(settings)


async def ask(service: Service, command: Message, trace_id: str) -> None:
    """A request of a caller's trace that puts a command into the outbox."""

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        scope["path_template"] = "/send"
        async with in_transaction(service.pool) as tx:
            await outbox.say(tx, [Said(command)])
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(health.app_for(service, inner, lambda: None))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        headers = {"traceparent": caller(trace_id)}
        assert (await client.post("/send", headers=headers)).status_code == 202


async def test_the_call_of_the_provider_belongs_to_the_trace_of_the_request(
    harness: NotificationsHarness, simulator: SmsSimulator, service: Service, spans: InMemorySpanExporter
) -> None:
    await harness.configure("bulksmsbd")
    message = harness.message()
    async with service.running():
        await ask(service, message, CALLERS)

        async def way() -> list[str]:
            return ways(spans).get(CALLERS, [])

        led = ["POST 127.0.0.1", "send message", f"process {SendMessage.type}", "POST /send"]
        await until_equal(led, way)
    assert [f"+{sms.to}" for sms in simulator.bulksmsbd.sent] == [MOBILE]
    assert MOBILE.removeprefix("+88") not in "".join(each.to_json() for each in spans.get_finished_spans())


async def test_a_message_that_is_sent_again_belongs_to_who_asked_for_that(
    harness: NotificationsHarness, simulator: SmsSimulator, service: Service, spans: InMemorySpanExporter
) -> None:
    await harness.configure("bulksmsbd")
    message = harness.message()
    await harness.send(message, work=False)
    await harness.pool.execute("UPDATE message SET state = 'failed'")
    async with service.running():
        retry = RetryMessage(actor=CLERK, message_id=message.message_id, retry_id=new_id())
        await ask(service, retry, ANOTHERS)

        async def way() -> list[str]:
            return ways(spans).get(ANOTHERS, [])

        led = ["POST 127.0.0.1", "send message", f"process {RetryMessage.type}", "POST /send"]
        await until_equal(led, way)
    assert len(simulator.bulksmsbd.sent) == 1
