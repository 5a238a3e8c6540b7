"""The line of webhooks: each message claimed under a lease, signed, sent, and ended with what was answered.

Signed as https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md has it.
An attempt is a row before the call; where its holder is killed, the lease runs out and the message goes once
more under the same id, so that whoever hears it may hear it twice, and never not at all.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

import httpx

from gateway.commands.webhooks import SECRET_PREFIX, open_secret
from gateway.problems import Problem
from gateway.queries import bills as bill_queries
from gateway.queries import payments as payment_queries
from gateway.schemas.portal_links import Portals
from gateway.schemas.webhooks import TEST
from gateway.store import operations as operation_store
from gateway.store import webhooks as webhook_store
from gateway.store.access import see_everything, see_subtree
from gateway.store.operations import Operation
from gateway.store.statements import Row
from shared import clock, outgoing
from shared.db import Pool, Tx, in_transaction
from shared.ids import new_id
from shared.sealing import NotOurs
from shared.tracing import span

CALL_SECONDS = 15.0
# Longer than a call and its saving take: who still holds it afterwards is dead or stands still.
LEASE_SECONDS = 60.0
CALLS_AN_ENDPOINT = 4
CALLS_AT_ONCE = 100
MOST_ANSWER_BYTES = 16_000
# What the specification recommends, counted from the attempt before; then it is given up.
PAUSES = tuple(
    timedelta(seconds=each) for each in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
FAILS_FOR = timedelta(days=5)
SPREAD = 0.1
_LONGEST_STOP_SECONDS = 8.0
_LONGEST_DETAIL = 300


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return one signature of version 1: HMAC-SHA256 of `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an attempt: the status, if there was an answer, and what went wrong."""

    status: int | None
    detail: str | None = None
    retry_after: timedelta = timedelta()

    @property
    def is_taken(self) -> bool:
        """Whether the other side took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass
class WebhookSender:
    """One replica's hands: a few calls at a time for each endpoint, none waits for another's."""

    session_secret: str
    portals: Portals
    call_seconds: float = CALL_SECONDS
    lease_seconds: float = LEASE_SECONDS
    holder: UUID = field(default_factory=new_id)
    calls: dict[UUID, set[asyncio.Task[None]]] = field(default_factory=dict)
    client: httpx.AsyncClient | None = None

    async def step(self, pool: Pool) -> bool:
        """Claim what is due and begin to send it; True while there is something to wait for."""
        was_busy = bool(self._running())
        try:
            await self._begin(pool)
            if running := self._running():
                await asyncio.wait(running, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            # Whose calls ended during the claim was passed over as busy, and may have more.
            return was_busy or bool(running)
        except asyncio.CancelledError:
            await self._finish_calls()
            raise

    def _running(self) -> list[asyncio.Task[None]]:
        return [call for calls in self.calls.values() for call in calls]

    async def _finish_calls(self) -> None:
        """Let calls under way come to their end when the process is told to stop."""
        if running := self._running():
            await asyncio.wait(running, timeout=_LONGEST_STOP_SECONDS)
        if self.client is not None:
            await self.client.aclose()

    async def _begin(self, pool: Pool) -> None:
        async with in_transaction(pool) as tx:
            await see_everything(tx)
            claimed = await webhook_store.claim(
                tx,
                holder=self.holder,
                busy=[each for each, calls in self.calls.items() if calls],
                each=CALLS_AN_ENDPOINT,
                room=max(CALLS_AT_ONCE - len(self._running()), 0),
                lease_seconds=self.lease_seconds,
                now=clock.now(),
            )
        for row in claimed:
            calls = self.calls.setdefault(row["endpoint_id"], set())
            call = asyncio.create_task(self._take(pool, row))
            calls.add(call)
            call.add_done_callback(calls.discard)

    async def _take(self, pool: Pool, row: Row) -> None:
        """Take one message to its endpoint in the trace of what it tells of, and save what came of it."""
        with span("send webhook", parent=row["traceparent"]):
            async with in_transaction(pool) as tx:
                await see_everything(tx)
                endpoint = await webhook_store.by_id(tx, row["endpoint_id"])
            if endpoint is None:
                return
            answered = await self._send(pool, endpoint, row)
            async with in_transaction(pool) as tx:
                await see_everything(tx)
                await _end(tx, endpoint, row, self.holder, answered)

    async def _send(self, pool: Pool, endpoint: Row, row: Row) -> Answered:
        try:
            body = row["body"] or await self._say(pool, endpoint, row)
            headers = self._headers(endpoint, str(row["id"]), body)
        except Problem:
            return Answered(None, "not-shown: what it is about does not show yet")
        except NotOurs:
            return Answered(None, "secret-unreadable: give this webhook a new secret")
        return await self._post(endpoint["url"], body, headers)

    async def _say(self, pool: Pool, endpoint: Row, row: Row) -> str:
        """Put the message into words, as its operator sees it, once: every attempt says the same."""
        async with in_transaction(pool) as tx:
            await see_subtree(tx, endpoint["operator_id"])
            said = {
                "type": row["type"],
                "timestamp": row["occurred_at"].isoformat(),
                "api_version": "v1",
                "data": await self._subject(tx, row),
            }
            body = json.dumps(said, separators=(",", ":"), default=str, ensure_ascii=False)
            await webhook_store.keep_body(tx, row["id"], body)
        return body

    async def _subject(self, tx: Tx, row: Row) -> Mapping[str, Any]:
        if row["type"] == TEST:
            return {"webhook_id": str(row["endpoint_id"])}
        if row["type"].startswith("bill."):
            return await bill_queries.bill(tx, row["subject_id"], self.portals)
        return await payment_queries.payment(tx, row["subject_id"])

    def _headers(self, endpoint: Row, message_id: str, body: str) -> dict[str, str]:
        sealed = [endpoint["sealed"]]
        if endpoint["previous_sealed"] and endpoint["previous_until"] > clock.now():
            sealed.append(endpoint["previous_sealed"])
        secrets = [open_secret(self.session_secret, each, endpoint["operator_id"]) for each in sealed]
        timestamp = int(clock.now().timestamp())
        return {
            "content-type": "application/json",
            "user-agent": "ispbills-webhooks/1",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(sign(each, message_id, timestamp, body) for each in secrets),
        }

    async def _post(self, url: str, body: str, headers: Mapping[str, str]) -> Answered:
        if self.client is None:
            self.client = outgoing.open_client(seconds=self.call_seconds, connections=200)
        try:
            request = self.client.build_request("POST", url, content=body.encode(), headers=headers)
            answer = await outgoing.send(
                self.client,
                request,
                seconds=self.call_seconds,
                most_bytes=MOST_ANSWER_BYTES,
                is_success_enough=True,
            )
        except (httpx.InvalidURL, httpx.RequestError, TimeoutError) as error:
            return Answered(None, _why(error))
        if 200 <= answer.status < 300:
            return Answered(answer.status)
        detail = f"HTTP {answer.status}: {answer.text[:_LONGEST_DETAIL]}".replace("\x00", "")
        return Answered(answer.status, detail, _retry_after(answer.headers))


def _why(error: Exception) -> str:
    if outgoing.was_refused(error):
        return "address-refused: it leads to this machine or its network"
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return f"timeout: no answer within {CALL_SECONDS:.0f} seconds"
    return f"no-answer: {error}"[:_LONGEST_DETAIL].replace("\x00", "")


def _retry_after(headers: httpx.Headers) -> timedelta:
    """Return for how long the other side asks to be left alone, in seconds or until a date; a day at most."""
    said = headers.get("retry-after", "")
    try:
        seconds = int(said) if said.isdecimal() else None
        asked = parsedate_to_datetime(said) - clock.now() if seconds is None else timedelta(seconds=seconds)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(asked, timedelta()), PAUSES[-1])


def next_try(tries: int, retry_after: timedelta, now: datetime) -> datetime | None:
    """Return when a message is sent once more; None when it is given up."""
    if tries > len(PAUSES):
        return None
    pause = PAUSES[tries - 1] * random.uniform(1 - SPREAD, 1 + SPREAD)
    return now + max(pause, retry_after)


async def _end(tx: Tx, endpoint: Row, row: Row, holder: UUID, answered: Answered) -> None:
    """Save what came of an attempt; an endpoint that failed for days, or is gone, is told nothing more."""
    now = clock.now()
    following = None if answered.is_taken else next_try(row["tries"], answered.retry_after, now)
    state = "delivered" if answered.is_taken else "queued" if following else "failed"
    end = {"state": state, "status": answered.status, "detail": answered.detail}
    if not await webhook_store.end_try(tx, row, holder, end, following, now):
        return
    if answered.is_taken:
        await webhook_store.note_answered(tx, endpoint["id"])
        return
    known = await webhook_store.note_failing(tx, endpoint["id"], now)
    if answered.status == 410:
        await _disable(tx, endpoint, "gone", now)
    elif known is not None and now - known["failing_since"] > FAILS_FOR:
        await _disable(tx, endpoint, "failing", now)


async def _disable(tx: Tx, endpoint: Row, reason: str, now: datetime) -> None:
    if await webhook_store.disable(tx, endpoint["id"], reason):
        facts = {"from": "", "about": endpoint["url"]}
        of = (endpoint["id"], endpoint["operator_id"], "system:webhooks")
        done = Operation(new_id(), "webhook-disabled", *of, state="completed", facts=facts)
        await operation_store.add(tx, done, None, now)
