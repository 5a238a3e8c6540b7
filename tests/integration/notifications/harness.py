"""What tests put into notifications, what comes out, and a sender that works on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from devstack.simulators.sms import Provider, SmsSimulator
from services.notifications import senders, workers
from services.notifications.handlers import CATALOG, commands
from services.notifications.providers.job import CALL_SECONDS
from services.notifications.senders import Sender
from services.notifications.vault import Vault
from shared.contracts import notifications
from shared.contracts.envelope import Actor, CommandCompleted, CommandRefused, Envelope, Message, Received
from shared.contracts.notifications import (
    ConfigureSmsGateway,
    MessageState,
    SendMessage,
    SendTestMessage,
    SmsGatewayChanged,
)
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.sealing import public_key_of, seal
from tests.integration import installation
from tests.keys import KEYS

CLERK = Actor(kind="user", name="Clerk", email="clerk@isp.test")
ROOT = UUID("019a0000-0000-7000-8000-000000000001")
ZONE = UUID("019a0000-0000-7000-8000-000000000002")
PALLABI = UUID("019a0000-0000-7000-8000-000000000003")
NEIGHBOUR = UUID("019a0000-0000-7000-8000-000000000004")
MOBILE = "+8801711000412"
LINK = "https://pay.shapla.example/pay/k7QmZ2xV9TfBk7QmZ2xV9T"
KINDS: dict[str, type[Message]] = {
    kind.type: kind
    for kind in vars(notifications).values()
    if isinstance(kind, type) and issubclass(kind, Message) and hasattr(kind, "type")
} | {kind.type: kind for kind in (CommandRefused, CommandCompleted)}
VALUES = {
    "customer": "Nusrat Jahan Mim",
    "period": "Dec 2026",
    "number": "PLB-004187",
    "balance": "1,050.00",
    "due": "10 Dec",
}


def received(message: Message, id: UUID | None = None, lane: int = 0) -> Received[Any]:
    envelope = Envelope(
        id=id or new_id(), type=message.type, source="test", time=datetime.now(UTC), lane=lane
    )
    return Received(message, envelope, message.destination(), 0, 0)


def sealed(secret: dict[str, str], provider: str, operator_id: UUID, at: datetime | None = None) -> str:
    return seal(
        public_key_of(KEYS["notifications"]),
        secret,
        service="notifications",
        operator_id=operator_id,
        provider=provider,
        at=at or datetime.now(UTC),
    )


@dataclass
class NotificationsHarness:
    """The ISP, its Mirpur Zone, Pallabi Link below it, and a neighbour; the providers are simulated."""

    pool: Pool
    simulator: SmsSimulator
    address: str
    call_seconds: float = CALL_SECONDS
    public_url: str = "https://notifications.example"
    vault: Vault = field(default_factory=lambda: Vault(SecretStr(KEYS["notifications"])))
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        self.sender = self.another_sender()

    def another_sender(self, lease_seconds: float = senders.LEASE_SECONDS) -> Sender:
        return Sender(
            self.vault, self.public_url, call_seconds=self.call_seconds, lease_seconds=lease_seconds
        )

    @contextmanager
    def unanswered(self, provider: Provider, *, sends: bool = True) -> Iterator[None]:
        """Let a provider answer nothing for as long as this lasts, and wait for each answer a moment only."""
        traps, before = provider.traps, (self.call_seconds, self.sender)
        traps.timeout_every, traps.sends_before_timeout = 1, sends
        self.call_seconds = 0.5
        self.sender = self.another_sender()
        try:
            yield
        finally:
            traps.timeout_every, traps.sends_before_timeout = 0, True
            self.call_seconds, self.sender = before

    async def furnish(self) -> None:
        tree = installation.operators(
            (ROOT, "Shapla Net", (ROOT,)),
            (ZONE, "Mirpur Zone", (ROOT, ZONE)),
            (PALLABI, "Pallabi Link", (ROOT, ZONE, PALLABI)),
            (NEIGHBOUR, "Uttara Net", (ROOT, NEIGHBOUR)),
        )
        for message in (*tree, installation.billing_settings()):
            await self.tell(message)

    async def tell(self, *messages: Message, id: UUID | None = None, lane: int = 0) -> UUID:
        """Hand messages of one kind to their handler, as Kafka would bring them; answers the last's id."""
        arrived = [received(each, id, lane) for each in messages]
        handlers = {**commands(self.vault), **CATALOG}
        async with in_transaction(self.pool) as tx:
            await handlers[type(messages[0])](arrived, tx)
        return arrived[-1].id

    async def ends(self, command_id: UUID) -> list[Message]:
        return await installation.ends_of(self.pool, command_id)

    async def ask(self, command: Message, id: UUID | None = None) -> Any:
        """The one end of a command, once the sender has nothing left to do."""
        command_id = await self.tell(command, id=id)
        await self.work()
        ends = await self.ends(command_id)
        assert len(ends) == 1, ends
        return ends[0]

    async def refusal(self, command: Message) -> CommandRefused:
        end = await self.ask(command)
        assert isinstance(end, CommandRefused), end
        return end

    async def work(self, sender: Sender | None = None) -> None:
        """Let a sender do what may be done now, and wait until it has."""
        while await (sender or self.sender).step(self.pool):
            pass

    async def let_time_pass(self) -> None:
        """What waits for another try, a lost lease or a question need wait no longer."""
        await self.pool.execute("UPDATE message SET not_before = now() WHERE state = 'queued'")
        await self.pool.execute("UPDATE message SET ask_at = now() WHERE ask_at IS NOT NULL")

    async def ask_providers(self) -> None:
        """Ask about everything unknown until nothing is to be asked."""
        while True:
            await self.let_time_pass()
            if not await self.sender.ask(self.pool):
                return

    async def configure(self, provider: notifications.Provider, **more: Any) -> SmsGatewayChanged:
        """Set up a gateway that calls the simulator; for the whole ISP unless said otherwise."""
        end = await self.ask(self.configuring(provider, **more))
        assert isinstance(end, SmsGatewayChanged), end
        return end

    def configuring(self, provider: notifications.Provider, **more: Any) -> ConfigureSmsGateway:
        operator_id = more.pop("operator_id", ROOT)
        settings, secret = self._account(provider)
        given: dict[str, Any] = {
            "actor": CLERK,
            "gateway_id": new_id(),
            "operator_id": operator_id,
            "provider": provider,
            "settings": settings,
            "sealed": sealed(secret, provider, operator_id) if secret else None,
            "base_url": None if provider in ("http", "sandbox") else self.address,
            "cost_per_segment_minor": 35,
        }
        return ConfigureSmsGateway(**given | more)

    def _account(self, provider: str) -> tuple[dict[str, Any], dict[str, str]]:
        simulator = self.simulator
        return {
            "bulksmsbd": ({"sender_id": "SHAPLANET"}, {"api_key": simulator.api_key}),
            "sslwireless": ({"sid": "SHAPLA"}, {"api_token": simulator.api_token}),
            "twilio": (
                {"account_sid": simulator.account_sid, "from": "+15005550006"},
                {"auth_token": simulator.auth_token},
            ),
            "http": ({"url": f"{self.address}/generic"}, {}),
            "sandbox": ({}, {}),
        }[provider]

    def message(self, operator_id: UUID = PALLABI, **more: Any) -> SendMessage:
        given: dict[str, Any] = {
            "actor": CLERK,
            "message_id": new_id(),
            "customer_id": new_id(),
            "operator_id": operator_id,
            "invoice_id": new_id(),
            "mobile": MOBILE,
            "template": "payment-link",
            "values": VALUES,
            "sealed_url": sealed({"url": LINK}, "link", operator_id),
        }
        return SendMessage(**given | more)

    def testing(self, operator_id: UUID = ROOT, to: str = "01711-000100", **more: Any) -> SendTestMessage:
        return SendTestMessage(actor=CLERK, message_id=new_id(), operator_id=operator_id, to=to, **more)

    async def send(self, *messages: SendMessage, work: bool = True) -> list[UUID]:
        """Put messages in line, and unless told otherwise let them be sent."""
        await self.tell(*messages)
        if work:
            await self.work()
        return [each.message_id for each in messages]

    async def states(self, message_id: UUID) -> list[MessageState]:
        """Everything that was said of a message, in order."""
        rows = await self.pool.fetch(
            "SELECT type, payload FROM outbox WHERE topic = 'notifications.messages' "
            "AND payload::jsonb ->> 'message_id' = $1 ORDER BY id",
            str(message_id),
        )
        said = [KINDS[row["type"]].model_validate_json(row["payload"]) for row in rows]
        return [each for each in said if isinstance(each, MessageState)]

    async def last(self, message_id: UUID) -> MessageState:
        return (await self.states(message_id))[-1]

    async def row(self, message_id: UUID) -> Any:
        return await self.pool.fetchrow("SELECT * FROM message WHERE message_id = $1", message_id)

    async def attempts(self, message_id: UUID) -> list[str | None]:
        rows = await self.pool.fetch(
            "SELECT outcome FROM attempt WHERE message_id = $1 ORDER BY number", message_id
        )
        return [row["outcome"] for row in rows]

    async def counted(self) -> dict[str, int]:
        rows = await self.pool.fetch("SELECT state, count(*) AS n FROM message GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    async def republished(self) -> Sequence[Message]:
        while await workers.republish(self.pool):
            await asyncio.sleep(0)
        rows = await self.pool.fetch("SELECT type, payload FROM outbox WHERE lane = 1 ORDER BY id")
        return [KINDS[row["type"]].model_validate_json(row["payload"]) for row in rows]

    async def everything_kept(self) -> str:
        """All rows of all tables as text, where no secret may be found."""
        names = await self.pool.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'schema_migration'",
            "notifications",
        )
        rows = [await self.pool.fetch(f"SELECT row_to_json(t)::text FROM {name} AS t") for (name,) in names]
        return json.dumps([row[0] for table in rows for row in table])
