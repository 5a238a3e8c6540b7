"""Money that waits: placed by itself when its bill or customer comes, or placed or rejected by staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from services.payments import domain, store
from services.payments.domain import (
    AmountTooLarge,
    CurrencyMismatch,
    NotFound,
    NotHeld,
    Payment,
    RefundUnderWay,
    is_within,
)
from services.payments.handlers import answers, arrivals, messages, targets
from services.payments.handlers.answers import moved
from services.payments.handlers.books import Books
from services.payments.handlers.targets import Found, Place, Wanted
from services.payments.store import Accounts
from services.payments.store.held import HeldPayment
from shared import clock, outbox
from shared.contracts.envelope import Received
from shared.contracts.partner import PaymentReceipt
from shared.contracts.payments import (
    HeldPaymentPlaced,
    HeldPaymentRejected,
    HeldPaymentState,
    HeldReason,
    PaymentHeld,
    PaymentRecorded,
    PlaceHeldPayment,
    RefundHeldPayment,
    RejectHeldPayment,
)
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import Said

PAUSED: HeldReason = "partner-paused"
H = TypeVar("H", bound=HeldPaymentState)


def held_state(kind: type[H], held: HeldPayment, **more: Any) -> H:
    """Held money as the world hears it."""
    names = (
        "held_id", "source", "payment_id", "operator_id", "amount_minor", "currency", "reason", "received_at",
        "state", "our_payment_id", "customer_id", "invoice_id", "checkout_id", "version",
    )  # fmt: skip
    return kind(**{name: getattr(held, name) for name in names}, **more)


@dataclass(frozen=True, slots=True)
class Placed:
    """The messages on money that found its place, and the final receipts, which follow in the bulk lane."""

    said: Sequence[Said]
    receipts: Sequence[Said]


async def place_for_customers(tx: Tx, codes: Collection[str]) -> None:
    """Place what waited for customers with these codes, who are known by now."""
    if codes:
        await arrivals.undisturbed(tx, lambda: _place_for_customers(tx, codes))


async def _place_for_customers(tx: Tx, codes: Collection[str]) -> None:
    held_ids = await store.held.waiting_for_customers(tx, codes)
    accounts = await _lock_accounts_of(tx, held_ids)
    await arrivals.share_targets(tx, codes)
    if not await store.held.waiting_for_customers(tx, codes) <= held_ids:
        raise arrivals.Overtaken
    await _place_and_say(tx, held_ids, accounts)


async def place_where_possible(tx: Tx, held_ids: Collection[UUID]) -> None:
    """Look again for a place for held money, whatever it was held for."""
    accounts = await _lock_accounts_of(tx, held_ids)
    await _place_and_say(tx, held_ids, accounts)


async def say_what_is_wrong(tx: Tx, held_ids: Collection[UUID]) -> None:
    """Say why money that a pause has held still has no place, now that the pause is over."""
    known = await store.held.by_ids(tx, held_ids)
    money = await lock(tx, [each.held_id for each in known if each.reason == PAUSED])
    said = []
    for each, place in zip(money, await _places_of(tx, money), strict=True):
        if not isinstance(place, Place):
            waiting = await store.held.wait_for_another_reason(tx, each.held_id, place)
            said.append(Said(held_state(PaymentHeld, waiting)))
    await outbox.say(tx, said, lane=outbox.BULK)


async def _lock_accounts_of(tx: Tx, held_ids: Collection[UUID]) -> Accounts:
    """Lock the accounts that the money would go to, before the money itself."""
    if not held_ids:
        return {}
    places = await _places_of(tx, await store.held.by_ids(tx, held_ids))
    return await store.lock_accounts(tx, {each.customer_id for each in places if isinstance(each, Place)})


async def _place_and_say(tx: Tx, held_ids: Collection[UUID], accounts: Accounts) -> None:
    if accounts:
        placed = await place(tx, await lock(tx, held_ids), accounts)
        await messages.say_with_receipts(tx, [*placed.said, *await answers.save(tx, accounts)])
        await outbox.say(tx, placed.receipts, lane=outbox.BULK)


async def lock(tx: Tx, held_ids: Collection[UUID]) -> list[HeldPayment]:
    """Lock money that is still held; its accounts are locked before it."""
    return [each for each in await store.held.lock(tx, held_ids) if each.state == "held"]


async def place(tx: Tx, money: Sequence[HeldPayment], accounts: Accounts) -> Placed:
    """Give held money to those of the locked accounts that it belongs to; the caller saves them.

    What has no place yet, or would be more than can be counted, stays held.
    """
    said: list[Said] = []
    receipts: list[Said] = []
    if money:
        for each, place in zip(money, await _places_of(tx, money), strict=True):
            if isinstance(place, Place) and place.customer_id in accounts:
                with suppress(AmountTooLarge):
                    left, recorded = await _place(tx, each, place, accounts)
                    said += [Said(recorded), Said(held_state(HeldPaymentPlaced, left))]
                    receipts.append(_final_receipt(left))
    return Placed(said, receipts)


async def _places_of(tx: Tx, money: Sequence[HeldPayment]) -> list[Found]:
    wanted = [
        Wanted(each.operator_id, each.currency, each.invoice_id, each.invoice_number, each.customer_code)
        for each in money
    ]
    return await targets.find(tx, wanted)


async def _place(
    tx: Tx, held: HeldPayment, place: Place, accounts: Accounts
) -> tuple[HeldPayment, PaymentRecorded]:
    """Turn held money into a payment of the customer's; return both, the money as it is left."""
    payment = _payment(held, place)
    change = accounts[place.customer_id].receive(payment)
    left = await store.held.place(tx, held.held_id, payment.payment_id)
    return left, moved(PaymentRecorded, change)


def _payment(held: HeldPayment, place: Place) -> Payment:
    return Payment(
        payment_id=new_id(),
        customer_id=place.customer_id,
        invoice_id=place.invoice_id,
        amount=held.amount_minor,
        currency=held.currency,
        method=held.method,
        paid_on=held.paid_on,
        recorded_at=clock.now(),
        recorded_by=held.source,
        recorded_by_name=held.partner_name,
        source=held.source,
        external_id=held.payment_id,
        reference=held.payer_reference,
    )


def _final_receipt(left: HeldPayment) -> Said:
    """The second and last receipt of a partner's money that was held."""
    assert left.partner_name is not None, "only what a partner sent has receipts"
    receipt = PaymentReceipt(
        partner=left.partner_name,
        payment_id=left.payment_id,
        event_id=left.event_id,
        outcome="recorded" if left.state == "placed" else "rejected",
        reason=left.rejection_reason,
        our_payment_id=left.our_payment_id,
    )
    return Said(receipt)


async def place_by_staff(tx: Tx, received: Received[PlaceHeldPayment], books: Books) -> list[Said]:
    """Staff give held money to a bill or a customer."""
    wanted = received.data
    money = await still_held(tx, wanted, books)
    if books.currency not in (None, money.currency):
        raise CurrencyMismatch
    books.check_reach(wanted.customer_id, wanted.invoice_id, wanted.scope)
    if wanted.invoice_id is not None:
        domain.check_payable(books.accounts[wanted.customer_id].receivables[wanted.invoice_id], None)
    left, recorded = await _place(tx, money, Place(wanted.customer_id, wanted.invoice_id), books.accounts)
    _leave(books, left)
    return [Said(recorded), Said(held_state(HeldPaymentPlaced, left), because=received.envelope)]


async def reject_by_staff(tx: Tx, received: Received[RejectHeldPayment], books: Books) -> list[Said]:
    """Staff refuse held money, with a reason that its sender learns."""
    await still_held(tx, received.data, books)
    reason = received.data.reason
    left = await store.held.reject(tx, received.data.held_id, reason)
    _leave(books, left)
    rejected = held_state(HeldPaymentRejected, left, rejection_reason=reason)
    return [Said(rejected, because=received.envelope)]


def _leave(books: Books, left: HeldPayment) -> None:
    books.held[left.held_id] = left
    if left.partner_name is not None:
        books.receipts.append(_final_receipt(left))


async def still_held(
    tx: Tx, command: PlaceHeldPayment | RejectHeldPayment | RefundHeldPayment, books: Books
) -> HeldPayment:
    """Held money that the caller reaches; what no partner sent is the root's business."""
    money = books.held.get(command.held_id)
    if money is None:
        raise NotFound
    path = await store.operators.path(tx, money.operator_id) if money.operator_id else None
    if not is_within(path, command.scope):
        raise NotFound
    if money.state != "held":
        raise NotHeld
    if money.held_id in books.refunding:
        raise RefundUnderWay
    return money
