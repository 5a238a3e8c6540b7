"""Money back through the gateway that took it: once, with its trail, or credit again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from devstack.simulators.bkash import BkashSimulator
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import (
    CreditRefunded,
    HeldPaymentRejected,
    PaymentHeld,
    PaymentRecorded,
    RefundFailed,
    RefundHeldPayment,
    RefundStarted,
    RefundThroughGateway,
    ReversePayment,
)
from shared.ids import new_id
from tests.integration.payments.harness import CLERK
from tests.integration.payments.online import Online


async def overpaid(online: Online, bkash: BkashSimulator) -> tuple[UUID, UUID]:
    """A bill that was paid in cash while its customer was at bKash: the payment there is credit."""
    await online.configure("bkash", bkash.credentials, base_url=bkash.url)
    customer, invoice, token = await online.bill(1_000)
    await online.checkout(token, "bkash")
    await online.harness.tell(online.harness.pays(customer, 1_000, invoice))
    bkash.agree()
    bkash.complete(bkash.only)
    await online.look(later_minutes=1)
    recorded = (await online.harness.said_of(PaymentRecorded))[-1]
    assert (recorded.payments[0].credit_minor, await online.harness.credit(customer)) == (1_000, 1_000)
    return customer, recorded.payments[0].payment_id


def wants(customer: UUID, payment: UUID, amount: int = 1_000) -> RefundThroughGateway:
    return RefundThroughGateway(
        actor=CLERK, refund_id=new_id(), payment_id=payment, customer_id=customer, amount_minor=amount,
        reason="paid twice",
    )  # fmt: skip


async def ends_of(online: Online, id: UUID) -> list[Any]:
    return [each.message for each in await online.harness.said() if each.causation_id == id]


async def test_a_surplus_goes_back_once(online: Online, bkash: BkashSimulator) -> None:
    customer, payment = await overpaid(online, bkash)
    command, id = wants(customer, payment), new_id()
    await online.harness.tell(command, ids=[id])
    assert await online.harness.credit(customer) == 0  # nothing else can be settled or refunded with it
    assert len(await online.harness.said_of(RefundStarted)) == 1
    again = await online.harness.ask(wants(customer, payment))
    assert isinstance(again, CommandRefused)
    reversal = await online.harness.ask(
        ReversePayment(actor=CLERK, payment_id=payment, customer_id=customer, reason="no")
    )
    assert isinstance(reversal, CommandRefused)
    assert reversal.code == "refund-under-way"
    await online.send_refunds()
    await online.send_refunds()
    (end,) = await ends_of(online, id)
    assert isinstance(end, CreditRefunded)
    assert (end.provider, end.external_id) == ("bkash", bkash.only.refunds[0]["id"])
    assert [each["amount"] for each in bkash.only.refunds] == ["10.00"]
    await online.harness.balanced()
    assert await online.harness.tell(command, ids=[id])  # redelivered: answered again
    assert len(bkash.only.refunds) == 1


async def test_a_refund_without_an_answer_is_only_asked_about(online: Online, bkash: BkashSimulator) -> None:
    customer, payment = await overpaid(online, bkash)
    id = new_id()
    await online.harness.tell(wants(customer, payment), ids=[id])
    bkash.refund_breaks = True
    await online.send_refunds()
    assert await ends_of(online, id) == []
    await online.meddle("UPDATE gateway_refund SET leased_until = NULL")
    await online.send_refunds()
    (end,) = await ends_of(online, id)
    assert isinstance(end, CreditRefunded)
    assert len(bkash.only.refunds) == 1


async def test_a_refused_refund_is_credit_again(online: Online, bkash: BkashSimulator) -> None:
    customer, payment = await overpaid(online, bkash)
    bkash.refund_refuses, id = "2023", new_id()
    await online.harness.tell(wants(customer, payment, 400), ids=[id])
    assert await online.harness.credit(customer) == 600
    await online.send_refunds()
    (end,) = await ends_of(online, id)
    assert isinstance(end, CommandRefused)
    assert (end.code, "2023" in end.detail) == ("refund-refused", True)
    assert len(await online.harness.said_of(RefundFailed)) == 1
    assert await online.harness.credit(customer) == 1_000
    await online.harness.balanced()


async def test_no_more_goes_back_than_there_is_credit(online: Online, bkash: BkashSimulator) -> None:
    customer, payment = await overpaid(online, bkash)
    end = await online.harness.ask(wants(customer, payment, 1_001))
    assert isinstance(end, CommandRefused)
    assert end.code == "more-than-credit"
    cash = (await online.harness.said_of(PaymentRecorded))[0].payments[0].payment_id
    end = await online.harness.ask(wants(customer, cash, 100))
    assert isinstance(end, CommandRefused)
    assert end.code == "not-refundable"


async def test_held_money_goes_back_and_is_no_longer_held(online: Online, bkash: BkashSimulator) -> None:
    await online.configure("bkash", bkash.credentials, base_url=bkash.url)
    _, _, token = await online.bill(1_000)
    await online.checkout(token, "bkash")
    bkash.charges = "9.00"
    bkash.agree()
    bkash.complete(bkash.only)
    await online.look(later_minutes=1)
    (held,) = await online.harness.said_of(PaymentHeld)
    id = new_id()
    refund = RefundHeldPayment(actor=CLERK, held_id=held.held_id, refund_id=new_id(), reason="wrong amount")
    await online.harness.tell(refund, ids=[id])
    await online.send_refunds()
    (end,) = await ends_of(online, id)
    assert isinstance(end, HeldPaymentRejected)
    assert (end.rejection_reason, bkash.only.refunds[0]["amount"]) == ("refunded: wrong amount", "9.00")


@pytest.mark.parametrize("amount", [1, 999])
async def test_part_of_a_payment_stays_credit(online: Online, bkash: BkashSimulator, amount: int) -> None:
    customer, payment = await overpaid(online, bkash)
    await online.harness.tell(wants(customer, payment, amount))
    await online.send_refunds()
    assert await online.harness.credit(customer) == 1_000 - amount
    await online.harness.balanced()
