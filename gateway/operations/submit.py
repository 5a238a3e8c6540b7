"""One write: the operation that is kept, the command that goes out, and the wait for its end.

The order is role, reach, shape, key: `read` hands the body over only once the subject was found.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, NoReturn
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
from shared.waiting import happens

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
    """The outcome of a write so far: `body` with 200/201, nothing yet with 202, else a `problem`."""

    operation_id: UUID
    status: int
    body: Body | None = None
    problem: Problem | None = None


def signature(principal: Principal) -> dict[str, Any]:
    """Return who asks, and how far they reach, as every command says it."""
    kind: Literal["token", "user"] = "token" if principal.token_id else "user"
    actor = Actor(
        kind=kind,
        id=principal.token_id or principal.user_id,
        name=principal.name,
        email=principal.email,
        user_id=principal.user_id,
    )
    return {"actor": actor, "scope": principal.top}


class _KnownKey(Exception):
    """An earlier operation does this already; nothing more is to be done."""

    def __init__(self, operation_id: UUID) -> None:
        super().__init__(operation_id)
        self.operation_id = operation_id


@dataclass(slots=True)
class OpenOperation:
    """A write on its way: it reads and decides in `tx`, and has its `outcome` once its block was left."""

    id: UUID
    principal: Principal
    tx: Tx
    key: Key | None
    is_claimed: bool = False
    end: Outcome | None = None

    @property
    def signature(self) -> dict[str, Any]:
        """Return who asks, and how far they reach, as every command says it."""
        return signature(self.principal)

    @property
    def outcome(self) -> Outcome:
        """Return what became of the write, once its block was left."""
        assert self.end is not None, "the block of the operation was left"
        return self.end

    async def claim(self) -> None:
        """Make the key stand for this write; when it stands for an earlier one, leave for that one's outcome.

        From here on a refusal that we are sure of (409) is kept under the key, and told again to who asks
        again.
        """
        known = await known_operation(self.tx, self.principal, self.key, self.id) if self.key else None
        if known is not None:
            raise _KnownKey(known)
        self.is_claimed = True

    def join(self, operation_id: UUID) -> NoReturn:
        """Ask for nothing, and leave for the outcome of an earlier operation that does the same."""
        raise _KnownKey(operation_id)

    async def submit(self, kind: str, subject_id: UUID, command: Command, **facts: Any) -> None:
        """Keep the operation and say its command, in one transaction."""
        assert self.is_claimed, "the key is claimed before anything is said"
        await self._keep(Operation(self.id, kind, subject_id, *self._asker, facts=facts), command)

    async def refuse(self, refusal: Problem) -> None:
        """Keep a refusal under the key."""
        problem = problems.to_refusal(refusal)
        await self._keep(Operation(self.id, "refused", self.id, *self._asker, "refused", problem), None)

    @property
    def _asker(self) -> tuple[UUID, str]:
        return self.principal.operator_id, self.principal.caller

    async def _keep(self, operation: Operation, command: Command | None) -> None:
        kept = replace(operation, facts={**operation.facts, "from": self.principal.address})
        await operation_store.add(self.tx, kept, command, clock.now())


@asynccontextmanager
async def opened(
    gateway: Gateway, principal: Principal, permission: str, key: Key | None
) -> AsyncIterator[OpenOperation]:
    """Open a write for who has the permission; leaving it commits, and waits a while for the outcome.

    Inside, in this order: reach, shape, key (`claim`), what the state of things allows, command (`submit`).
    """
    principal.must(permission)
    known = None
    operation_id = new_id()
    # Registered before the commit, or an answer that is quicker than we are would wake nobody.
    with gateway.waiters.waiting_for(operation_id) as ended:
        async with acting_as(gateway.pool, principal) as tx:
            operation = OpenOperation(operation_id, principal, tx, key)
            try:
                yield operation
            except _KnownKey as earlier:
                known = earlier.operation_id
            except Problem as refusal:
                if not operation.is_claimed or refusal.status != 409:
                    raise
                await operation.refuse(refusal)
                ended.set()
        if known is None:
            operation.end = await wait(gateway, principal, operation_id, ended, look_first=False)
            return
    with gateway.waiters.waiting_for(known) as ended:
        operation.end = await wait(gateway, principal, known, ended)


async def known_operation(tx: Tx, principal: Principal, key: Key, operation_id: UUID) -> UUID | None:
    """Return what the key stood for before; else it stands for `operation_id` from now on."""
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


async def wait(
    gateway: Gateway, principal: Principal, operation_id: UUID, ended: asyncio.Event, look_first: bool = True
) -> Outcome:
    """The operation's end, or 202 when it takes longer than a caller should wait."""
    deadline = asyncio.get_running_loop().time() + gateway.settings.answer_within_seconds
    pause = 0.0 if look_first else POLL_SECONDS
    while True:
        await happens(ended, min(pause, deadline - asyncio.get_running_loop().time()))
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
