"""The one shape of a command here: put in line for the senders, answered at once, or refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from services.documents import store
from services.documents.store import Queued
from shared import inbox, outbox
from shared.consumer import Handler
from shared.contracts.envelope import Command, CommandRefused, Message, Received
from shared.db import Tx
from shared.outbox import Said
from shared.refusals import Refused
from shared.tracing import working_for

SERVICE = "documents"
CONSUMER = "commands"

C = TypeVar("C", bound=Message)
# Queued: a sender will end it. A message: its end. None: the end is said elsewhere, later.
Decide: TypeAlias = Callable[[Received[C], Tx], Awaitable[Queued | Message | None]]


def answering(decide: Decide[Any], consumer: str = CONSUMER) -> Handler:
    """Return a handler that decides each new command in a savepoint: queued with its like, or ended."""

    async def handle(received: Sequence[Received[Any]], tx: Tx) -> None:
        queued: list[Queued] = []
        for command in await inbox.recognise(tx, received, consumer):
            with working_for([command]):
                decided = await _decide(command, decide, tx)
            if isinstance(decided, Queued):
                queued.append(decided)
            elif decided is not None:
                await outbox.say(tx, [Said(decided, because=command.envelope)])
        if queued:
            await store.queue(tx, queued)

    return handle


async def _decide(command: Received[Any], decide: Decide[Any], tx: Tx) -> Queued | Message | None:
    try:
        async with tx.transaction():
            return await decide(command, tx)
    except Refused as refusal:
        return refused(refusal, command.data)


def refused(refusal: Refused, command: Command, **extra: Any) -> CommandRefused:
    """Return a refusal as the world hears it; its subject is the document, where there is one."""
    return CommandRefused(
        service=SERVICE,
        code=refusal.code,
        detail=refusal.detail,
        field=refusal.field,
        subject=str(getattr(command, "document_id", command.key())),
        extra=extra,
    )
