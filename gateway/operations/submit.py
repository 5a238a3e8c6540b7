"""One write: the operation that is kept, the command that goes out, and the wait for its end.

The order is role, reach, shape, key: `read` hands the body over only once the subject was found.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from uuid import UUID

from gateway import problems
from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations import results
from gateway.problems import Problem, not_found, wrong
from gateway.schemas.fields import Body
from gateway.store import operations as operation_store
from gateway.store.access import acting_as
from gateway.store.operations import Operation
from shared import clock
from shared.contracts.envelope import Actor, Command
from shared.db import Tx
from shared.ids import new_id

T = TypeVar("T")


POLL_SECONDS = 0.25
NOT_YET_SHOWN_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key and what it stands for."""

    value: str
    request_hash: bytes

    @classmethod
    def of(cls, value: str, *said: bytes | str) -> Key:
        """The key for a request that says this."""
        parts = [part.encode() if isinstance(part, str) else part for part in said]
        return cls(value, hashlib.sha256(b"\x00".join(parts)).digest())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish so far: `body` with 200/201, nothing yet with 202, else a `problem`."""

    operation_id: UUID
    status: int
    body: Body | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of whom: the operation to keep and the command to say."""

    kind: str
    subject_id: UUID
    command: Command | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def signature(principal: Principal) -> dict[str, Any]:
    """Who asks, and how far they reach, as every command says it."""
    kind: Literal["token", "user"] = "token" if principal.token_id else "user"
    return {
        "actor": Actor(kind=kind, id=principal.token_id or principal.user_id, name=principal.name),
        "scope": principal.top,
    }


async def perform(
    gateway: Gateway,
    principal: Principal,
    look: Callable[[Tx], Awaitable[T]],
    wish: Callable[[Tx, T, UUID], Awaitable[Wish]],
    key: Key | None = None,
) -> Outcome:
    """Keep the wish, say its command, and wait a while for its end. A known key gets its known answer."""
    operation_id = new_id()
    with gateway.waiters.waiting_for(operation_id) as ended:
        async with acting_as(gateway.pool, principal) as tx:
            subject = await look(tx)
            known = await known_operation(tx, principal, key, operation_id) if key else None
            if known is None:
                await _keep(tx, principal, operation_id, wish, subject)
        if known is None:
            return await wait(gateway, principal, operation_id, ended, look_first=False)
    with gateway.waiters.waiting_for(known) as ended:
        return await wait(gateway, principal, known, ended)


async def known_operation(tx: Tx, principal: Principal, key: Key, operation_id: UUID) -> UUID | None:
    """What the key stands for when it was used before; else it stands for `operation_id` from now on."""
    if await operation_store.claim_key(
        tx, principal.caller, key.value, key.request_hash, operation_id, clock.now()
    ):
        return None
    known = await operation_store.find_key(tx, principal.caller, key.value)
    if known is None:
        raise Problem(
            409, "idempotency-key-busy", "The first request with this key has not ended; try again."
        )
    if known.request_hash != key.request_hash:
        raise wrong("Idempotency-Key", "This key was used for another request.", "idempotency-key-reused")
    return known.operation_id


async def _keep(
    tx: Tx,
    principal: Principal,
    operation_id: UUID,
    wish: Callable[[Tx, T, UUID], Awaitable[Wish]],
    subject: T,
) -> None:
    """Keep the operation with its command; a refusal that we are sure of is kept as one."""
    try:
        wanted, problem = await wish(tx, subject, operation_id), None
    except Problem as refusal:
        if refusal.status != 409:
            raise
        wanted, problem = Wish("refused", operation_id, None), refusal
    operation = Operation(
        id=operation_id,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        operator_id=principal.operator_id,
        caller=principal.caller,
        state="refused" if problem else "pending",
        problem=problems.to_refusal(problem) if problem else None,
        facts={**wanted.facts, "from": principal.address},
    )
    await operation_store.add(tx, operation, wanted.command, clock.now())


async def wait(
    gateway: Gateway, principal: Principal, operation_id: UUID, ended: asyncio.Event, look_first: bool = True
) -> Outcome:
    """The operation's end, or 202 when it takes longer than a caller should wait."""
    deadline = asyncio.get_running_loop().time() + gateway.settings.answer_within_seconds
    pause = 0.0 if look_first else POLL_SECONDS
    while True:
        await _pause(ended, min(pause, deadline - asyncio.get_running_loop().time()))
        async with acting_as(gateway.pool, principal) as tx:
            operation = await operation_store.find(tx, operation_id)
            if operation is None:
                raise not_found("There is no such operation.")
            if operation.problem is not None:
                return Outcome(operation_id, 0, problem=problems.of_refusal(operation.problem))
            done = operation.state == "completed"
            body = await results.answer(tx, operation, gateway.portals) if done else None
        if body is not None:
            return Outcome(operation_id, results.status(operation, body), body)
        if asyncio.get_running_loop().time() >= deadline:
            return Outcome(operation_id, 202)
        ended.clear()
        pause = NOT_YET_SHOWN_SECONDS if done else POLL_SECONDS


async def _pause(ended: asyncio.Event, seconds: float) -> None:
    if seconds > 0:
        try:
            await asyncio.wait_for(ended.wait(), seconds)
        except TimeoutError:
            return


def required(key: Key | None) -> Key:
    """Money and mass changes are asked for with a key."""
    if key is None:
        raise wrong("Idempotency-Key", "This request needs an Idempotency-Key.", "idempotency-key-missing")
    return key
