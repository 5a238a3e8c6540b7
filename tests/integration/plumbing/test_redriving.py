"""What people decide about records that could not be handled, carried out where they are kept."""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import TopicPartition

from shared import clock, deadletters, setaside
from shared.contracts.envelope import (
    Actor,
    CommandCompleted,
    CommandRefused,
    Envelope,
    ProcessReported,
    Received,
    SettleDeadLetter,
    StepOverPartition,
)
from shared.db import Tx, in_transaction
from shared.deadletters import DeadLetter
from shared.ids import new_id
from shared.redriving import deciding
from shared.reporting import reporting, say
from tests import patience
from tests.integration.plumbing.road import Road, good, send_raw

SOMEBODY = Actor(kind="user", name="Farhana")


async def carried_out(
    road: Road, command: SettleDeadLetter | StepOverPartition
) -> CommandCompleted | CommandRefused:
    ends: list[CommandCompleted | CommandRefused] = []

    async def answer(_tx: Tx, _command: Received[Any], end: CommandCompleted | CommandRefused) -> None:
        ends.append(end)

    envelope = Envelope(new_id(), command.type, "test", clock.now())
    handlers = deciding("notifications", lambda: [road.subscription()], answer)
    async with in_transaction(road.pool) as tx:
        await handlers[type(command)]([Received(command, envelope, command.destination(), 0, 0)], tx)
    (end,) = ends
    return end


async def decided(road: Road, letter: DeadLetter, action: str) -> CommandCompleted | CommandRefused:
    command = SettleDeadLetter.model_validate(
        {"actor": SOMEBODY, "service": "notifications", "letter_id": letter.id, "action": action}
    )
    return await carried_out(road, command)


async def parked(road: Road, kafka: str, amount: int) -> DeadLetter:
    """Send an amount, which becomes the one open letter."""
    await send_raw(kafka, road.topic, [good(amount, road.topic)])
    async with road.open(), asyncio.timeout(patience.SECONDS):
        while not (letters := await _open(road)):
            await asyncio.sleep(0.05)
    (letter,) = letters
    return letter


async def _open(road: Road) -> list[DeadLetter]:
    async with in_transaction(road.pool) as tx:
        return await deadletters.list_open(tx)


async def test_a_letter_whose_cause_is_mended_is_handled_once_where_it_lies(road: Road, kafka: str) -> None:
    road.fail_once_with = [ValueError("a fault of ours"), ValueError("a fault of ours")]
    letter = await parked(road, kafka, 5)
    assert await road.tally() == (0, 0)
    for _ in range(2):
        assert isinstance(await decided(road, letter, "redrive"), CommandCompleted)
    assert await road.tally() == (5, 1)
    assert await _open(road) == []


async def test_a_letter_that_fails_again_stays_with_the_reason_of_now(road: Road, kafka: str) -> None:
    letter = await parked(road, kafka, -5)
    end = await decided(road, letter, "redrive")
    assert isinstance(end, CommandRefused)
    assert (end.code, end.detail) == ("still-fails", "ValueError: a negative amount")
    (still,) = await _open(road)
    assert (still.id, still.attempts) == (letter.id, 2)
    assert await road.tally() == (0, 0)


async def test_a_letter_that_is_discarded_is_never_handled(road: Road, kafka: str) -> None:
    letter = await parked(road, kafka, -5)
    for _ in range(2):
        assert isinstance(await decided(road, letter, "discard"), CommandCompleted)
    too_late = await decided(road, letter, "redrive")
    assert isinstance(too_late, CommandRefused)
    assert too_late.code == "letter-closed"
    assert await _open(road) == []
    assert await road.tally() == (0, 0)


async def test_a_letter_about_what_kafka_deleted_unread_keeps_its_reason_until_it_is_discarded(
    road: Road,
) -> None:
    async with in_transaction(road.pool) as tx:
        held = await setaside.hold(tx, TopicPartition(road.topic, 3), road.topic, 7, 9, "Invalid CRC")
        await setaside.close_unread(tx, held, 12)
    (letter,) = await _open(road)
    end = await decided(road, letter, "redrive")
    assert isinstance(end, CommandRefused)
    assert end.code == "still-fails"
    assert "offsets 7 to 11 were deleted" in end.detail
    assert await _open(road) == [letter]
    assert isinstance(await decided(road, letter, "discard"), CommandCompleted)
    assert await _open(road) == []


async def test_only_the_place_that_was_seen_is_stepped_over(road: Road) -> None:
    place = TopicPartition(road.topic, 3)
    async with in_transaction(road.pool) as tx:
        await setaside.hold(tx, place, road.topic, 20_140, 20_160, "UnsupportedCodecError")

    async def ended(offset: int) -> CommandCompleted | CommandRefused:
        return await carried_out(
            road,
            StepOverPartition(
                actor=SOMEBODY, service="notifications", subject=road.topic, partition=3, offset=offset
            ),
        )

    # By the time that the command arrives, the partition stands further on: nobody has decided on that.
    moved = await ended(20_117)
    assert isinstance(moved, CommandRefused)
    assert moved.code == "stands-elsewhere"
    assert await _steps(road) == [None]
    for _ in range(2):
        assert isinstance(await ended(20_140), CommandCompleted)
    assert await _steps(road) == [20_160]
    async with in_transaction(road.pool) as tx:
        await setaside.close(tx, place, road.topic)
    gone = await ended(20_140)
    assert isinstance(gone, CommandRefused)
    assert gone.code == "not-set-aside"


async def _steps(road: Road) -> list[int | None]:
    async with in_transaction(road.pool) as tx:
        return [each.skip_to for each in await setaside.list_open(tx)]


async def test_a_process_says_how_it_fares_and_says_nothing_more_while_that_waits(
    road: Road, kafka: str
) -> None:
    reports: list[ProcessReported] = []

    async def note(_tx: Tx, report: ProcessReported) -> None:
        reports.append(report)

    letter = await parked(road, kafka, -1)
    async with road.open() as service, asyncio.timeout(patience.SECONDS):
        while not await service.is_ready():
            await asyncio.sleep(0.05)
        await reporting(service, note)(road.pool)
    (report,) = reports
    assert (report.process, report.ready, report.set_aside) == ("notifications", True, ())
    assert [lag.subscription for lag in report.lags] == [road.topic]
    assert report.memory_bytes > 1_000_000
    # Nothing takes the outbox to Kafka here: one report waits there, however long.
    await road.pool.execute("DELETE FROM outbox")
    step = reporting(service, say)
    for _ in range(3):
        await step(road.pool)
    kinds = await road.pool.fetch("SELECT topic FROM outbox WHERE type = 'process.reported.v1'")
    assert [row["topic"] for row in kinds] == ["notifications.processes"]
    assert letter.attempts == 1
