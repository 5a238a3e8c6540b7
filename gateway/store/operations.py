"""Operations: commands on their way, and the keys that stand for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import structlog

from gateway.access import Principal
from gateway.store.statements import named
from shared.contracts.envelope import Command
from shared.db import Tx
from shared.ids import new_id
from shared.telemetry import current_traceparent

CHANNEL = "gateway_operation"
MOST_AT_ONCE = 1_000
CHUNKS_AT_ONCE = 50
# A minute, four, sixteen, then up to six hours apart: a week. What has no answer by then, the audit names.
MOST_SENDS = 32


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that was asked for. `facts` is what its answer needs beside the read model."""

    id: UUID
    kind: str
    subject_id: UUID
    operator_id: UUID
    caller: str
    state: Literal["pending", "completed", "refused"] = "pending"
    problem: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """An operation that an idempotency key stands for."""

    request_hash: bytes
    operation_id: UUID


async def add(tx: Tx, operation: Operation, command: Command | None, now: datetime) -> None:
    """Keep the operation; its command, if it has one, goes out under the operation's id."""
    structlog.contextvars.bind_contextvars(command=str(operation.id))
    await named.add_operation(
        tx,
        id=operation.id,
        kind=operation.kind,
        subject_id=operation.subject_id,
        operator_id=operation.operator_id,
        caller=operation.caller,
        state=operation.state,
        problem=operation.problem,
        facts=dict(operation.facts),
        topic=command.destination() if command else None,
        key=command.key() if command else None,
        type=command.type if command else None,
        payload=command.model_dump_json() if command else None,
        traceparent=current_traceparent(),
        now=now,
    )


async def note_done(
    tx: Tx, principal: Principal, kind: str, subject_id: UUID, about: str, now: datetime
) -> None:
    """Something that needed no command, for the activity log."""
    facts = {"from": principal.address, "about": about}
    done = Operation(
        new_id(), kind, subject_id, principal.operator_id, principal.caller, "completed", facts=facts
    )
    await add(tx, done, None, now)


async def find(tx: Tx, operation_id: UUID) -> Operation | None:
    """An operation, whoever asked for it."""
    row = await named.find_operation(tx, id=operation_id)
    if row is None:
        return None
    names = ("id", "kind", "subject_id", "operator_id", "caller", "state", "problem", "facts")
    return Operation(**{name: row[name] for name in names})


async def claim_key(
    tx: Tx, caller: str, key: str, request_hash: bytes, operation_id: UUID, now: datetime
) -> bool:
    """Whether this request is the first with its key."""
    claimed = await named.claim_key(
        tx, caller=caller, key=key, request_hash=request_hash, operation_id=operation_id, now=now
    )
    return bool(claimed)


async def find_key(tx: Tx, caller: str, key: str) -> KnownKey | None:
    """Return what the key stands for, if it was used."""
    row = await named.find_key(tx, caller=caller, key=key)
    return KnownKey(row["request_hash"], row["operation_id"]) if row else None


async def complete(tx: Tx, ids: Collection[UUID], now: datetime) -> None:
    """End pending operations well; unknown ids are other people's commands."""
    if ids:
        async for _ in named.complete_operations(tx, ids=list(ids), now=now):
            pass


async def complete_with_items(tx: Tx, ids: Collection[UUID], now: datetime) -> None:
    """End well what these commands were sent for, be it an operation or an item of a bulk action."""
    if ids:
        async for _ in named.complete_operations_and_items(tx, ids=list(ids), now=now):
            pass


async def refuse(tx: Tx, problems: Mapping[UUID, str], now: datetime) -> None:
    """End pending operations with a problem."""
    if problems:
        rows = named.refuse_operations(tx, ids=list(problems), problems=list(problems.values()), now=now)
        async for _ in rows:
            pass


async def send_again(tx: Tx, now: datetime) -> bool:
    """Say once more, under the same ids, what got no answer; True while there may be more to look at."""
    operations = await named.send_again(tx, most_sends=MOST_SENDS, limit=MOST_AT_ONCE, now=now)
    chunks = await named.send_chunks_again(tx, most_sends=MOST_SENDS, limit=CHUNKS_AT_ONCE, now=now)
    return bool(operations == MOST_AT_ONCE or chunks == CHUNKS_AT_ONCE)
