"""The line of messages: claimed under a lease, taken to a provider, ended with what it said.

An attempt is a row before the provider is called. Where its end is not known, because nobody answered or
because whoever waited for the answer was killed, the message is `unknown`: it is asked about where the
provider can tell, and never sent again by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import httpx
import structlog

from services.notifications import domain, store
from services.notifications.domain import Doubtful, Next, NotTaken, Outcome, SecretUnreadable, Taken, next_of
from services.notifications.handlers.answers import lane_of, said
from services.notifications.providers import ASK, SEND
from services.notifications.providers.job import CALL_SECONDS, Job
from services.notifications.reports import report_url
from services.notifications.store import Gateway, Message
from services.notifications.vault import Vault
from shared import clock, db, outbox, outgoing
from shared.db import Pool, Tx, in_transaction
from shared.ids import new_id
from shared.refusals import Refused
from shared.sealing import NotOurs
from shared.tracing import span

log = structlog.get_logger()

# Longer than a call and its saving take: who still holds it afterwards is dead or stands still.
LEASE_SECONDS = 60.0
# Some wait in vain for the whole of a call; the pace that a provider bears is a setting of its own.
CALLS_A_GATEWAY = 64
ROWS_A_STEP = 200
_LONGEST_STOP_SECONDS = 8.0
_LONGEST_REFERENCE = 100
_HIGHEST_LANE, _TESTS_ALONE = 1, -1
_OUTCOMES = {Taken: "taken", NotTaken: "not-taken", Doubtful: "unknown"}


@dataclass
class Sender:
    """One replica's hands: so many calls at a time for each gateway, none waits for another gateway's."""

    vault: Vault
    public_url: str
    call_seconds: float = CALL_SECONDS
    lease_seconds: float = LEASE_SECONDS
    calls_a_gateway: int = CALLS_A_GATEWAY
    holder: UUID = field(default_factory=new_id)
    calls: dict[UUID, set[asyncio.Task[None]]] = field(default_factory=dict)
    client: httpx.AsyncClient | None = None

    async def step(self, pool: Pool) -> bool:
        """Claim what may go and begin to send it; True while there is something to wait for."""
        try:
            await self._begin(pool)
            running = [call for calls in self.calls.values() for call in calls]
            if running:
                await asyncio.wait(running, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            return bool(running)
        except asyncio.CancelledError:
            await self._finish_calls()
            raise

    async def _finish_calls(self) -> None:
        """Let calls under way come to their end when the process is told to stop."""
        running = [call for calls in self.calls.values() for call in calls]
        if running:
            await asyncio.wait(running, timeout=_LONGEST_STOP_SECONDS)
        if self.client is not None:
            await self.client.aclose()

    async def _begin(self, pool: Pool) -> None:
        gateways = await store.gateways_with_work(pool)
        if not gateways:
            return
        place = await store.installation.billing_place(pool)
        for gateway in gateways:
            calls = self.calls.setdefault(gateway.gateway_id, set())
            free = self.calls_a_gateway - len(calls)
            if free <= 0:
                continue
            is_open = domain.is_open(
                clock.now(), place.time_zone, gateway.sending_from, gateway.sending_until
            )
            highest_lane = _HIGHEST_LANE if is_open else _TESTS_ALONE
            until = time.monotonic() + self.lease_seconds
            for message in await self._claim(pool, gateway, highest_lane, free):
                call = asyncio.create_task(self._take(pool, gateway, message, until))
                calls.add(call)
                call.add_done_callback(calls.discard)

    async def _claim(self, pool: Pool, gateway: Gateway, highest_lane: int, most: int) -> list[Message]:
        """Take the next messages of a gateway, within its pace; each with an attempt that has begun."""
        async with in_transaction(pool) as tx:
            if gateway.per_minute is not None:
                used = await store.used_this_minute(tx, gateway.gateway_id)
                most = min(most, gateway.per_minute - used)
            if most <= 0:
                return []
            messages = await store.claim(
                tx,
                gateway,
                highest_lane=highest_lane,
                most=most,
                holder=self.holder,
                lease_seconds=self.lease_seconds,
            )
            if not messages:
                return []
            await store.begin_attempts(tx, gateway, messages)
            if gateway.per_minute is not None:
                await store.add_to_minute(tx, gateway.gateway_id, len(messages))
            await _say(tx, messages)
            return messages

    async def _take(self, pool: Pool, gateway: Gateway, message: Message, until: float) -> None:
        """Send one message in the trace of its command, and save what came of it."""
        with span("send message", parent=message.traceparent):
            outcome = await self._outcome(pool, gateway, message, until)
            await self._save(pool, message, outcome)

    async def _save(self, pool: Pool, message: Message, outcome: Outcome) -> None:
        """Save what came of an attempt, for as long as the database is away."""
        while True:
            try:
                await end_attempt(pool, message, outcome, holder=self.holder)
                return
            except db.TRANSIENT as error:
                log.warning("outcome not saved yet", message_id=str(message.message_id), error=repr(error))
                await asyncio.sleep(1)

    async def _outcome(self, pool: Pool, gateway: Gateway, message: Message, until: float) -> Outcome:
        try:
            job = self.job(gateway, message)
        except (NotOurs, Refused) as error:
            log.error("secret unreadable", gateway_id=str(gateway.gateway_id), error=type(error).__name__)
            return NotTaken("gateway", "secret-unreadable", SecretUnreadable.__doc__)
        # Whoever was frozen until the lease ran out finds that others have gone on: nothing is sent.
        if time.monotonic() > until - self.call_seconds:
            return NotTaken("moment", "too-late", "The process was busy; nothing was sent.")
        if gateway.provider == "sandbox":
            return await _into_inbox(pool, gateway, message, job.text)
        outcome = await SEND[gateway.provider](self._client(), job)
        return without_secrets(outcome, job.private)

    def job(self, gateway: Gateway, message: Message) -> Job:
        """Return a message as its adapter needs it; raises NotOurs or SecretUnreadable."""
        secrets, _ = self.vault.secrets(gateway.sealed, gateway.operator_id, gateway.provider)
        assert message.sealed_text is not None
        assert message.mobile is not None, "a message that waits has somewhere to go"
        return Job(
            message_id=message.message_id,
            mobile=message.mobile,
            text=self.vault.text(message.sealed_text, message.operator_id),
            is_unicode=message.is_unicode,
            settings=gateway.settings,
            secrets=secrets,
            base_url=gateway.base_url,
            report_url=report_url(self.vault, self.public_url, gateway.provider, message.message_id),
            tries=message.tries,
            began_at=message.changed_at,
            seconds=self.call_seconds,
        )

    def _client(self) -> httpx.AsyncClient:
        if self.client is None:
            self.client = outgoing.open_client(seconds=self.call_seconds, connections=200)
        return self.client

    async def ask(self, pool: Pool) -> bool:
        """Ask about the next message that nobody knows the end of, where its provider can tell."""
        message_id = await store.claim_question(pool, self.lease_seconds)
        if message_id is None:
            return False
        message = (await store.messages(pool, [message_id]))[message_id]
        with span("ask about message", parent=message.traceparent):
            outcome = await self._answer(pool, message)
            await end_question(pool, message, outcome)
        return True

    async def _answer(self, pool: Pool, message: Message) -> Outcome | None:
        row = await store.gateway(pool, message.gateway_id)
        began_at = await store.attempt_began_at(pool, message)
        if row is None or row["removed"] or began_at is None:
            return None
        gateway = store.gateway_of(row)
        if gateway.provider == "sandbox":
            holds = await store.inbox_holds(pool, message.message_id)
            return Taken("200", "In the inbox.") if holds else NotTaken("moment", "never-arrived")
        if gateway.provider not in ASK:
            return None
        try:
            job = replace(self.job(gateway, message), began_at=began_at)
        except (NotOurs, Refused):
            return None
        outcome = await ASK[gateway.provider](self._client(), job, message.asks)
        return without_secrets(outcome, job.private) if outcome else None


def can_tell(provider: str | None) -> bool:
    """Whether a provider can be asked what became of a message."""
    return provider == "sandbox" or provider in ASK


def without_secrets(outcome: Outcome, secrets: Sequence[str]) -> Outcome:
    """Return an outcome in whose words nothing private is repeated, nor what a row cannot hold."""
    if isinstance(outcome, Taken):
        outcome = replace(outcome, reference=domain.words(outcome.reference, _LONGEST_REFERENCE))
    return replace(
        outcome,
        code=domain.words(domain.without_secrets(outcome.code, list(secrets)), domain.LONGEST_CODE),
        detail=domain.words(domain.without_secrets(outcome.detail, list(secrets))),
    )


async def _into_inbox(pool: Pool, gateway: Gateway, message: Message, text: str) -> Outcome:
    await store.put_into_inbox(pool, gateway, message, text)
    return Taken("200", "In the inbox.", str(message.message_id))


async def end_attempt(pool: Pool, message: Message, outcome: Outcome, *, holder: UUID | None) -> None:
    """Save what came of an attempt, if it is still the message's last.

    What a lost lease left unknown is known after all when its holder wakes with an answer.
    """
    async with in_transaction(pool) as tx:
        now = await store.lock_message(tx, message.message_id)
        assert now is not None, "messages with an attempt that has not ended are kept"
        is_ours = now.tries == message.tries and now.holder == holder
        if not is_ours or now.state not in ("sending", "unknown"):
            return
        if now.state == "unknown" and isinstance(outcome, Doubtful):
            return
        await save_outcome(tx, now, outcome)


async def save_outcome(tx: Tx, message: Message, outcome: Outcome) -> Message:
    """Write what became of a locked message and its attempt, and say it."""
    routes = (await store.routes(tx, {message.operator_id}))[message.operator_id]
    tried = (*message.tried, message.gateway_id) if message.gateway_id else message.tried
    another = next((each for each in routes if each not in tried), None)
    following = next_of(
        outcome,
        tries=message.tries,
        has_another=another is not None,
        may_pass=message.may_pass,
        is_test=message.is_test,
        can_tell=can_tell(message.provider),
    )
    reference = outcome.reference if isinstance(outcome, Taken) else None
    await store.end_attempt(tx, message, _OUTCOMES[type(outcome)], outcome.code, outcome.detail, reference)
    changed = _after(message, outcome, following, another, routes)
    is_unknown = following.state == "unknown"
    saved = await store.save(
        tx,
        changed,
        pause=None if is_unknown else following.after,
        ask_after=following.after if is_unknown else None,
    )
    await _say(tx, [saved])
    return saved


def _after(
    message: Message, outcome: Outcome, following: Next, another: UUID | None, routes: Sequence[UUID]
) -> Message:
    """Return a message as it is after an outcome: where it goes next, and what the provider said."""
    changed = replace(
        message,
        state=following.state,
        code=outcome.code,
        detail=outcome.detail,
        reference=outcome.reference if isinstance(outcome, Taken) else None,
        cost_minor=message.cost_minor if following.state in ("sent", "unknown") else None,
    )
    if following.state != "queued":
        return changed
    if following.by_another and message.gateway_id:
        passing = isinstance(outcome, NotTaken) and outcome.blame == "moment"
        return replace(
            changed,
            gateway_id=another,
            tried=(*message.tried, message.gateway_id),
            may_pass=message.may_pass or passing,
        )
    return replace(changed, gateway_id=routes[0] if routes else None, tried=(), may_pass=False)


async def end_question(pool: Pool, message: Message, outcome: Outcome | None) -> None:
    """Save what a provider said of an unknown message, or when it is asked once more."""
    async with in_transaction(pool) as tx:
        now = await store.lock_message(tx, message.message_id)
        if now is None or now.state != "unknown" or now.tries != message.tries:
            return
        now = replace(now, asks=now.asks + 1)
        if outcome is not None and not isinstance(outcome, Doubtful):
            await save_outcome(tx, now, outcome)
            return
        await store.save(tx, now, ask_after=domain.asked_again_after(now.asks))


async def give_up_lost_leases(pool: Pool) -> bool:
    """Messages whose holder died or stands still are unknown from here on."""
    async with in_transaction(pool) as tx:
        message_ids = await store.lost_leases(tx, ROWS_A_STEP)
        for message_id in message_ids:
            message = await store.lock_message(tx, message_id)
            assert message is not None, "just locked"
            lost = Doubtful("interrupted", "The sender was interrupted; it may have been sent.")
            await save_outcome(tx, message, lost)
        return len(message_ids) == ROWS_A_STEP


async def give_up_expired(pool: Pool) -> bool:
    """Messages that waited too long fail: their news is old, or their link is dead."""
    async with in_transaction(pool) as tx:
        message_ids = await store.expired(tx, ROWS_A_STEP)
        for message_id in message_ids:
            message = await store.lock_message(tx, message_id)
            assert message is not None, "just locked"
            late = replace(
                message, state="failed", code="too-late", detail=_why_late(message), cost_minor=None
            )
            await _say(tx, [await store.save(tx, late)])
        return len(message_ids) == ROWS_A_STEP


def _why_late(message: Message) -> str:
    said_last = f" Last answer: {message.detail}" if message.detail else ""
    return f"It could not be sent in time.{said_last}"


async def _say(tx: Tx, messages: Sequence[Message]) -> None:
    for lane in (outbox.INTERACTIVE, outbox.BULK):
        await outbox.say(tx, [said(each) for each in messages if lane_of(each) == lane], lane=lane)
