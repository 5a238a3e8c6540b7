"""What tests put into payments, as messages or as Kafka's records, and what its outbox says about them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from aiokafka import ConsumerRecord

from services.payments.app import create_service
from services.payments.handlers import CATALOG, INVOICES, PARTNERS, commands
from services.payments.handlers.bills import BillIssued, BillVoided
from services.payments.office import Office
from services.payments.settings import Settings
from shared.consumer import Consumer, Record
from shared.contracts import catalog, envelope, invoicing, notifications, partner, payments
from shared.contracts.envelope import Actor, Envelope, Message, Received
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.links import Links
from shared.sealing import public_key_of
from tests.keys import KEYS

M = TypeVar("M", bound=Message)

CLERK = Actor(kind="user", name="Clerk", email="clerk@desk.test")
SEALING_KEY, NOTIFICATIONS_KEY = KEYS["payments"], KEYS["notifications"]
LINK_KEY, PUBLIC_URL = "the link key of the tests", "http://pay.test"
OFFICE = Office(
    links=Links(LINK_KEY, PUBLIC_URL),
    public_url=PUBLIC_URL,
    gateway_url="http://desk.test",
    sealing_key=SEALING_KEY,
    notifications_key=public_key_of(NOTIFICATIONS_KEY),
    is_development=True,
)
HANDLERS = {**commands(OFFICE), **INVOICES, **CATALOG, **PARTNERS}
KINDS: dict[str, type[Message]] = {
    kind.type: kind
    for module in (catalog, envelope, invoicing, notifications, partner, payments)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Message) and hasattr(kind, "type")
}
_offsets = itertools.count()

MONEY = """
SELECT (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE NOT reversed) AS received,
       (SELECT coalesce(sum(amount_minor), 0) FROM allocation) AS allocated,
       (SELECT coalesce(sum(paid_minor), 0) FROM receivable) AS paid,
       (SELECT coalesce(sum(credit_minor), 0) FROM account) AS credit,
       (SELECT coalesce(sum(amount_minor), 0) FROM refund WHERE NOT failed) AS refunded,
       (SELECT coalesce(sum(refunded_minor), 0) FROM payment WHERE reversed) AS lost
"""
BOOKS = """
SELECT 'credit', account.customer_id, account.credit_minor, coalesce(sum(payment.credit_minor), 0)
  FROM account LEFT JOIN payment USING (customer_id) GROUP BY 2, 3
HAVING account.credit_minor <> coalesce(sum(payment.credit_minor), 0)
UNION ALL
SELECT 'allocated', payment.payment_id, payment.allocated_minor, coalesce(sum(allocation.amount_minor), 0)
  FROM payment LEFT JOIN allocation USING (payment_id) GROUP BY 2, 3
HAVING payment.allocated_minor <> coalesce(sum(allocation.amount_minor), 0)
UNION ALL
SELECT 'paid', receivable.invoice_id, receivable.paid_minor, coalesce(sum(allocation.amount_minor), 0)
  FROM receivable LEFT JOIN allocation USING (invoice_id) GROUP BY 2, 3
HAVING receivable.paid_minor <> coalesce(sum(allocation.amount_minor), 0)
UNION ALL
SELECT 'refunded', account.customer_id, (SELECT coalesce(sum(amount_minor), 0) FROM refund
                                          WHERE refund.customer_id = account.customer_id AND NOT failed),
       coalesce(sum(payment.refunded_minor), 0)
  FROM account LEFT JOIN payment USING (customer_id) GROUP BY 2, 3
HAVING (SELECT coalesce(sum(amount_minor), 0) FROM refund
         WHERE refund.customer_id = account.customer_id AND NOT failed)
       <> coalesce(sum(payment.refunded_minor), 0)
UNION ALL
SELECT 'credit beside a debt', account.customer_id, account.credit_minor, receivable.total_minor
  FROM account JOIN receivable USING (customer_id)
 WHERE account.credit_minor > 0 AND NOT receivable.voided AND receivable.paid_minor < receivable.total_minor
"""


@dataclass(frozen=True)
class Heard:
    """A row of the outbox, read as its contract."""

    message: Message
    causation_id: UUID | None
    lane: int
    topic: str


@dataclass
class PaymentsHarness:
    """One installation: a root, two resellers, one of them with a sub-reseller.

    `tell` and `ask` hand messages to their handlers; `hear` and `bring` take the road of records.
    """

    pool: Pool
    kafka: str = "127.0.0.1:9"
    root: UUID = field(default_factory=new_id)
    north: UUID = field(default_factory=new_id)
    far_north: UUID = field(default_factory=new_id)
    south: UUID = field(default_factory=new_id)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        settings = Settings(
            database_url="unused",
            kafka_bootstrap_servers=self.kafka,
            public_url=PUBLIC_URL,
            gateway_public_url="http://desk.test",
            sealing_key=SEALING_KEY,
            link_key=LINK_KEY,
            notifications_sealing_public_key=public_key_of(NOTIFICATIONS_KEY),
        )
        self.service = create_service(settings)
        self.consumers = [Consumer("payments", each, self.pool) for each in self.service.subscriptions]

    def consumer_of(self, topic: str) -> Consumer:
        for each in self.consumers:
            subscription = each.subscription
            if topic in subscription.topics or (
                subscription.pattern and re.match(subscription.pattern, topic)
            ):
                return each
        raise AssertionError(f"nobody hears {topic}")

    async def bring(self, *records: Record) -> None:
        """Hand over records as one batch a run of the same subscription."""
        for consumer, run in itertools.groupby(records, key=lambda record: self.consumer_of(record.topic)):
            await consumer.handle(tuple(run))

    async def hear(self, *messages: Message) -> None:
        await self.bring(*(record(each) for each in messages))

    async def work(self) -> None:
        """Let everything that goes on by itself go on until it rests."""
        for worker in self.service.workers:
            while await worker.step(self.pool):
                pass

    async def tell(self, *messages: Message, ids: Sequence[UUID] = ()) -> list[Heard]:
        """Hand messages of one type to their handler as one batch; answers what it said."""
        batch = [_received(each, ids[place] if ids else None) for place, each in enumerate(messages)]
        before = await self.last()
        async with in_transaction(self.pool) as tx:
            await HANDLERS[type(messages[0])](batch, tx)
        return await self.said(after=before)

    async def ask(self, command: Message, id: UUID | None = None) -> Message:
        """The one end of a command."""
        command_id = id or new_id()
        said = await self.tell(command, ids=[command_id])
        ends = [each.message for each in said if each.causation_id == command_id]
        assert len(ends) == 1, ends
        return ends[0]

    async def furnish(self) -> None:
        """Settings and the tree are known."""
        root, north = (self.root,), (self.root, self.north)
        await self.hear(
            billing(),
            operator(self.root, "ISP", root),
            operator(self.north, "NORTH", north),
            operator(self.far_north, "FAR", (*north, self.far_north)),
            operator(self.south, "SOUTH", (*root, self.south)),
        )

    async def partner(self, name: str, operator_id: UUID | None = None) -> payments.AddPartner:
        command = payments.AddPartner(
            actor=CLERK, partner_id=new_id(), name=name, operator_id=operator_id or self.root
        )
        await self.hear(command)
        return command

    async def customer(self, code: str, operator_id: UUID | None = None, mobile: str | None = None) -> UUID:
        message = self.customer_changed(code, operator_id)
        await self.tell(message.model_copy(update={"mobile": mobile}))
        return message.customer_id

    def customer_changed(self, code: str, operator_id: UUID | None = None) -> catalog.CustomerChanged:
        return customer(new_id(), code, operator_id or self.north)

    def bill(self, customer_id: UUID, total: int = 105_000, **differs: Any) -> BillIssued:
        number = next(self.numbers)
        fields: dict[str, Any] = {
            "invoice_id": new_id(),
            "operator_id": self.north,
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

    def pays(
        self, customer_id: UUID, amount: int, invoice_id: UUID | None = None, **differs: Any
    ) -> payments.RecordPayment:
        fields: dict[str, Any] = {
            "actor": CLERK,
            "payment_id": new_id(),
            "customer_id": customer_id,
            "invoice_id": invoice_id,
            "amount_minor": amount,
            "currency": "BDT",
            "method": "cash",
            "paid_on": date(2026, 12, 14),
        }
        return payments.RecordPayment(**(fields | differs))

    def invoice(self, total: int = 100, **differs: Any) -> invoicing.InvoiceIssued:
        """What invoicing says of a bill; `bill` is what payments reads of it."""
        return issued(total, **{"operator_id": self.north, **differs})

    async def issue(self, total: int = 100, **differs: Any) -> invoicing.InvoiceIssued:
        bill = self.invoice(total, **differs)
        await self.hear(bill)
        return bill

    def settles(
        self, bill: invoicing.InvoiceIssued, amount: int | None = None, **differs: Any
    ) -> payments.RecordPayment:
        """Pay a bill; the whole of it unless said otherwise."""
        payer = {"customer_id": bill.customer_id, "invoice_id": bill.invoice_id} | differs
        return self.pays(amount=amount or bill.total_minor, **payer)

    def reverses(self, payment: payments.RecordPayment, **differs: Any) -> payments.ReversePayment:
        fields = {"payment_id": payment.payment_id, "customer_id": payment.customer_id, "reason": "bounced"}
        return payments.ReversePayment(actor=CLERK, **{**fields, **differs})

    def refunds(self, customer_id: UUID, amount: int, **differs: Any) -> payments.RefundCredit:
        fields = {
            "refund_id": new_id(),
            "customer_id": customer_id,
            "amount_minor": amount,
            "reason": "moved",
        }
        return payments.RefundCredit(actor=CLERK, **{**fields, **differs})

    async def last(self) -> int:
        return int(await self.pool.fetchval("SELECT coalesce(max(id), 0) FROM outbox"))

    async def said(self, *, after: int = 0, forget: bool = False) -> list[Heard]:
        """Return what is in the outbox, in the order in which it is sent."""
        rows = await self.pool.fetch(
            "SELECT lane, topic, key, type, payload, causation_id FROM outbox"
            " WHERE id > $1 ORDER BY lane, id",
            after,
        )
        if forget:
            await self.pool.execute("DELETE FROM outbox")
        return [_heard(row) for row in rows]

    async def said_of(self, kind: type[M]) -> list[M]:
        return [each.message for each in await self.said() if isinstance(each.message, kind)]

    async def receipts(self) -> list[tuple[str | None, str]]:
        return [(each.payment_id, each.outcome) for each in await self.said_of(partner.PaymentReceipt)]

    async def refusals(self) -> list[str]:
        return [each.code for each in await self.said_of(envelope.CommandRefused)]

    async def paid_of(self, *bills: invoicing.InvoiceState) -> list[int]:
        rows = await self.pool.fetch("SELECT invoice_id, paid_minor FROM receivable")
        paid = {row["invoice_id"]: row["paid_minor"] for row in rows}
        return [paid[each.invoice_id] for each in bills]

    async def paid(self, invoice_id: UUID) -> int:
        return int(
            await self.pool.fetchval("SELECT paid_minor FROM receivable WHERE invoice_id = $1", invoice_id)
        )

    async def credit(self, customer_id: UUID) -> int:
        credit = await self.pool.fetchval(
            "SELECT credit_minor FROM account WHERE customer_id = $1", customer_id
        )
        return int(credit or 0)

    async def dead_letters(self) -> int:
        return int(await self.pool.fetchval("SELECT count(*) FROM dead_letter"))

    async def check_books(self) -> None:
        """Every promise that the tables alone can prove."""
        broken = await self.pool.fetch(BOOKS)
        assert not broken, [tuple(row) for row in broken]

    async def balanced(self) -> dict[str, int]:
        """Nothing was made or lost; answers the sums."""
        row = dict(await self.pool.fetchrow(MONEY) or {})
        assert row["allocated"] == row["paid"], row
        assert row["received"] + row["lost"] == row["allocated"] + row["credit"] + row["refunded"], row
        return {name: int(value) for name, value in row.items()}


def operator(id: UUID, code: str, path: tuple[UUID, ...]) -> catalog.OperatorChanged:
    parent_id = path[-2] if len(path) > 1 else None
    return catalog.OperatorChanged(
        operator_id=id, code=code, name=code, parent_id=parent_id, path=path, invoice_prefix=code, version=1
    )


def billing(currency: str = "BDT") -> catalog.BillingSettingsChanged:
    return catalog.BillingSettingsChanged(
        time_zone="Asia/Dhaka", currency=currency, due_days=10, billing_from="2026-01", link_valid_hours=336,
        default_vat_basis_points=500, version=1,
    )  # fmt: skip


def customer(id: UUID, code: str, operator_id: UUID, version: int = 1) -> catalog.CustomerChanged:
    return catalog.CustomerChanged(
        customer_id=id, operator_id=operator_id, code=code, name="Rahim", mobile=None, address="",
        package_id=UUID(int=1), status="active", billing_cycle="monthly", since=date(2026, 1, 1),
        version=version,
    )  # fmt: skip


def issued(total: int, **differs: Any) -> invoicing.InvoiceIssued:
    line = invoicing.InvoiceLine(
        description="Home 30", quantity=1, unit_minor=total, net_minor=total, vat_basis_points=0, vat_minor=0,
        total_minor=total,
    )  # fmt: skip
    id = differs.get("invoice_id", new_id())
    fields = {
        "invoice_id": id, "number": f"ISP-{id}", "period": "2026-12", "issued_on": date(2026, 12, 1),
        "due_on": date(2026, 12, 11), "currency": "BDT", "lines": (line,), "net_minor": total,
        "vat_basis_points": 0, "vat_minor": 0, "total_minor": total, "operator_id": UUID(int=1),
        "operator_name": "North", "package_id": UUID(int=2), "package_name": "Home 30",
        "customer_id": new_id(), "customer_code": "C1", "customer_name": "Rahim",
        "customer_mobile": None, "run_id": None,
        "issued_at": datetime(2026, 12, 1, tzinfo=UTC), "version": 1,
    }  # fmt: skip
    return invoicing.InvoiceIssued(**{**fields, **differs})


def voided(bill: invoicing.InvoiceIssued) -> invoicing.InvoiceVoided:
    return invoicing.InvoiceVoided(
        **{**bill.model_dump(exclude={"lines"}), "version": bill.version + 1},
        lines=bill.lines,
        void_reason="wrong package",
        voided_at=datetime(2026, 12, 2, tzinfo=UTC),
        voided_by="Clerk",
    )


def record(
    message: Message, id: UUID | None = None, offset: int | None = None, traceparent: str | None = None
) -> Record:
    """The message as Kafka brings it."""
    value, headers = message.model_dump_json().encode(), []
    if traceparent is not None:
        headers.append(("traceparent", traceparent.encode()))
    return raw(message.destination(), value, message.type, id, offset, headers)


def raw(
    topic: str,
    value: bytes | None,
    type: str | None,
    id: UUID | str | None = None,
    offset: int | None = None,
    headers: Sequence[tuple[str, bytes | None]] = (),
) -> Record:
    texts = {
        "ce_id": str(id or new_id()),
        "ce_source": "test",
        "ce_time": datetime.now(UTC).isoformat(),
        "ce_specversion": "1.0",
    } | ({"ce_type": type} if type else {})
    return ConsumerRecord(
        topic=topic, partition=0, offset=next(_offsets) if offset is None else offset, timestamp=0,
        timestamp_type=0, key=b"k", value=value, checksum=None, serialized_key_size=1,
        serialized_value_size=len(value or b""),
        headers=(*((name, text.encode()) for name, text in texts.items()), *headers),
    )  # fmt: skip


def received(name: str, payment_id: str, amount: Any = 100, **fields: Any) -> Record:
    """A partner's event in binary mode."""
    return raw(f"partner.{name}.payments", body(payment_id, amount, **fields), "payment.received.v1")


def structured(name: str, payment_id: str, amount: Any = 100, **fields: Any) -> Record:
    """The same in structured mode: no attribute is a header."""
    event: Mapping[str, Any] = {
        "specversion": "1.0", "id": f"event-{payment_id}", "type": "payment.received.v1", "source": name,
        "datacontenttype": "application/json", "data": json.loads(body(payment_id, amount, **fields)),
    }  # fmt: skip
    content_type = ("content-type", b"application/cloudevents+json; charset=UTF-8")
    return ConsumerRecord(
        topic=f"partner.{name}.payments", partition=0, offset=next(_offsets), timestamp=0, timestamp_type=0,
        key=None, value=json.dumps(event).encode(), checksum=None, serialized_key_size=-1,
        serialized_value_size=1, headers=(content_type,),
    )  # fmt: skip


def body(payment_id: str, amount: Any = 100, **fields: Any) -> bytes:
    """A partner's payload; a field given as None is left out."""
    full = {
        "payment_id": payment_id, "amount_minor": amount, "currency": "BDT",
        "paid_at": "2026-01-05T10:00:00Z", **fields,
    }  # fmt: skip
    return json.dumps({name: value for name, value in full.items() if value is not None}).encode()


def _received(message: Message, id: UUID | None = None) -> Received[Any]:
    envelope = Envelope(id=id or new_id(), type=message.type, source="test", time=datetime.now(UTC))
    return Received(message, envelope, message.topic, 0, 0)


def _heard(row: Mapping[str, Any]) -> Heard:
    message = KINDS[row["type"]].model_validate_json(row["payload"])
    assert (row["key"], row["topic"]) == (message.key(), message.destination())
    return Heard(message, row["causation_id"], row["lane"], row["topic"])
