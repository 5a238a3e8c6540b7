"""Messages: each is put in line once, with its text and its way, or refused; people settle the unknown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.notifications import domain, store
from services.notifications.domain import CustomerErased, NoGateway, NotFailed, NotUnknown, TooOld, Unsendable
from services.notifications.handlers.answers import CONSUMER, message_state, refused, said
from services.notifications.mobiles import mobile_to_send_to
from services.notifications.store import Message, Operator, Texts
from services.notifications.vault import Vault
from shared import clock, erasure, inbox, outbox, sms
from shared.cloudevents import envelope_to_json
from shared.consumer import Handler
from shared.contracts import envelope
from shared.contracts.envelope import Command, Received
from shared.contracts.notifications import (
    CancelMessage,
    Language,
    RetryMessage,
    SendMessage,
    SendTestMessage,
    SettleMessage,
    Template,
)
from shared.db import Tx
from shared.installation import Place
from shared.outbox import Said
from shared.refusals import NotFound, Refused
from shared.sms import TextRefused
from shared.tracing import onward

# Longer than any night of sending hours and a weekend of a provider's trouble; older news helps nobody.
LONGEST_WAIT = timedelta(hours=72)
LONGEST_TEST = timedelta(minutes=5)
_SAME_AGAIN = (
    "customer_id",
    "operator_id",
    "invoice_id",
    "bulk_action_id",
    "template",
    "language",
    "mobile",
    "sealed_text",
    "segments",
    "is_unicode",
    "is_test",
)
_TEST_LANE, _PERSONS_LANE, _BULK_LANE = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about the operators that a batch of messages concerns."""

    vault: Vault
    place: Place
    operators: Mapping[UUID, Operator]
    routes: Mapping[UUID, list[UUID]]
    texts: Texts
    erased: Set[UUID] = frozenset()

    def operator(self, command: Command, operator_id: UUID) -> Operator:
        """Return the operator; raises NotFound for one outside the asker's reach."""
        operator = self.operators.get(operator_id)
        if operator is None or (command.scope is not None and command.scope not in operator.path):
            raise NotFound("operator_id")
        return operator

    def text(
        self,
        operator_id: UUID,
        template: Template,
        language: Language,
        values: Mapping[str, str],
        link: str | None,
    ) -> str:
        """Return what the customer reads; raises Unsendable."""
        if link is None and template in sms.NEEDS_LINK:
            raise Unsendable("sealed_url", "The message has no link to open.")
        known = {"isp": self.operators[operator_id].name} | {
            name: value for name, value in values.items() if value.strip()
        }
        try:
            return sms.render(self.texts.of(operator_id, template, language), known, link)
        except TextRefused as refusal:
            raise Unsendable(detail=str(refusal)) from refusal


async def open_desk(
    tx: Tx, vault: Vault, operator_ids: Collection[UUID], customer_ids: Collection[UUID] = ()
) -> Facts:
    """Read what a batch needs, a statement each."""
    return Facts(
        vault,
        await store.installation.billing_place(tx),
        await store.operators(tx, operator_ids),
        await store.routes(tx, operator_ids),
        await store.texts(tx, operator_ids),
        await erasure.erased_among(tx, customer_ids) if customer_ids else frozenset(),
    )


def sending(vault: Vault) -> Handler:
    """Return the handler that puts messages in line, a batch in a handful of statements."""

    async def send_messages(received: Sequence[Received[SendMessage]], tx: Tx) -> None:
        fresh = await inbox.recognise(tx, received, CONSUMER)
        facts = await open_desk(
            tx,
            vault,
            {each.data.operator_id for each in fresh},
            {each.data.customer_id for each in fresh},
        )
        messages: dict[UUID, Message] = {}
        ends: list[tuple[Received[SendMessage], envelope.Message | None]] = []
        for command in fresh:
            message, refusal = _prepared(facts, command)
            messages.setdefault(message.message_id, message)
            ends.append((command, refused(refusal, command.data) if refusal else None))
        await _add_and_answer(tx, messages, ends)

    return send_messages


async def _add_and_answer(
    tx: Tx,
    messages: Mapping[UUID, Message],
    ends: Sequence[tuple[Received[SendMessage], envelope.Message | None]],
) -> None:
    """Add what is new; a message that is there already is answered as it stands."""
    added = await store.add_messages(tx, list(messages.values())) if messages else set()
    known = await store.messages(tx, messages.keys() - added)
    for command, refusal in ends:
        message = known.get(command.data.message_id) or messages[command.data.message_id]
        lane = command.envelope.lane
        if refusal is not None and message.message_id in added:
            # Whoever looks at the bill sees it too, whoever asked.
            await outbox.say(tx, [Said(message_state(message))], lane=lane)
        end = refusal if refusal is not None and message.message_id in added else message_state(message)
        await outbox.say(tx, [Said(end, because=command.envelope)])


def _prepared(facts: Facts, received: Received[SendMessage]) -> tuple[Message, Refused | None]:
    """Return a message that is ready to go, or as it failed, with why."""
    command = received.data
    now = clock.now()
    message = Message(
        message_id=command.message_id,
        customer_id=command.customer_id,
        operator_id=command.operator_id,
        invoice_id=command.invoice_id,
        bulk_action_id=command.bulk_action_id,
        template=command.template,
        language=command.language,
        mobile=None,
        sealed_text=None,
        segments=0,
        is_unicode=False,
        state="failed",
        gateway_id=None,
        is_test=False,
        lane=_BULK_LANE if command.bulk_action_id else _PERSONS_LANE,
        not_after=min(command.not_after or now + LONGEST_WAIT, now + LONGEST_WAIT),
        created_at=now,
        changed_at=now,
        traceparent=onward(received.envelope.traceparent),
    )
    try:
        return _ready(facts, message, command), None
    except Refused as refusal:
        return replace(message, code=refusal.code, detail=refusal.detail), refusal


def _ready(facts: Facts, message: Message, command: SendMessage) -> Message:
    facts.operator(command, command.operator_id)
    if command.customer_id in facts.erased:
        raise CustomerErased
    mobile = mobile_to_send_to(command.mobile, facts.place.currency)
    routes = facts.routes[command.operator_id]
    if not routes:
        raise NoGateway
    link = facts.vault.link(command.sealed_url, command.operator_id) if command.sealed_url else None
    text = facts.text(command.operator_id, command.template, command.language, command.values, link)
    return _with_text(facts, replace(message, state="queued", mobile=mobile, gateway_id=routes[0]), text)


def _with_text(facts: Facts, message: Message, text: str) -> Message:
    size = sms.size_of(text)
    return replace(
        message,
        sealed_text=facts.vault.seal_text(text, message.operator_id),
        segments=size.segments,
        is_unicode=size.is_unicode,
    )


def _test(received: Received[SendTestMessage], mobile: str, gateway_id: UUID) -> Message:
    command, now = received.data, clock.now()
    return Message(
        message_id=command.message_id,
        customer_id=None,
        operator_id=command.operator_id,
        invoice_id=None,
        bulk_action_id=None,
        template="test",
        language=command.language,
        mobile=mobile,
        sealed_text=None,
        segments=0,
        is_unicode=False,
        state="queued",
        gateway_id=gateway_id,
        is_test=True,
        lane=_TEST_LANE,
        not_after=now + LONGEST_TEST,
        created_at=now,
        changed_at=now,
        test_envelope=envelope_to_json(received.envelope),
        traceparent=onward(received.envelope.traceparent),
    )


def _again(message: Message, received: Received[RetryMessage], gateway_id: UUID) -> Message:
    """Return a message with the text of another, new in every other respect."""
    now = clock.now()
    same = {name: getattr(message, name) for name in _SAME_AGAIN}
    return Message(
        **same,
        message_id=received.data.retry_id,
        state="queued",
        gateway_id=gateway_id,
        lane=_PERSONS_LANE,
        not_after=now + LONGEST_WAIT,
        created_at=now,
        changed_at=now,
        traceparent=onward(received.envelope.traceparent),
    )


class Messages:
    """Commands about messages, one at a time."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    async def send_test(self, received: Received[SendTestMessage], tx: Tx) -> envelope.Message | None:
        """Put a test in line, before everything else; its end is said when the provider has answered."""
        command = received.data
        facts = await open_desk(tx, self.vault, {command.operator_id})
        facts.operator(command, command.operator_id)
        gateway_id = await self._gateway_of(tx, facts, command)
        mobile = mobile_to_send_to(command.to, facts.place.currency)
        text = facts.text(command.operator_id, "test", command.language, {}, None)
        message = _with_text(facts, _test(received, mobile, gateway_id), text)
        if not await store.add_messages(tx, [message]):
            return message_state((await store.messages(tx, [message.message_id]))[message.message_id])
        await outbox.say(tx, [Said(message_state(message))])
        return None

    async def _gateway_of(self, tx: Tx, facts: Facts, command: SendTestMessage) -> UUID:
        """Return the gateway that is named, of the operator or above it, else the first choice."""
        if command.gateway_id is None:
            if not facts.routes[command.operator_id]:
                raise NoGateway
            return facts.routes[command.operator_id][0]
        row = await store.gateway(tx, command.gateway_id)
        path = facts.operators[command.operator_id].path
        if row is None or row["removed"] or row["operator_id"] not in path:
            raise NotFound("gateway_id")
        return command.gateway_id

    async def cancel(self, received: Received[CancelMessage], tx: Tx) -> envelope.Message:
        """Take a message out of the line; one that has left it stays as it is."""
        message = await self._within_reach(tx, received.data)
        if message.state == "queued":
            message = await store.save(
                tx, replace(message, state="failed", code="cancelled", detail=None, cost_minor=None)
            )
            if message.is_test:  # its own command ends here too
                await outbox.say(tx, [said(message)])
        return message_state(message)

    async def settle(self, received: Received[SettleMessage], tx: Tx) -> envelope.Message:
        """Take a person's word for what became of a message that nobody knows the end of."""
        command = received.data
        message = await self._within_reach(tx, command)
        if message.state != "unknown":
            raise NotUnknown
        was_sent = command.outcome == "sent"
        detail = domain.words(command.note) or f"settled by {command.actor.name}"
        settled = replace(
            message,
            state=command.outcome,
            code="settled",
            detail=detail,
            cost_minor=message.cost_minor if was_sent else None,
        )
        outcome = "taken" if was_sent else "not-taken"
        await store.end_attempt(tx, message, outcome, "settled", detail, message.reference)
        return message_state(await store.save(tx, settled))

    async def retry(self, received: Received[RetryMessage], tx: Tx) -> envelope.Message:
        """Put a failed message in line once more, as a message of its own with the same text."""
        command = received.data
        message = await self._within_reach(tx, command)
        if message.state != "failed" or message.is_test:
            raise NotFailed
        if message.sealed_text is None or message.mobile is None:
            raise TooOld
        routes = (await store.routes(tx, {message.operator_id}))[message.operator_id]
        if not routes:
            raise NoGateway
        again = _again(message, received, routes[0])
        if not await store.add_messages(tx, [again]):
            again = (await store.messages(tx, [command.retry_id]))[command.retry_id]
        return message_state(again)

    async def _within_reach(self, tx: Tx, command: CancelMessage | SettleMessage | RetryMessage) -> Message:
        message = await store.lock_message(tx, command.message_id)
        if message is None:
            raise NotFound
        if command.scope is not None:
            operator = (await store.operators(tx, {message.operator_id})).get(message.operator_id)
            if operator is None or command.scope not in operator.path:
                raise NotFound
        return message
