"""What a process says of itself, each quarter of a minute: a page shows who is alive and how it fares.

It travels as everything does, by the outbox and Kafka: silence means that the process, its database or the
road stands still, and each of them wants a person.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from shared import clock, measuring, outbox, setaside
from shared.contracts.envelope import ConsumerLag, ProcessReported, StandingPartition
from shared.db import Pool, Tx, in_transaction, statements
from shared.ids import new_id
from shared.outbox import Said
from shared.redaction import redact
from shared.release import VERSION

if TYPE_CHECKING:
    from shared.service import Service

Report: TypeAlias = Callable[[Tx, ProcessReported], Awaitable[None]]

EVERY_SECONDS = 15.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

_queries = statements(__file__)


async def say(tx: Tx, report: ProcessReported) -> None:
    """Say it, unless what was said before still waits: nobody needs to hear an hour of it at once."""
    if not await _queries.waits_for_kafka(tx, lane=outbox.INTERACTIVE, key=report.key()):
        await outbox.say(tx, [Said(report)])


def reporting(service: Service, report: Report) -> Callable[[Pool], Awaitable[bool]]:
    """A step that reports on the process."""
    instance, started_at = new_id(), clock.now()

    async def step(pool: Pool) -> bool:
        is_ready = await service.is_ready()
        async with in_transaction(pool) as tx:
            await report(tx, await _fares(tx, service, instance, started_at, is_ready=is_ready))
        return False

    return step


async def _fares(
    tx: Tx, service: Service, instance: UUID, started_at: datetime, *, is_ready: bool
) -> ProcessReported:
    """Return how the process fares now."""
    lanes = (await measuring.outbox_of_lanes(tx)).values() if service.relay else ()
    return ProcessReported(
        service=service.schema or service.name,
        process=service.name,
        instance=instance,
        pid=os.getpid(),
        host=socket.gethostname()[:200],
        version=VERSION,
        started_at=started_at,
        at=clock.now(),
        ready=is_ready,
        memory_bytes=_memory_bytes(),
        leading=service.is_leading,
        is_bulk=service.is_bulk,
        outbox_rows=sum(rows for rows, _ in lanes) if service.relay else None,
        outbox_seconds=max((seconds for _, seconds in lanes), default=None),
        lags=_lags(service),
        set_aside=tuple(_standing(each) for each in await setaside.list_open(tx)),
    )


def _lags(service: Service) -> tuple[ConsumerLag, ...]:
    return tuple(
        ConsumerLag(subscription=each.subscription.name, records=each.last_lag[0], seconds=each.last_lag[1])
        for each in service.consumers
    )


def _standing(held: setaside.PartitionSetAside) -> StandingPartition:
    return StandingPartition(
        id=held.id,
        topic=held.topic,
        partition=held.partition,
        handler=held.handler,
        offset=held.offset,
        next_offset=held.next_offset,
        reason=redact(held.reason)[:500],
        first_seen=held.first_seen,
    )


def _memory_bytes() -> int:
    """The memory of this process alone; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
