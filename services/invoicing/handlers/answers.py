"""The one shape of a command's end: what was decided, or why it was refused, and the command as cause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

import asyncpg

from services.invoicing.domain import CodeTaken, IdTaken, RootExists
from shared import inbox, outbox
from shared.consumer import Handler
from shared.contracts.envelope import Command, CommandRefused, Message, Received
from shared.db import Tx
from shared.outbox import Said
from shared.refusals import Refused
from shared.tracing import working_for

SERVICE = "invoicing"
CONSUMER = "commands"

C = TypeVar("C", bound=Message)
M = TypeVar("M", bound=Message | None)
# None: the answer is said elsewhere, now or later.
Decide: TypeAlias = Callable[[Received[C], Tx], Awaitable[Message | None]]
Lock: TypeAlias = Callable[[Sequence[C], Tx], Awaitable[None]]

_REFUSED_BY_CONSTRAINT: dict[str, Callable[[], Refused]] = {
    "operator_code_taken": lambda: CodeTaken("code"),
    "customer_code_taken": lambda: CodeTaken("code"),
    "operator_root_exists": lambda: RootExists("parent_id"),
    "operator_pk": IdTaken,
    "package_pk": IdTaken,
    "customer_pk": IdTaken,
    "invoice_pk": IdTaken,
}


def answering(decide: Decide[Any], lock: Lock[Any] | None = None) -> Handler:
    """A handler that decides each new command in a savepoint and says its one end.

    What all of a batch have to lock in one order with others, `lock` locks before the first is decided.
    """

    async def handle(received: Sequence[Received[Any]], tx: Tx) -> None:
        commands = await inbox.recognise(tx, received, CONSUMER)
        if lock is not None:
            await lock([command.data for command in commands], tx)
        for command in commands:
            with working_for([command]):
                end = await end_of(command.data, partial(decide, command, tx), tx)
            if end is not None:
                await outbox.say(tx, [Said(end, because=command.envelope)])

    return handle


async def end_of(command: Command, decide: Callable[[], Awaitable[M]], tx: Tx) -> M | CommandRefused:
    """Return what a decision says, or its refusal with nothing changed."""
    try:
        async with tx.transaction():
            return await decide()
    except Refused as refusal:
        return refused(refusal, command)
    except asyncpg.UniqueViolationError as error:
        translate = _REFUSED_BY_CONSTRAINT.get(error.constraint_name or "")
        if translate is None:
            raise
        return refused(translate(), command)


def refused(refusal: Refused, command: Command) -> CommandRefused:
    """A refusal as the world hears it, keyed as the command was."""
    return CommandRefused(
        service=SERVICE,
        code=refusal.code,
        detail=refusal.detail,
        field=refusal.field,
        subject=command.key(),
    )
