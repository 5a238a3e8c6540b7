"""The line of renderings: claimed under a lease, carried out, ended in one transaction with what is said.

A process that was killed leaves its lease to run out; one that was frozen finds on waking that its command
is somebody else's, and says nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from services.documents import store
from services.documents.makers import End, Makers
from services.documents.rendering.pool import ProcessDied, RenderingFailed
from services.documents.store import Claimed
from shared import outbox
from shared.blobs import BlobsUnavailable
from shared.contracts.documents import DocumentFailed
from shared.contracts.envelope import CommandRefused, Message
from shared.db import Pool, Tx, in_transaction
from shared.ids import new_id
from shared.outbox import Said
from shared.telemetry import RENDER_FAILURES, RENDER_SECONDS
from shared.tracing import span

log = structlog.get_logger()

LEASE_SECONDS = 15.0
MOST_ATTEMPTS = 3
STORE_PAUSE_SECONDS = 1.0


@dataclass
class Sender:
    """One of those who take from the line; each does one command at a time."""

    makers: Makers
    holder: UUID

    async def step(self, pool: Pool) -> bool:
        """Take the next command and end it, or put it back; False when nothing waits."""
        claimed = await store.claim(pool, self.holder, LEASE_SECONDS)
        if claimed is None:
            return False
        async with self._lease(pool, claimed):
            try:
                with _timed(claimed):
                    end = await self._made(claimed)
            except BlobsUnavailable as error:
                log.warning("blob store unavailable", document_id=str(claimed.document_id), error=str(error))
                return await self._wait_for_store(pool, claimed)
            except ProcessDied:
                log.error("rendering process died", document_id=str(claimed.document_id))
                await self._release(pool, claimed, claimed.attempts, 0)
                return True
        await self._end(pool, claimed, end)
        return True

    async def _made(self, claimed: Claimed) -> End:
        if claimed.attempts > MOST_ATTEMPTS:
            return failing(
                claimed, "render-failed", f"It was begun {MOST_ATTEMPTS} times and never finished."
            )
        try:
            return await self.makers.make(claimed)
        except RenderingFailed as failure:
            log.error("rendering failed", document_id=str(claimed.document_id), reason=failure.detail)
            RENDER_FAILURES.labels(claimed.kind, failure.code).inc()
            return failing(claimed, failure.code, failure.detail, failure.facts)

    async def _wait_for_store(self, pool: Pool, claimed: Claimed) -> bool:
        """Try again later; whoever waits in person is told after half a minute.

        The next in line would be refused too: it is not even begun, for it would be drawn in vain.
        """
        if claimed.is_late:
            detail = "The place where files are kept does not answer. Try again in a moment."
            await self._end(pool, claimed, failing(claimed, "store-unavailable", detail))
            return True
        await self._release(pool, claimed, claimed.attempts - 1, STORE_PAUSE_SECONDS)
        await asyncio.sleep(STORE_PAUSE_SECONDS)
        return True

    async def _release(self, pool: Pool, claimed: Claimed, attempts: int, pause_seconds: float) -> None:
        await store.release(
            pool, claimed.document_id, self.holder, attempts=attempts, pause_seconds=pause_seconds
        )

    async def _end(self, pool: Pool, claimed: Claimed, end: End) -> None:
        async with in_transaction(pool) as tx:
            if await store.end(tx, claimed.document_id, self.holder):
                await outbox.say(tx, [Said(await end(tx), because=claimed.envelope)])

    @asynccontextmanager
    async def _lease(self, pool: Pool, claimed: Claimed) -> AsyncIterator[None]:
        """Keep the command ours for as long as the work takes."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(LEASE_SECONDS / 3)
                await store.extend_lease(pool, claimed.document_id, self.holder, LEASE_SECONDS)

        keeping = asyncio.create_task(keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


@contextmanager
def _timed(claimed: Claimed) -> Iterator[None]:
    """A span of its command's trace, and a measured time; a failure with an answer is one that was made."""
    began, outcome = time.perf_counter(), "failed"
    try:
        with span(f"make {claimed.kind}", parent=claimed.envelope.traceparent):
            yield
        outcome = "made"
    finally:
        RENDER_SECONDS.labels(claimed.kind, outcome).observe(time.perf_counter() - began)


def new_sender(makers: Makers) -> Sender:
    """Return a sender under an id of its own."""
    return Sender(makers, new_id())


def failing(claimed: Claimed, code: str, detail: str, facts: dict[str, Any] | None = None) -> End:
    """Return the end of a command that came to no file."""
    message = _failure(claimed, code, detail, facts or {})

    async def end(tx: Tx) -> Message:
        return message

    return end


def _failure(claimed: Claimed, code: str, detail: str, facts: dict[str, Any]) -> Message:
    if claimed.kind == "isp-profile":
        return CommandRefused(
            service="documents", code=code, detail=detail, field="logo", subject=str(claimed.document_id)
        )
    return DocumentFailed.model_validate(
        {
            **_whose(claimed.kind, claimed.command),
            "document_id": claimed.document_id,
            "kind": claimed.kind,
            "code": code,
            "detail": detail,
            "extra": facts,
        },
        strict=False,
    )


def _whose(kind: str, command: dict[str, Any]) -> dict[str, Any]:
    """Return which document of whom it is, read from the command without looking at the rest of it."""
    common = {"bulk_action_id": command["bulk_action_id"], "position": command["position"]}
    if kind == "invoice":
        bill = command["invoice"]
        own = (bill["invoice_id"], bill["customer_id"], bill["operator_id"])
    elif kind == "receipt":
        customer = command["customer"]
        own = (command["payment_id"], customer["customer_id"], customer["operator_id"])
    elif kind == "statement":
        customer = command["customer"]
        own = (customer["customer_id"], customer["customer_id"], customer["operator_id"])
    elif kind == "preview":
        own = (command["change"]["operator_id"], None, command["change"]["operator_id"])
    else:
        own = (command["bulk_action_id"], None, command["operator_id"])
    return common | dict(zip(("subject_id", "customer_id", "operator_id"), own, strict=True))
