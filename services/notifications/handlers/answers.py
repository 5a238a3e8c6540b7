"""The one shape of a command here: decided once, answered at once unless its end comes later, or refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from services.notifications.domain import words
from services.notifications.store import Message
from shared import inbox, outbox
from shared.cloudevents import envelope_from_json
from shared.consumer import Handler
from shared.contracts import envelope, notifications
from shared.contracts.envelope import Command, CommandRefused, Received
from shared.contracts.notifications import MessageState
from shared.db import Tx
from shared.outbox import Said
from shared.refusals import Refused
from shared.tracing import working_for

SERVICE = "notifications"
CONSUMER = "commands"

C = TypeVar("C", bound=envelope.Message)
# A message: the command's end. None: the end is said elsewhere, later.
Decide: TypeAlias = Callable[[Received[C], Tx], Awaitable[envelope.Message | None]]

_STATES: dict[str, type[MessageState]] = {
    "queued": notifications.MessageQueued,
    "sending": notifications.MessageSending,
    "sent": notifications.MessageSent,
    "delivered": notifications.MessageDelivered,
    "failed": notifications.MessageFailed,
    "unknown": notifications.MessageUnknown,
}


def answering(decide: Decide[Any]) -> Handler:
    """Return a handler that decides each new command in a savepoint of its own."""

    async def handle(received: Sequence[Received[Any]], tx: Tx) -> None:
        for command in await inbox.recognise(tx, received, CONSUMER):
            with working_for([command]):
                decided = await _decide(command, decide, tx)
            if decided is not None:
                await outbox.say(tx, [Said(decided, because=command.envelope)])

    return handle


async def _decide(command: Received[Any], decide: Decide[Any], tx: Tx) -> envelope.Message | None:
    try:
        async with tx.transaction():
            return await decide(command, tx)
    except Refused as refusal:
        return refused(refusal, command.data)


def refused(refusal: Refused, command: Command) -> CommandRefused:
    """Return a refusal as the world hears it; its subject is the message or gateway, where there is one."""
    subject = getattr(command, "message_id", None) or getattr(command, "gateway_id", None) or command.key()
    return CommandRefused(
        service=SERVICE,
        code=refusal.code,
        detail=refusal.detail,
        field=refusal.field,
        subject=str(subject),
    )


def message_state(message: Message) -> MessageState:
    """Return a message as the world hears of it: neither its text nor its number."""
    return _STATES[message.state](
        message_id=message.message_id,
        customer_id=message.customer_id,
        operator_id=message.operator_id,
        invoice_id=message.invoice_id,
        bulk_action_id=message.bulk_action_id,
        template=message.template,
        language=message.language,
        mobile_tail=(message.mobile or "")[-3:],
        state=message.state,
        provider=message.provider,
        gateway_id=message.gateway_id,
        code=message.code,
        detail=words(message.detail),
        segments=message.segments,
        cost_minor=message.cost_minor,
        at=message.changed_at,
        version=message.version,
    )


def said(message: Message) -> Said:
    """Return a message's state as it is said; the first word on what became of a test ends its command."""
    ends_test = message.test_envelope is not None and message.state not in ("queued", "sending")
    because = envelope_from_json(dict(message.test_envelope)) if message.test_envelope and ends_test else None
    return Said(message_state(message), because=because)


def lane_of(message: Message) -> int:
    """Return the lane of what is said about a message: what nobody waits for yields."""
    return outbox.BULK if message.bulk_action_id else outbox.INTERACTIVE
