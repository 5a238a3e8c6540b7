"""A desk to test payments from: messages in, and what the outbox says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from aiokafka import ConsumerRecord

from services.payments.handlers import CATALOG, INVOICES, PARTNERS, commands
from services.payments.handlers.bills import BillIssued, BillVoided
from services.payments.office import Office
from services.payments.reader import read_partner_event
from shared.consumer import Consumer, Subscription
from shared.contracts import notifications, payments
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.envelope import Actor, CommandCompleted, CommandRefused, Envelope, Message, Received
from shared.contracts.partner import PaymentReceipt
from shared.contracts.payments import RecordPayment
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.links import Links
from shared.sealing import public_key_of
from tests.keys import KEYS

M = TypeVar("M", bound=Message)

CLERK = Actor(kind="user", name="Clerk")
SEALING_KEY, NOTIFICATIONS_KEY = KEYS["payments"], KEYS["notifications"]
OFFICE = Office(
    links=Links("the link key of the tests", "http://pay.test"),
    public_url="http://pay.test",
    sealing_key=SEALING_KEY,
    notifications_key=public_key_of(NOTIFICATIONS_KEY),
    is_development=True,
)
HANDLERS = {**commands(OFFICE), **INVOICES, **CATALOG, **PARTNERS}
KINDS: dict[str, type[Message]] = {
    kind.type: kind
    for kind in (*vars(payments).values(), *vars(notifications).values())
    if isinstance(kind, type) and issubclass(kind, Message) and hasattr(kind, "type")
} | {kind.type: kind for kind in (CommandRefused, CommandCompleted, PaymentReceipt)}
MONEY = """
SELECT (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE NOT reversed) AS received,
       (SELECT coalesce(sum(amount_minor), 0) FROM allocation) AS allocated,
       (SELECT coalesce(sum(paid_minor), 0) FROM receivable) AS paid,
       (SELECT coalesce(sum(credit_minor), 0) FROM account) AS credit,
       (SELECT coalesce(sum(amount_minor), 0) FROM refund WHERE NOT failed) AS refunded,
       (SELECT coalesce(sum(refunded_minor), 0) FROM payment WHERE reversed) AS lost
"""


@dataclass(frozen=True)
class Heard:
    """A row of the outbox, read as its contract."""

    message: Message
    causation_id: UUID | None
    lane: int


def received(message: Message, id: UUID | None = None) -> Received[Any]:
    envelope = Envelope(id=id or new_id(), type=message.type, source="test", time=datetime.now(UTC))
    return Received(message, envelope, message.topic, 0, 0)


class Desk:
    """One installation: a root, two resellers; the partner `paywell` belongs to the first of them."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.root, self.reseller, self.neighbour = (new_id() for _ in range(3))
        self.numbers, self.offsets = count(1), count(0)
        self.partners = Consumer(
            "payments",
            Subscription("partners", handlers=PARTNERS, pattern="x", read=read_partner_event),
            pool,
        )

    async def furnish(self) -> None:
        for id, code, path in (
            (self.root, "ISP", (self.root,)),
            (self.reseller, "NORTH", (self.root, self.reseller)),
            (self.neighbour, "SOUTH", (self.root, self.neighbour)),
        ):
            parent = path[-2] if len(path) > 1 else None
            await self.tell(
                OperatorChanged(
                    operator_id=id,
                    code=code,
                    name=code,
                    parent_id=parent,
                    path=path,
                    invoice_prefix=code,
                    version=1,
                )
            )
        await self.tell(
            BillingSettingsChanged(
                time_zone="Asia/Dhaka",
                currency="BDT",
                due_days=10,
                billing_from="2026-01",
                link_valid_hours=336,
                default_vat_basis_points=500,
                version=1,
            )
        )
        await self.pool.execute(
            "INSERT INTO partner (partner_id, name, operator_id) VALUES ($1, 'paywell', $2)",
            new_id(),
            self.reseller,
        )

    async def customer(self, code: str, operator_id: UUID | None = None, mobile: str | None = None) -> UUID:
        message = self.customer_changed(code, operator_id)
        await self.tell(message.model_copy(update={"mobile": mobile}))
        return message.customer_id

    def customer_changed(self, code: str, operator_id: UUID | None = None) -> CustomerChanged:
        return CustomerChanged(
            customer_id=new_id(), operator_id=operator_id or self.reseller, code=code, name=code, mobile=None,
            address="", package_id=new_id(), status="active", billing_cycle="monthly", since=date(2026, 1, 1),
            version=1,
        )  # fmt: skip

    def bill(self, customer_id: UUID, total: int = 105_000, **differs: Any) -> BillIssued:
        number = next(self.numbers)
        fields: dict[str, Any] = {
            "invoice_id": new_id(),
            "operator_id": self.reseller,
            "number": f"NORTH-{number:06}",
            "period": "2026-12",
            "currency": "BDT",
            "issued_on": date(2026, 12, 1),
            "due_on": date(2026, 12, 11),
            "version": 1,
        }
        return BillIssued(customer_id=customer_id, total_minor=total, **(fields | differs))

    async def billed(self, customer_id: UUID, total: int = 105_000, **differs: Any) -> UUID:
        bill = self.bill(customer_id, total, **differs)
        await self.tell(bill)
        return bill.invoice_id

    def voided(self, bill: BillIssued) -> BillVoided:
        return BillVoided(**(bill.model_dump() | {"version": bill.version + 1}))

    def pays(self, customer_id: UUID, amount: int, invoice_id: UUID | None = None, **differs: Any) -> Any:
        fields: dict[str, Any] = {
            "payment_id": new_id(),
            "currency": "BDT",
            "method": "cash",
            "paid_on": date(2026, 12, 14),
        }
        return RecordPayment(
            actor=CLERK,
            customer_id=customer_id,
            invoice_id=invoice_id,
            amount_minor=amount,
            **(fields | differs),
        )

    async def tell(self, *messages: Message, ids: Sequence[UUID] = ()) -> list[Heard]:
        """Hand messages of one type to their handler as one batch; answers what it said."""
        batch = [received(each, ids[place] if ids else None) for place, each in enumerate(messages)]
        before = await self.last()
        async with in_transaction(self.pool) as tx:
            await HANDLERS[type(messages[0])](batch, tx)
        return await self.heard(after=before)

    async def ask(self, command: Message, id: UUID | None = None) -> Message:
        """The one end of a command."""
        command_id = id or new_id()
        said = await self.tell(command, ids=[command_id])
        ends = [each.message for each in said if each.causation_id == command_id]
        assert len(ends) == 1, ends
        return ends[0]

    def record(
        self, value: bytes | None, *, topic: str = "partner.paywell.payments", **headers: Any
    ) -> ConsumerRecord[bytes, bytes]:
        named = {"ce_type": b"payment.received.v1", "ce_id": b"event-1"} | headers
        pairs = tuple((name.replace("__", "-"), text) for name, text in named.items() if text != b"-")
        return ConsumerRecord(
            topic=topic, partition=0, offset=next(self.offsets), timestamp=1, timestamp_type=0, key=None,
            value=value, checksum=None, serialized_key_size=0, serialized_value_size=0, headers=pairs,
        )  # fmt: skip

    async def send(self, *records: ConsumerRecord[bytes, bytes]) -> list[PaymentReceipt]:
        """What the partner hears about these records."""
        before = await self.last()
        await self.partners.handle(records)
        said = [each.message for each in await self.heard(after=before)]
        return [each for each in said if isinstance(each, PaymentReceipt)]

    async def last(self) -> int:
        return int(await self.pool.fetchval("SELECT coalesce(max(id), 0) FROM outbox"))

    async def heard(self, after: int = 0) -> list[Heard]:
        rows = await self.pool.fetch(
            "SELECT type, payload, causation_id, lane, key, topic FROM outbox WHERE id > $1 ORDER BY id",
            after,
        )
        heard = []
        for row in rows:
            message = KINDS[row["type"]].model_validate_json(row["payload"])
            assert (row["key"], row["topic"]) == (message.key(), message.destination())
            heard.append(Heard(message, row["causation_id"], row["lane"]))
        return heard

    async def all_of(self, kind: type[M]) -> list[M]:
        return [each.message for each in await self.heard() if isinstance(each.message, kind)]

    async def paid(self, invoice_id: UUID) -> int:
        return int(
            await self.pool.fetchval("SELECT paid_minor FROM receivable WHERE invoice_id = $1", invoice_id)
        )

    async def credit(self, customer_id: UUID) -> int:
        found = await self.pool.fetchval(
            "SELECT credit_minor FROM account WHERE customer_id = $1", customer_id
        )
        return int(found or 0)

    async def balanced(self) -> dict[str, int]:
        """Nothing was made or lost; answers the sums."""
        row = dict(await self.pool.fetchrow(MONEY) or {})
        assert row["allocated"] == row["paid"], row
        assert row["received"] + row["lost"] == row["allocated"] + row["credit"] + row["refunded"], row
        return {name: int(value) for name, value in row.items()}
