"""What people decide about records that could not be handled, carried out by the service that keeps them.

A letter is handled once more where it lies, by the handler that had parked it: other readers of its topic
have handled that record long ago, and none of them hears it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from aiokafka import TopicPartition

from shared import deadletters, inbox, outbox, setaside
from shared.cloudevents import Poison, read_binary
from shared.consumer import Handler, Read, Subscription
from shared.contracts.envelope import (
    CommandCompleted,
    CommandRefused,
    Message,
    Received,
    SettleDeadLetter,
    StepOverPartition,
)
from shared.db import Tx, will_pass
from shared.deadletters import DeadLetter
from shared.outbox import Said
from shared.redaction import redact
from shared.setaside import NoSuchPartition, StandsElsewhere

CONSUMER = "decisions"
_ENDS = {"redrive": "redriven", "discard": "discarded"}

Subscriptions: TypeAlias = Callable[[], Sequence[Subscription]]
Answer: TypeAlias = Callable[[Tx, Received[Any], CommandCompleted | CommandRefused], Awaitable[None]]


class _Refused(Exception):
    """It cannot be done: `code` is stable, the text is for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class _StillFails(Exception):
    """The handler could not handle the record this time either."""


async def say_end(tx: Tx, command: Received[Any], end: CommandCompleted | CommandRefused) -> None:
    """Answer a command by the outbox."""
    await outbox.say(tx, [Said(end, because=command.envelope)])


def deciding(
    service: str, subscriptions: Subscriptions, answer: Answer = say_end
) -> Mapping[type[Message], Handler]:
    """Return the handlers of what people decide about the letters and partitions of a service."""

    async def settle(received: Sequence[Received[SettleDeadLetter]], tx: Tx) -> None:
        for command in await inbox.recognise(tx, received, CONSUMER):
            await answer(
                tx, command, await _ended(service, command, _settle(tx, command.data, subscriptions()))
            )

    async def step_over(received: Sequence[Received[StepOverPartition]], tx: Tx) -> None:
        for command in await inbox.recognise(tx, received, CONSUMER):
            await answer(tx, command, await _ended(service, command, _step_over(tx, command.data)))

    return {SettleDeadLetter: settle, StepOverPartition: step_over}


async def _ended(
    service: str, command: Received[Any], work: Awaitable[None]
) -> CommandCompleted | CommandRefused:
    try:
        await work
    except _Refused as refusal:
        return CommandRefused(
            service=service, code=refusal.code, detail=str(refusal), subject=command.data.key()
        )
    return CommandCompleted(service=service, subject=command.data.key())


async def _settle(tx: Tx, command: SettleDeadLetter, subscriptions: Sequence[Subscription]) -> None:
    letter = await deadletters.read(tx, command.letter_id)
    if letter is None:
        raise _Refused("not-found", "There is no such dead letter.")
    if command.action == "redrive" and letter.is_empty:
        raise _Refused("still-fails", redact(f"there is nothing to handle: {letter.reason}")[:500])
    try:
        async with tx.transaction():
            # Closed first: whoever closes it meanwhile, by the command line for one, has it handled once.
            if await _close(tx, letter, _ENDS[command.action]) and command.action == "redrive":
                await _handle_again(tx, letter, subscriptions)
    except _StillFails as reason:
        await deadletters.note_try(tx, letter.id, str(reason))
        raise _Refused("still-fails", redact(str(reason))[:500]) from reason


async def _close(tx: Tx, letter: DeadLetter, outcome: str) -> bool:
    """Close a letter; False when the same was done with it before, for a command may come twice."""
    if await deadletters.close(tx, letter.id, outcome):
        return True
    closed = await deadletters.read(tx, letter.id)
    if closed is None or closed.outcome != outcome:
        raise _Refused("letter-closed", "Someone else has already dealt with this letter.")
    return False


async def _handle_again(tx: Tx, letter: DeadLetter, subscriptions: Sequence[Subscription]) -> None:
    subscription = next((each for each in subscriptions if each.name == letter.handler), None)
    if subscription is None:
        raise _Refused("handler-gone", f"Nothing is called {letter.handler} here any more. Discard it.")
    read: Read = subscription.read or read_binary(subscription.handlers)
    try:
        message = read(letter)
        if message is not None:
            await subscription.handlers[type(message.data)]([message], tx)
    except Poison as reason:
        raise _StillFails(str(reason)) from reason
    except Exception as error:
        if will_pass(error):
            raise
        raise _StillFails(f"{type(error).__name__}: {error}") from error


async def _step_over(tx: Tx, command: StepOverPartition) -> None:
    try:
        place = TopicPartition(command.subject, command.partition)
        await setaside.step_over(tx, place, standing_at=command.offset)
    except NoSuchPartition as error:
        raise _Refused("not-set-aside", "This partition is not set aside any more.") from error
    except StandsElsewhere as error:
        raise _Refused("stands-elsewhere", "It stands at another offset now. Look again.") from error
