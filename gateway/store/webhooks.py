"""Webhooks: endpoints, what is told them, and every attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx
from shared.telemetry import current_traceparent


async def page(tx: Tx, *, after: UUID | None, limit: int) -> list[Row]:
    """Return endpoints within the reader's reach, from the one after `after`."""
    return await many(named.webhook_endpoints(tx, after=after, limit=limit))


async def by_id(tx: Tx, endpoint_id: UUID) -> Row | None:
    """Return an endpoint within the reader's reach."""
    return await one(named.webhook_endpoint_by_id(tx, id=endpoint_id))


async def add(tx: Tx, endpoint: Mapping[str, Any], sealed: str, now: datetime) -> None:
    """Add an endpoint."""
    await named.add_webhook_endpoint(tx, **endpoint, sealed=sealed, now=now)


async def change(tx: Tx, endpoint: Mapping[str, Any]) -> None:
    """Write what an endpoint is from now on."""
    await named.change_webhook_endpoint(tx, **endpoint)


async def rotate(tx: Tx, endpoint_id: UUID, sealed: str, until: datetime) -> None:
    """Give an endpoint another secret; the one before signs too for a while."""
    await named.rotate_webhook_secret(tx, id=endpoint_id, sealed=sealed, until=until)


async def remove(tx: Tx, endpoint_id: UUID) -> None:
    """Remove an endpoint with everything that was or is to be told it."""
    await named.remove_webhook_endpoint(tx, id=endpoint_id)


async def messages(
    tx: Tx, *, endpoint_id: UUID, state: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Return an endpoint's messages, newest first."""
    rows = named.webhook_messages(tx, endpoint_id=endpoint_id, state=state, after=after, limit=limit)
    return await many(rows)


async def message(tx: Tx, endpoint_id: UUID, message_id: UUID) -> Row | None:
    """Return a message of an endpoint."""
    return await one(named.webhook_message_by_id(tx, id=message_id, endpoint_id=endpoint_id))


async def attempts(tx: Tx, message_id: UUID) -> list[Row]:
    """Return the attempts of a message, in their order."""
    return await many(named.webhook_attempts(tx, message_id=message_id))


async def add_test(tx: Tx, endpoint_id: UUID, message_id: UUID, kind: str, now: datetime) -> None:
    """Put a test down, in the trace of who asks for it."""
    await named.add_webhook_test(
        tx,
        id=message_id,
        endpoint_id=endpoint_id,
        type=kind,
        now=now,
        traceparent=current_traceparent(),
    )


async def queue_again(tx: Tx, endpoint_id: UUID, message_id: UUID, now: datetime) -> None:
    """Send a message once more, now; one that is on its way is left alone."""
    await named.queue_webhook_again(
        tx, id=message_id, endpoint_id=endpoint_id, now=now, traceparent=current_traceparent()
    )


async def claim(
    tx: Tx, *, holder: UUID, busy: Sequence[UUID], each: int, room: int, lease_seconds: float, now: datetime
) -> list[Row]:
    """Take the next messages of endpoints that are not busy, each with an attempt that has begun."""
    claimed = named.claim_webhooks(
        tx, holder=holder, busy=list(busy), each=each, room=room, lease_seconds=lease_seconds, now=now
    )
    rows = await many(claimed)
    await named.begin_webhook_attempts(
        tx, message_ids=[row["id"] for row in rows], numbers=[row["tries"] for row in rows], now=now
    )
    return rows


async def keep_body(tx: Tx, message_id: UUID, body: str) -> None:
    """Keep what is said, byte by byte: every attempt says the same."""
    await named.keep_webhook_body(tx, id=message_id, body=body)


async def end_try(
    tx: Tx, row: Row, holder: UUID, end: Mapping[str, Any], not_before: datetime | None, now: datetime
) -> bool:
    """Save what came of an attempt; False where somebody else holds the message by now."""
    said = {"status": end["status"], "detail": end["detail"], "now": now}
    await named.end_webhook_attempt(tx, message_id=row["id"], number=row["tries"], **said)
    ended = await named.end_webhook_try(
        tx,
        id=row["id"],
        holder=holder,
        number=row["tries"],
        state=end["state"],
        not_before=not_before,
        **said,
    )
    return ended is not None


async def note_answered(tx: Tx, endpoint_id: UUID) -> None:
    """An endpoint that took a message is not failing."""
    await named.note_webhook_answered(tx, id=endpoint_id)


async def note_failing(tx: Tx, endpoint_id: UUID, now: datetime) -> Row | None:
    """Return since when an endpoint has taken nothing."""
    return await one(named.note_webhook_failing(tx, id=endpoint_id, now=now))


async def disable(tx: Tx, endpoint_id: UUID, reason: str) -> bool:
    """Tell an endpoint nothing more; False where that is so already."""
    return await named.disable_webhook(tx, id=endpoint_id, reason=reason) is not None
