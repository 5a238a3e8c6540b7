"""What invoicing says and payments must know: bills, customers, operators, the installation's currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from services.payments import store
from services.payments.handlers import answers, held
from services.payments.store import queries
from shared import outbox
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.envelope import Currency, Message, Minor, Received, ShortText, Version
from shared.contracts.invoicing import InvoiceIssued, InvoiceState, InvoiceVoided
from shared.contracts.payments import PaymentAllocated
from shared.db import Tx
from shared.outbox import Said


class BillIssued(Message):
    """The part of an issued invoice that money needs; reading all of it would take three times as long."""

    type: ClassVar[str] = InvoiceIssued.type
    topic: ClassVar[str] = InvoiceState.topic

    invoice_id: UUID
    customer_id: UUID
    operator_id: UUID
    number: ShortText
    currency: Currency
    total_minor: Minor
    issued_on: date
    due_on: date
    version: Version


class BillVoided(BillIssued):
    """The same of a voided invoice."""

    type: ClassVar[str] = InvoiceVoided.type


async def hear_issued(received: Sequence[Received[BillIssued]], tx: Tx) -> None:
    """Know the bills; credit and held money that waited for them settle them."""
    await queries.share_arrivals(tx)
    arrived = await _upsert(tx, [each.data for each in received])
    said = await _settle_by_credit(tx, {each.customer_id for each in arrived})
    await outbox.say(tx, said, lane=outbox.BULK)
    await held.place_for_bills(tx, [each.invoice_id for each in arrived], [each.number for each in arrived])


async def _settle_by_credit(tx: Tx, customer_ids: set[UUID]) -> list[Said]:
    accounts = await store.lock_accounts_with_credit(tx, customer_ids)
    said = answers.settled(accounts.values())
    await store.save(tx, accounts.values())
    return said


async def hear_voided(received: Sequence[Received[BillVoided]], tx: Tx) -> None:
    """Release what was paid on voided bills to credit, under the lock of their customers' money."""
    bills = [each.data for each in received]
    accounts = await store.lock_accounts(tx, {each.customer_id for each in bills}, whole=True)
    said: list[Said] = []
    for bill in bills:
        account = accounts[bill.customer_id]
        known = account.receivables.get(bill.invoice_id)
        if known is not None and not known.voided:
            change = account.release(bill.invoice_id)
            if change is not None:
                said.append(Said(answers.moved(PaymentAllocated, change)))
    said += await answers.save(tx, accounts)
    await _upsert(tx, bills)
    await outbox.say(tx, said)


async def _upsert(tx: Tx, bills: Sequence[BillIssued]) -> list[BillIssued]:
    """Save the newest state of each; answers those that were new or changed."""
    newest: dict[UUID, BillIssued] = {}
    for bill in bills:
        known = newest.get(bill.invoice_id)
        if known is None or known.version < bill.version:
            newest[bill.invoice_id] = bill
    kept = list(newest.values())
    rows = queries.upsert_receivables(
        tx,
        invoice_ids=[each.invoice_id for each in kept],
        customer_ids=[each.customer_id for each in kept],
        operator_ids=[each.operator_id for each in kept],
        numbers=[each.number for each in kept],
        currencies=[each.currency for each in kept],
        totals=[each.total_minor for each in kept],
        issued=[each.issued_on for each in kept],
        due=[each.due_on for each in kept],
        voided=[isinstance(each, BillVoided) for each in kept],
        versions=[each.version for each in kept],
    )
    return [newest[row["invoice_id"]] async for row in rows]


async def hear_customers(received: Sequence[Received[CustomerChanged]], tx: Tx) -> None:
    """Know whose customers they are; held money that waited for one goes to them."""
    newest: dict[UUID, CustomerChanged] = {}
    for each in received:
        known = newest.get(each.data.customer_id)
        if known is None or known.version < each.data.version:
            newest[each.data.customer_id] = each.data
    await queries.share_arrivals(tx)
    kept = list(newest.values())
    rows = queries.upsert_customers(
        tx,
        customer_ids=[each.customer_id for each in kept],
        operator_ids=[each.operator_id for each in kept],
        codes=[each.code for each in kept],
        versions=[each.version for each in kept],
    )
    await held.place_for_customers(tx, {row["code"] async for row in rows})


async def hear_operators(received: Sequence[Received[OperatorChanged]], tx: Tx) -> None:
    """Know the tree of operators."""
    for each in received:
        heard = each.data
        await queries.upsert_operators(
            tx,
            operator_id=heard.operator_id,
            code=heard.code,
            parent_id=heard.parent_id,
            path=list(heard.path),
            version=heard.version,
        )


async def hear_settings(received: Sequence[Received[BillingSettingsChanged]], tx: Tx) -> None:
    """Know the installation's currency and time zone."""
    for each in received:
        heard = each.data
        await queries.upsert_installation(
            tx, currency=heard.currency, time_zone=heard.time_zone, version=heard.version
        )
