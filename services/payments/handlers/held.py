"""Money that waits: placed by itself when its bill or customer comes, or placed or rejected by staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

from services.payments import domain, store
from services.payments.domain import CurrencyMismatch, NotFound, NotHeld, Payment, Refused, is_within
from services.payments.handlers import answers, targets
from services.payments.handlers.answers import CONSUMER, moved, refused
from services.payments.handlers.targets import Place, Wanted
from services.payments.store import Accounts, Row, queries
from shared import clock, inbox, outbox
from shared.contracts.envelope import Command, Message, Received
from shared.contracts.partner import PaymentReceipt
from shared.contracts.payments import (
    HeldPaymentPlaced,
    HeldPaymentRejected,
    HeldPaymentState,
    PaymentRecorded,
    PlaceHeldPayment,
    RejectHeldPayment,
)
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import Said

H = TypeVar("H", bound=HeldPaymentState)


def held_state(kind: type[H], row: Row, **more: Any) -> H:
    """Held money as the world hears it."""
    names = (
        "held_id", "source", "payment_id", "operator_id", "amount_minor", "currency", "reason", "received_at",
        "state", "our_payment_id", "version",
    )  # fmt: skip
    return kind(**{name: row[name] for name in names}, **more)


async def place_for_bills(tx: Tx, invoice_ids: Collection[UUID], numbers: Collection[str]) -> None:
    """Place what waited for these bills; one look when nothing waits."""
    if invoice_ids and await queries.is_money_waiting_for_bills(tx):
        rows = queries.held_for_bills(tx, invoice_ids=list(invoice_ids), numbers=list(numbers))
        await _place_found(tx, [row async for row in rows])


async def place_for_customers(tx: Tx, codes: Collection[str]) -> None:
    """Place what waited for customers with these codes; one look when nothing waits."""
    if codes and await queries.is_money_waiting_for_customers(tx):
        await _place_found(tx, [row async for row in queries.held_for_customers(tx, codes=list(codes))])


async def _place_found(tx: Tx, rows: Sequence[Row]) -> None:
    found = await targets.find(tx, [_wanted(row) for row in rows])
    placeable = [(row, place) for row, place in zip(rows, found, strict=True) if isinstance(place, Place)]
    if not placeable:
        return
    accounts = await store.lock_accounts(tx, {place.customer_id for _, place in placeable})
    said: list[Said] = []
    for row, place in placeable:
        placed, money = await _place(tx, row, place, accounts)
        said += [Said(money), Said(placed)]
    said += await answers.save(tx, accounts)
    await outbox.say(tx, said)
    await _say_final(tx, [row for row, _ in placeable])


def _wanted(row: Row) -> Wanted:
    return Wanted(
        row["operator_id"], row["currency"], row["invoice_id"], row["invoice_number"], row["customer_code"]
    )


async def _place(
    tx: Tx, row: Row, place: Place, accounts: Accounts
) -> tuple[HeldPaymentPlaced, PaymentRecorded]:
    """Turn held money into a payment of the customer's; the caller saves the account."""
    payment = _payment(row, place)
    change = accounts[place.customer_id].receive(payment)
    left = await queries.leave_held(
        tx,
        held_id=row["held_id"],
        state="placed",
        our_payment_id=payment.payment_id,
        rejection_reason=None,
    )
    return held_state(HeldPaymentPlaced, left), moved(PaymentRecorded, change)


def _payment(row: Row, place: Place) -> Payment:
    return Payment(
        payment_id=new_id(),
        customer_id=place.customer_id,
        invoice_id=place.invoice_id,
        amount=row["amount_minor"],
        currency=row["currency"],
        method=row["method"],
        paid_on=row["paid_on"],
        recorded_at=clock.now(),
        recorded_by=row["partner_name"] or row["source"],
        source=row["source"],
        external_id=row["payment_id"],
        reference=row["payer_reference"],
    )


async def _say_final(
    tx: Tx, rows: Sequence[Row], *, outcome: Literal["recorded", "rejected"] = "recorded"
) -> None:
    """The second and last receipt of money that was held; behind the first one, in its lane."""
    said: list[Said] = []
    for row in rows:
        now = await queries.held_by_id(tx, held_id=row["held_id"])
        if now["partner_name"] is not None:
            receipt = PaymentReceipt(
                partner=now["partner_name"],
                payment_id=now["payment_id"],
                event_id=now["event_id"],
                outcome=outcome,
                reason=now["rejection_reason"],
                our_payment_id=now["our_payment_id"],
            )
            said.append(Said(receipt))
    await outbox.say(tx, said, lane=outbox.BULK)


async def place_held(received: Sequence[Received[PlaceHeldPayment]], tx: Tx) -> None:
    """Staff give held money to a bill or a customer."""
    for each in await inbox.recognise(tx, received, CONSUMER):
        try:
            await _place_by_staff(tx, each)
        except Refused as refusal:
            await outbox.say(tx, [refused(refusal, each)])


async def _place_by_staff(tx: Tx, received: Received[PlaceHeldPayment]) -> None:
    wanted = received.data
    row = await _still_held(tx, wanted.held_id, wanted)
    if await store.installation_currency(tx) not in (None, row["currency"]):
        raise CurrencyMismatch
    await _check_reach(tx, wanted)
    accounts = await store.lock_accounts(tx, {wanted.customer_id})
    if wanted.invoice_id is not None:
        await store.include_receivables(tx, accounts, {wanted.invoice_id})
        domain.check_payable(accounts[wanted.customer_id].receivables[wanted.invoice_id], None)
    placed, money = await _place(tx, row, Place(wanted.customer_id, wanted.invoice_id), accounts)
    said = [Said(money), Said(placed, because=received.envelope)]
    await outbox.say(tx, said + await answers.save(tx, accounts), lane=received.envelope.lane)
    await _say_final(tx, [row])


async def _check_reach(tx: Tx, wanted: PlaceHeldPayment) -> None:
    invoice_ids = {wanted.invoice_id} if wanted.invoice_id else set()
    reach = await store.reach_of(tx, invoice_ids=invoice_ids, customer_ids={wanted.customer_id})
    if wanted.invoice_id is not None:
        customer_id, path = reach.invoices.get(wanted.invoice_id, (None, None))
        if customer_id != wanted.customer_id or not is_within(path, wanted.scope):
            raise NotFound
    elif wanted.customer_id not in reach.customers or not is_within(
        reach.customers[wanted.customer_id], wanted.scope
    ):
        raise NotFound


async def _still_held(tx: Tx, held_id: UUID, command: Command) -> Row:
    """Lock held money that the caller reaches; what no partner sent is the root's business."""
    row: Row | None = await queries.held_by_id(tx, held_id=held_id)
    if row is None:
        raise NotFound
    path = await queries.operator_path(tx, operator_id=row["operator_id"]) if row["operator_id"] else None
    if not is_within(path, command.scope):
        raise NotFound
    if row["state"] != "held":
        raise NotHeld
    return row


async def reject_held(received: Sequence[Received[RejectHeldPayment]], tx: Tx) -> None:
    """Staff refuse held money, with a reason that its sender learns."""
    for each in await inbox.recognise(tx, received, CONSUMER):
        try:
            await _still_held(tx, each.data.held_id, each.data)
            left = await queries.leave_held(
                tx,
                held_id=each.data.held_id,
                state="rejected",
                our_payment_id=None,
                rejection_reason=each.data.reason,
            )
            rejected: Message = held_state(HeldPaymentRejected, left, rejection_reason=each.data.reason)
            await outbox.say(tx, [Said(rejected, because=each.envelope)])
            await _say_final(tx, [left], outcome="rejected")
        except Refused as refusal:
            await outbox.say(tx, [refused(refusal, each)])
