"""Held money in the hands of staff: placed or rejected once, with a final receipt."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.partner import PaymentReceipt
from shared.contracts.payments import (
    HeldPaymentPlaced,
    HeldPaymentRejected,
    PaymentHeld,
    PaymentRecorded,
    PlaceHeldPayment,
    RejectHeldPayment,
)
from shared.ids import new_id
from tests.integration.payments.records.till import CLERK, Till, customer, received, record


async def hold(till: Till, **fields: str) -> UUID:
    await till.partner("bkash", till.north)
    await till.bring(received("bkash", "T1", 100, **(fields or {"customer_code": "NOBODY"})))
    (held,) = await till.said_of(PaymentHeld)
    return held.held_id


def places(
    held_id: UUID, customer_id: UUID, invoice_id: UUID | None = None, scope: UUID | None = None
) -> PlaceHeldPayment:
    return PlaceHeldPayment(
        actor=CLERK, scope=scope, held_id=held_id, customer_id=customer_id, invoice_id=invoice_id
    )


def rejects(held_id: UUID, scope: UUID | None = None) -> RejectHeldPayment:
    return RejectHeldPayment(actor=CLERK, scope=scope, held_id=held_id, reason="not ours")


async def test_staff_place_held_money_on_a_bill(till: Till) -> None:
    held_id, bill, id = await hold(till), await till.issue(80), new_id()
    await till.hear(customer(bill.customer_id, "C1", till.north))
    command = record(places(held_id, bill.customer_id, bill.invoice_id), id)
    await till.bring(command, command)
    assert await till.paid(bill) == [80]
    assert await till.credit(bill.customer_id) == 20
    assert await till.receipts() == [("T1", "held"), ("T1", "recorded")]
    (placed,), (recorded,) = await till.said_of(HeldPaymentPlaced), await till.said_of(PaymentRecorded)
    assert placed.our_payment_id == recorded.payments[0].payment_id
    assert sum(each.causation_id == id for each in await till.said()) == 1


async def test_staff_place_held_money_with_a_customer(till: Till) -> None:
    held_id, id = await hold(till), new_id()
    await till.hear(customer(id, "C1", till.north))
    bill = await till.issue(80, customer_id=id)
    await till.hear(places(held_id, id))
    assert await till.paid(bill) == [80]


async def test_held_money_is_placed_once(till: Till) -> None:
    held_id, bill = await hold(till), await till.issue(80)
    await till.hear(customer(bill.customer_id, "C1", till.north))
    await till.hear(places(held_id, bill.customer_id, bill.invoice_id), places(held_id, bill.customer_id))
    await till.hear(rejects(held_id))
    assert await till.refusals() == ["not-held", "not-held"]
    assert await till.credit(bill.customer_id) == 20


async def test_rejected_money_is_answered_and_stays_rejected(till: Till) -> None:
    bill = till.bill(100)
    held_id = await hold(till, invoice_id=str(bill.invoice_id))
    await till.hear(rejects(held_id))
    (rejected,) = await till.said_of(HeldPaymentRejected)
    assert (rejected.state, rejected.rejection_reason) == ("rejected", "not ours")
    final = (await till.said_of(PaymentReceipt))[-1]
    assert (final.outcome, final.reason) == ("rejected", "not ours")
    await till.hear(bill)
    await till.work()
    assert await till.paid(bill) == [0]
    await till.hear(places(held_id, bill.customer_id, bill.invoice_id))
    assert await till.refusals() == ["not-held"]


async def test_held_money_outside_the_scope_is_not_found(till: Till) -> None:
    held_id, bill = await hold(till), await till.issue(80)
    south = await till.issue(80, operator_id=till.south)
    await till.hear(
        rejects(held_id, scope=till.south),
        rejects(new_id()),
        places(held_id, bill.customer_id, bill.invoice_id, scope=till.south),
        places(held_id, south.customer_id, south.invoice_id, scope=till.north),
    )
    assert set(await till.refusals()) == {"not-found"}
    assert len(await till.refusals()) == 4


async def test_money_of_another_currency_is_not_placed_as_ours(till: Till) -> None:
    bill = await till.issue(80)
    held_id = await hold(till, invoice_id=str(bill.invoice_id), currency="USD")
    await till.hear(places(held_id, bill.customer_id, bill.invoice_id))
    assert await till.refusals() == ["currency-mismatch"]
    assert await till.paid(bill) == [0]
