"""What tests put into invoicing, as messages or records, and what its outbox says about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from aiokafka import ConsumerRecord

from services.invoicing import workers
from services.invoicing.handlers import COMMANDS, PAYMENTS
from shared.contracts import catalog, documents, invoicing
from shared.contracts.catalog import (
    CreateCustomer,
    CreateOperator,
    CreatePackage,
    CustomerChanged,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.envelope import (
    Actor,
    Command,
    CommandCompleted,
    CommandRefused,
    Envelope,
    Message,
    Received,
)
from shared.contracts.invoicing import InvoicesIssued, RunProgressed, StartRun
from shared.contracts.sets import InvoiceSet
from shared.db import Pool, in_transaction
from shared.ids import new_id

M = TypeVar("M", bound=Message)

CLERK = Actor(kind="user", name="Clerk")
KINDS = {
    kind.type: kind
    for module in (catalog, invoicing, documents)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Message) and hasattr(kind, "type")
} | {CommandRefused.type: CommandRefused, CommandCompleted.type: CommandCompleted}


@dataclass(frozen=True)
class Heard:
    """A row of the outbox, read as its contract."""

    message: Message
    causation_id: UUID | None
    lane: int
    key: str
    topic: str


def apart(message: Message) -> Iterable[Message]:
    """The invoices of a set as if each were said by itself; any other message."""
    if isinstance(message, InvoicesIssued):
        return InvoiceSet.read(message.model_dump_json().encode()).each()
    return (message,)


def received(message: Message, id: UUID | None = None, offset: int = 0) -> Received[Any]:
    envelope = Envelope(id=id or new_id(), type=message.type, source="test", time=datetime.now(UTC))
    return Received(message, envelope, message.destination(), 0, offset)


def record(message: Message, offset: int, id: UUID | None = None) -> ConsumerRecord[bytes, bytes]:
    return raw_record(message.model_dump_json().encode(), message.type, offset, id or new_id())


def raw_record(value: bytes | None, type: str, offset: int, id: UUID) -> ConsumerRecord[bytes, bytes]:
    headers = {
        "ce_id": str(id),
        "ce_type": type,
        "ce_source": "test",
        "ce_time": datetime.now(UTC).isoformat(),
        "ce_specversion": "1.0",
    }
    return ConsumerRecord(
        topic="invoicing.commands", partition=0, offset=offset, timestamp=0, timestamp_type=0, key=b"k",
        value=value, checksum=None, serialized_key_size=1, serialized_value_size=len(value or b""),
        headers=tuple((name, text.encode()) for name, text in headers.items()),
    )  # fmt: skip


class InvoicingHarness:
    """One installation: a root, its resellers, a package of 1,000.00 + 5 %."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.root, self.north, self.south, self.package = (new_id() for _ in range(4))

    async def furnish(self) -> None:
        await self.tell(self.operator(self.root, "ISP", None))
        await self.tell(self.operator(self.north, "NORTH", self.root))
        await self.tell(self.operator(self.south, "SOUTH", self.root))
        await self.tell(self.sells(self.package, "Home 30", 100_000))

    def operator(self, id: UUID, code: str, parent_id: UUID | None) -> CreateOperator:
        return CreateOperator(actor=CLERK, operator_id=id, code=code, name=f"{code} Net", parent_id=parent_id)

    def sells(self, id: UUID, name: str, price_minor: int, operator_id: UUID | None = None) -> CreatePackage:
        return CreatePackage(
            actor=CLERK,
            package_id=id,
            operator_id=operator_id,
            name=name,
            price_minor=price_minor,
            vat_basis_points=500,
        )

    def customer(self, code: str, **differs: Any) -> CreateCustomer:
        fields: dict[str, Any] = {
            "customer_id": new_id(),
            "operator_id": self.north,
            "name": f"Customer {code}",
            "mobile": "+8801712345678",
            "address": "House 1, Road 2",
            "package_id": self.package,
            "status": "active",
            "billing_cycle": "monthly",
            "since": date(2026, 1, 1),
        }
        return CreateCustomer(actor=CLERK, code=code, **(fields | differs))

    async def tell(self, *messages: Message, ids: Sequence[UUID] = ()) -> list[Heard]:
        """Hand messages to their handlers as one batch; answers what that put into the outbox."""
        batch = [
            received(message, ids[place] if ids else None, place) for place, message in enumerate(messages)
        ]
        handler = (dict(COMMANDS) | dict(PAYMENTS))[type(messages[0])]
        before = await self._last()
        async with in_transaction(self.pool) as tx:
            await handler(batch, tx)
        return await self.said(after=before)

    async def ask(self, command: Command, id: UUID | None = None) -> Message:
        """The one end of a command."""
        command_id = id or new_id()
        said = await self.tell(command, ids=[command_id])
        ends = [each.message for each in said if each.causation_id == command_id]
        assert len(ends) == 1, ends
        return ends[0]

    async def _last(self) -> int:
        return int(await self.pool.fetchval("SELECT coalesce(max(id), 0) FROM outbox"))

    async def said(self, after: int = 0) -> list[Heard]:
        rows = await self.pool.fetch(
            "SELECT type, payload, causation_id, lane, key, topic FROM outbox WHERE id > $1 ORDER BY id",
            after,
        )
        heard = []
        for row in rows:
            message = KINDS[row["type"]].model_validate_json(row["payload"])
            assert (row["key"], row["topic"]) == (message.key(), message.destination())
            heard.append(Heard(message, row["causation_id"], row["lane"], row["key"], row["topic"]))
        return heard

    async def said_of(self, kind: type[M]) -> list[M]:
        """All messages of a kind; an invoice of a set counts as one that is said by itself."""
        messages = [heard.message for heard in await self.said()]
        if kind is InvoicesIssued:
            return [each for each in messages if isinstance(each, kind)]
        return [each for message in messages for each in apart(message) if isinstance(each, kind)]

    async def states(self) -> tuple[list[OperatorChanged], list[PackageChanged], list[CustomerChanged]]:
        return (
            await self.said_of(OperatorChanged),
            await self.said_of(PackageChanged),
            await self.said_of(CustomerChanged),
        )

    def start(self, period: str, **differs: Any) -> StartRun:
        fields: dict[str, Any] = {"run_id": new_id(), "kind": "requested", "period": period}
        return StartRun(actor=CLERK, **(fields | differs))

    async def bill(self, period: str, **differs: Any) -> RunProgressed:
        """Run a period to its end; answers the run's last word."""
        command = self.start(period, **differs)
        end = await self.ask(command)
        assert isinstance(end, RunProgressed), end
        await self.work()
        return (await self.progress_of(command.run_id))[-1]

    async def progress_of(self, run_id: UUID) -> list[RunProgressed]:
        return [each for each in await self.said_of(RunProgressed) if each.run_id == run_id]

    async def work(self) -> None:
        while await workers.work_on_runs(self.pool):
            pass

    async def numbers(self, code: str) -> list[str]:
        rows = await self.pool.fetch(
            "SELECT number FROM invoice WHERE number LIKE $1 ORDER BY sequence", f"{code}-%"
        )
        return [row["number"] for row in rows]

    async def payload_of(self, type: str) -> dict[str, Any]:
        payload = await self.pool.fetchval("SELECT payload FROM outbox WHERE type = $1 LIMIT 1", type)
        decoded: dict[str, Any] = json.loads(payload)
        return decoded
