"""What the on-call engineer asks is measured: lag and its age, outbox, letters, workers, the pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY

from shared import deadletters, measuring
from shared.cloudevents import readable_id
from shared.contracts.envelope import Received
from shared.db import Pool, Tx, in_transaction
from shared.service import Service, Worker
from shared.telemetry import enter_trace, leave_trace, with_trace
from tests import patience
from tests.integration.plumbing.road import Road, good, send_raw


@pytest.fixture(autouse=True)
def measured_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "EVERY_SECONDS", 0.1)


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"ispbills_{name}", labels) or 0.0


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(patience.SECONDS):
        while not holds():
            await asyncio.sleep(0.05)


async def test_a_handler_that_backs_off_shows_as_lag_with_its_age(road: Road, kafka: str) -> None:
    away = True

    async def hesitate(messages: Any, tx: Tx) -> None:
        if away:
            raise TimeoutError("a database that is away")

    road.add = hesitate  # type: ignore[method-assign]
    async with road.open():
        await send_raw(kafka, road.topic, [good(1, road.topic)])
        await until(lambda: sample("lag_seconds", subscription=road.topic) > 1)
        assert sample("backoffs_total", subscription=road.topic) >= 1
        assert sample("handler_seconds_count", **handler(road, "failed")) >= 1
        away = False
        await until(lambda: sample("lag_seconds", subscription=road.topic) == 0)
        assert sample("handler_seconds_count", **handler(road, "handled")) == 1


def handler(road: Road, outcome: str) -> dict[str, str]:
    return {"subscription": road.topic, "message": "counted.v1", "outcome": outcome}


async def test_letters_that_wait_are_counted_until_somebody_closes_them(road: Road, kafka: str) -> None:
    labels = {"schema": "notifications", "handler": road.topic}
    async with road.open():
        await send_raw(kafka, road.topic, [(b"not json", [("ce_type", b"counted.v1")]), good(1, road.topic)])
        await until(lambda: sample("dead_letters_open", **labels) == 1)
        assert sample("dead_letters_open", schema="notifications", handler="any") == 1
        await road.pool.execute("UPDATE dead_letter SET closed_at = now(), outcome = 'discarded'")
        await until(lambda: sample("dead_letters_open", schema="notifications", handler="any") == 0)
        assert REGISTRY.get_sample_value("ispbills_dead_letters_open", labels) is None


async def test_rows_that_kafka_does_not_take_show_with_the_age_of_the_oldest(road: Road) -> None:
    labels = {"schema": "notifications", "lane": "interactive"}
    async with road.open():
        await until(lambda: sample("relay_leading", schema="notifications") == 1)
        road.topic = "nobody-made-this-topic"
        await road.say([1, 2])
        await until(lambda: sample("outbox_oldest_seconds", **labels) > 0.5)
        assert sample("outbox_rows", **labels) == 2
        await road.pool.execute("DELETE FROM outbox")
        await until(lambda: sample("outbox_oldest_seconds", **labels) == 0)


async def test_a_worker_that_fails_is_counted(road: Road) -> None:
    async def step(_pool: Pool) -> bool:
        raise ValueError("on purpose")

    service = Service("notifications", road.settings, workers=[Worker("fails", step, 0.01)])
    async with service.running():
        await until(lambda: sample("worker_failures_total", worker="fails") >= 2)


async def test_waiting_for_a_connection_is_measured(road: Road) -> None:
    settings = road.settings.model_copy(update={"pool_max_size": 2})
    service = Service("notifications", settings, relay=False)
    async with service.running():
        slow = sample("pool_wait_seconds_count") - sample("pool_wait_seconds_bucket", le="0.25")

        async def hold(_: int) -> None:
            async with in_transaction(service.pool):
                await asyncio.sleep(0.4)

        await asyncio.gather(*(hold(number) for number in range(4)))
        assert sample("pool_wait_seconds_count") - sample("pool_wait_seconds_bucket", le="0.25") > slow
        await until(lambda: sample("pool_connections", state="most") == 2)


async def test_what_a_handler_logs_names_the_command_and_its_trace(road: Road) -> None:
    heard: list[Any] = []

    async def look(messages: list[Received[Any]], tx: Tx) -> None:
        heard.append((messages[0], with_trace(None, "info", {})))

    road.add = look  # type: ignore[method-assign,assignment]
    async with road.open():
        before = enter_trace(f"00-{'c' * 32}-{'d' * 16}-01")
        await road.say([1])
        leave_trace(before)
        await until(lambda: len(heard) == 1)
    message, logged = heard[0]
    assert message.envelope.traceparent == f"00-{'c' * 32}-{'d' * 16}-01"
    assert (logged["command"], logged["trace_id"]) == (str(message.id), "c" * 32)


async def test_a_record_that_fails_among_others_is_named_with_its_own_trace(road: Road) -> None:
    for amount, trace_id in ((1, "a" * 32), (-1, "b" * 32), (2, "c" * 32)):
        before = enter_trace(f"00-{trace_id}-{'d' * 16}-01")
        await road.say([amount])
        leave_trace(before)
    with structlog.testing.capture_logs(processors=[with_trace]) as lines:
        async with road.open():
            await road.until(3)
            (parked,) = await patience.until(lambda: deadletters.list_open(road.pool), "a dead letter")
            letter = await deadletters.read(road.pool, parked.id)
    (failed,) = [each for each in lines if each["event"] == "record fails alone"]
    assert letter is not None
    assert (failed["command"], failed["trace_id"]) == (str(readable_id(letter)), "b" * 32)


async def test_a_batch_that_will_be_given_back_is_counted_from_nothing(road: Road) -> None:
    """A process that ends after five tries is looked at once or twice: its first count is growth already."""
    async with road.open():
        assert REGISTRY.get_sample_value("ispbills_escapes_total", {"subscription": road.topic}) == 0
