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
from tests.integration.payments.harness import CLERK, PaymentsHarness, customer, received, record


async def hold(harness: PaymentsHarness, **fields: str) -> UUID:
    await harness.partner("bkash", harness.north)
    await harness.bring(received("bkash", "T1", 100, **(fields or {"customer_code": "NOBODY"})))
    (held,) = await harness.said_of(PaymentHeld)
    return held.held_id


def places(
    held_id: UUID, customer_id: UUID, invoice_id: UUID | None = None, scope: UUID | None = None
) -> PlaceHeldPayment:
    return PlaceHeldPayment(
        actor=CLERK, scope=scope, held_id=held_id, customer_id=customer_id, invoice_id=invoice_id
    )


def rejects(held_id: UUID, scope: UUID | None = None) -> RejectHeldPayment:
    return RejectHeldPayment(actor=CLERK, scope=scope, held_id=held_id, reason="not ours")


async def test_staff_place_held_money_on_a_bill(harness: PaymentsHarness) -> None:
    held_id, bill, id = await hold(harness), await harness.issue(80), new_id()
    await harness.hear(customer(bill.customer_id, "C1", harness.north))
    command = record(places(held_id, bill.customer_id, bill.invoice_id), id)
    await harness.bring(command, command)
    assert await harness.paid_of(bill) == [80]
    assert await harness.credit(bill.customer_id) == 20
    assert await harness.receipts() == [("T1", "held"), ("T1", "recorded")]
    (placed,), (recorded,) = await harness.said_of(HeldPaymentPlaced), await harness.said_of(PaymentRecorded)
    assert placed.our_payment_id == recorded.payments[0].payment_id
    assert sum(each.causation_id == id for each in await harness.said()) == 1


async def test_staff_place_held_money_with_a_customer(harness: PaymentsHarness) -> None:
    held_id, id = await hold(harness), new_id()
    await harness.hear(customer(id, "C1", harness.north))
    bill = await harness.issue(80, customer_id=id)
    await harness.hear(places(held_id, id))
    assert await harness.paid_of(bill) == [80]


async def test_held_money_is_placed_once(harness: PaymentsHarness) -> None:
    held_id, bill = await hold(harness), await harness.issue(80)
    await harness.hear(customer(bill.customer_id, "C1", harness.north))
    await harness.hear(places(held_id, bill.customer_id, bill.invoice_id), places(held_id, bill.customer_id))
    await harness.hear(rejects(held_id))
    assert await harness.refusals() == ["not-held", "not-held"]
    assert await harness.credit(bill.customer_id) == 20


async def test_rejected_money_is_answered_and_stays_rejected(harness: PaymentsHarness) -> None:
    bill = harness.invoice(100)
    held_id = await hold(harness, invoice_id=str(bill.invoice_id))
    await harness.hear(rejects(held_id))
    (rejected,) = await harness.said_of(HeldPaymentRejected)
    assert (rejected.state, rejected.rejection_reason) == ("rejected", "not ours")
    final = (await harness.said_of(PaymentReceipt))[-1]
    assert (final.outcome, final.reason) == ("rejected", "not ours")
    await harness.hear(bill)
    await harness.work()
    assert await harness.paid_of(bill) == [0]
    await harness.hear(places(held_id, bill.customer_id, bill.invoice_id))
    assert await harness.refusals() == ["not-held"]


async def test_held_money_outside_the_scope_is_not_found(harness: PaymentsHarness) -> None:
    held_id, bill = await hold(harness), await harness.issue(80)
    south = await harness.issue(80, operator_id=harness.south)
    await harness.hear(
        rejects(held_id, scope=harness.south),
        rejects(new_id()),
        places(held_id, bill.customer_id, bill.invoice_id, scope=harness.south),
        places(held_id, south.customer_id, south.invoice_id, scope=harness.north),
    )
    assert set(await harness.refusals()) == {"not-found"}
    assert len(await harness.refusals()) == 4


async def test_money_of_another_currency_is_not_placed_as_ours(harness: PaymentsHarness) -> None:
    bill = await harness.issue(80)
    held_id = await hold(harness, invoice_id=str(bill.invoice_id), currency="USD")
    await harness.hear(places(held_id, bill.customer_id, bill.invoice_id))
    assert await harness.refusals() == ["currency-mismatch"]
    assert await harness.paid_of(bill) == [0]
