"""Operations: commands on their way, the keys that stand for them, and imports in chunks."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from gateway.domain import Principal
from shared.contracts.catalog import CustomersImported, ImportCustomers
from shared.contracts.envelope import Command
from shared.contracts.payments import CreditRefunded
from shared.db import Tx, statements
from shared.ids import new_id
from shared.telemetry import current_traceparent

_queries = statements(__file__)

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
    """What an idempotency key stands for."""

    request_hash: bytes
    operation_id: UUID


async def add(tx: Tx, operation: Operation, command: Command | None, now: datetime) -> None:
    """Keep the operation; its command, if it has one, goes out under the operation's id."""
    await _queries.add_operation(
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
    row = await _queries.find_operation(tx, id=operation_id)
    if row is None:
        return None
    names = ("id", "kind", "subject_id", "operator_id", "caller", "state", "problem", "facts")
    return Operation(**{name: row[name] for name in names})


async def claim_key(
    tx: Tx, caller: str, key: str, request_hash: bytes, operation_id: UUID, now: datetime
) -> bool:
    """Whether this request is the first with its key."""
    claimed = await _queries.claim_key(
        tx, caller=caller, key=key, request_hash=request_hash, operation_id=operation_id, now=now
    )
    return bool(claimed)


async def find_key(tx: Tx, caller: str, key: str) -> KnownKey | None:
    """What the key stands for, if it was used."""
    row = await _queries.find_key(tx, caller=caller, key=key)
    return KnownKey(row["request_hash"], row["operation_id"]) if row else None


async def complete(tx: Tx, ids: Collection[UUID], now: datetime) -> None:
    """End pending operations well; unknown ids are other people's commands."""
    if ids:
        async for _ in _queries.complete_operations(tx, ids=list(ids), now=now):
            pass


async def refuse(tx: Tx, problems: Mapping[UUID, str], now: datetime) -> None:
    """End pending operations with a problem."""
    if problems:
        rows = _queries.refuse_operations(tx, ids=list(problems), problems=list(problems.values()), now=now)
        async for _ in rows:
            pass


async def send_again(tx: Tx, now: datetime) -> bool:
    """Say once more, under the same ids, what got no answer; True while there may be more to look at."""
    operations = await _queries.send_again(tx, most_sends=MOST_SENDS, limit=MOST_AT_ONCE, now=now)
    chunks = await _queries.send_chunks_again(tx, most_sends=MOST_SENDS, limit=CHUNKS_AT_ONCE, now=now)
    return bool(operations == MOST_AT_ONCE or chunks == CHUNKS_AT_ONCE)


async def forget_old_keys(tx: Tx, before: datetime) -> None:
    """Idempotency keys are kept for 30 days."""
    await _queries.forget_old_keys(tx, before=before)


async def add_import(
    tx: Tx,
    import_id: UUID,
    chunks: Mapping[UUID, ImportCustomers],
    refused: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Keep the import and send its chunks, in the bulk lane."""
    ids = [line.customer_id for chunk in chunks.values() for line in chunk.lines]
    await _queries.add_import(
        tx, id=import_id, chunks=len(chunks), customer_ids=ids, refused=list(refused), now=now
    )
    if chunks:
        first = next(iter(chunks.values()))
        await _queries.add_import_chunks(
            tx,
            import_id=import_id,
            topic=first.destination(),
            key=first.key(),
            type=first.type,
            message_ids=list(chunks),
            payloads=[chunk.model_dump_json() for chunk in chunks.values()],
            now=now,
        )


async def report_import_chunks(tx: Tx, reports: Mapping[UUID, CustomersImported]) -> list[UUID]:
    """Note what became of the chunks; answers the imports that wait for no other."""
    if not reports:
        return []
    await _queries.lock_imports(tx, message_ids=list(reports))
    await _queries.report_import_chunks(
        tx,
        message_ids=list(reports),
        created=[report.created for report in reports.values()],
        updated=[report.updated for report in reports.values()],
        unchanged=[report.unchanged for report in reports.values()],
        refused=[json.dumps([line.model_dump() for line in report.refused]) for report in reports.values()],
    )
    return [row["import_id"] async for row in _queries.finished_imports(tx, message_ids=list(reports))]


async def find_import(tx: Tx, import_id: UUID) -> Mapping[str, Any] | None:
    """Counts and refused lines so far, and how many chunks are still waited for."""
    row: Mapping[str, Any] | None = await _queries.find_import(tx, id=import_id)
    return row


async def note_refunds(tx: Tx, refunds: Sequence[CreditRefunded]) -> None:
    """Keep refunds; payments says each of them once."""
    await _queries.note_refunds(
        tx,
        ids=[refund.refund_id for refund in refunds],
        customer_ids=[refund.customer_id for refund in refunds],
        amounts=[refund.amount_minor for refund in refunds],
        reasons=[refund.reason for refund in refunds],
        refunded_bys=[refund.refunded_by for refund in refunds],
        refunded_ats=[refund.refunded_at for refund in refunds],
    )


async def find_refund(tx: Tx, refund_id: UUID) -> Mapping[str, Any] | None:
    """A refund by its id."""
    row: Mapping[str, Any] | None = await _queries.refund_by_id(tx, id=refund_id)
    return row
