"""Carries out audits that were asked for at the desk, where the projector was told how to look.

Any replica that can audit takes one up; a lease says that it is still at it, and what becomes of it is
written down where the desk reads it. How to look is handed in from above: it reads every schema, as no
service does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from uuid import UUID

import structlog

from gateway.projection import store as projection_store
from gateway.store import audits as audit_store
from shared import clock
from shared.db import FAILURES, Pool, in_transaction
from shared.ids import new_id

log = structlog.get_logger()

LEASE_SECONDS = 30
NOTE_SECONDS = 2.0
SAY_SECONDS = audit_store.HEARD_WITHIN_SECONDS // 4
MOST_FINDINGS = 200

Finding: TypeAlias = tuple[str, str, str, str, str]  # promise, relation, id, expected, found
AuditEnd: TypeAlias = Literal["looked", "failed", "interrupted"]


@dataclass(slots=True)
class Progress:
    """How many promises were looked at, and how many rows seem to break one so far."""

    looked: int = 0
    suspected: int = 0


Look: TypeAlias = Callable[[Progress], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True)
class Auditor:
    """A process that can audit: how many promises there are, and how to look at them all."""

    promises: int
    look: Look
    holder: UUID = field(default_factory=new_id)

    async def step(self, pool: Pool) -> bool:
        """Say that we are here, and carry out an audit that waits; True where there was one."""
        async with in_transaction(pool) as tx:
            await projection_store.say_that_we_audit(tx, SAY_SECONDS)
            await audit_store.end_abandoned(tx, clock.now())
            taken = await projection_store.take_up_audit(
                tx, self.holder, self.promises, clock.now(), LEASE_SECONDS
            )
        if taken is None:
            return False
        await self._carry_out(pool, taken)
        return True

    async def _carry_out(self, pool: Pool, audit_id: UUID) -> None:
        progress = Progress()
        noting = asyncio.create_task(self._note(pool, audit_id, progress))
        state: AuditEnd = "interrupted"
        findings: Sequence[Finding] = ()
        detail = ""
        try:
            findings = await self.look(progress)
            state = "looked"
        except FAILURES as error:
            log.warning("audit failed", error=repr(error))
            state, detail = "failed", f"{type(error).__name__}: {error}"
        finally:
            noting.cancel()
            with suppress(asyncio.CancelledError):
                await noting
            await self._end(pool, audit_id, progress, state, findings, detail)

    async def _note(self, pool: Pool, audit_id: UUID, progress: Progress) -> None:
        """Write down how far it is, which keeps the lease; a database that is away for a moment is no end."""
        while True:
            await asyncio.sleep(NOTE_SECONDS)
            with suppress(*FAILURES):
                async with in_transaction(pool) as tx:
                    await projection_store.note_audit(
                        tx, audit_id, self.holder, progress.looked, progress.suspected, LEASE_SECONDS
                    )
                    await projection_store.say_that_we_audit(tx, SAY_SECONDS)

    async def _end(
        self,
        pool: Pool,
        audit_id: UUID,
        progress: Progress,
        state: AuditEnd,
        findings: Sequence[Finding],
        detail: str,
    ) -> None:
        async with in_transaction(pool) as tx:
            await projection_store.end_audit(
                tx,
                audit_id,
                self.holder,
                state=state,
                looked=progress.looked,
                broken=len(findings),
                findings=[list(each) for each in findings[:MOST_FINDINGS]],
                detail=detail[:500],
                now=clock.now(),
            )
