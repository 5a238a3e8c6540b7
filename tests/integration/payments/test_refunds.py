"""Money back through the gateway that took it: once, with its trail, or credit again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from devstack.simulators.bkash import BkashSimulator
from devstack.simulators.sslcommerz import SslcommerzSimulator
from devstack.simulators.stripe import StripeSimulator
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


async def test_no_more_goes_back_than_was_paid_and_only_the_way_that_it_came(
    online: Online, bkash: BkashSimulator
) -> None:
    customer, payment = await overpaid(online, bkash)
    end = await online.harness.ask(wants(customer, payment, 1_001))
    assert isinstance(end, CommandRefused)
    assert end.code == "more-than-left"
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


class Paid:
    """A bill that was paid through each provider, over its own protocol."""

    def __init__(
        self, online: Online, bkash: BkashSimulator, sslcommerz: SslcommerzSimulator, stripe: StripeSimulator
    ) -> None:
        self.online, self.bkash, self.sslcommerz, self.stripe = online, bkash, sslcommerz, stripe

    async def through(self, provider: str) -> tuple[UUID, UUID, UUID]:
        """A customer, their bill, and the payment that settled it."""
        if provider == "sandbox":
            await self.online.sandbox()
        else:
            simulator = getattr(self, provider)
            await self.online.configure(provider, simulator.credentials, base_url=simulator.url)
        customer, invoice, token = await self.online.bill(105_000)
        await self.online.checkout(token, provider)
        await getattr(self, f"_pay_by_{provider}")((await self.online.row())["reference"])
        await self.online.look()
        recorded = (await self.online.harness.said_of(PaymentRecorded))[-1]
        assert await self.online.harness.paid(invoice) == 105_000
        return customer, invoice, recorded.payments[0].payment_id

    async def _pay_by_bkash(self, reference: str) -> None:
        self.bkash.agree()
        self.bkash.complete(self.bkash.only)
        await self.online.look(later_minutes=1)

    async def _pay_by_sslcommerz(self, reference: str) -> None:
        await self.online.browser.post("/webhooks/sslcommerz", data=self.sslcommerz.charge())

    async def _pay_by_stripe(self, reference: str) -> None:
        body, signature = self.stripe.event(self.stripe.pay())
        headers = {"Stripe-Signature": signature}
        await self.online.browser.post("/webhooks/stripe", content=body, headers=headers)

    async def _pay_by_sandbox(self, reference: str) -> None:
        await self.online.call_back(reference, 105_000)

    def refuse_refunds(self, provider: str) -> None:
        self.bkash.refund_refuses = "2023"
        self.sslcommerz.refund_status = "failed"
        self.stripe.refund_status = "failed"


@pytest.fixture
def paid(
    online: Online, bkash: BkashSimulator, sslcommerz: SslcommerzSimulator, stripe: StripeSimulator
) -> Paid:
    return Paid(online, bkash, sslcommerz, stripe)


@pytest.mark.parametrize("provider", ["bkash", "sslcommerz", "stripe", "sandbox"])
async def test_a_payment_that_settled_a_bill_goes_back_once_and_the_bill_is_owed_again(
    paid: Paid, online: Online, provider: str
) -> None:
    customer, invoice, payment = await paid.through(provider)
    command, id = wants(customer, payment, 105_000), new_id()
    await online.harness.tell(command, ids=[id])
    (started,) = await online.harness.said_of(RefundStarted)
    assert (started.provider, started.reason, started.receivables[0].balance_minor) == (
        provider, "paid twice", 105_000,
    )  # fmt: skip
    for _ in range(3):
        await online.send_refunds()
        await online.harness.tell(command, ids=[id])
    ends = [each for each in await ends_of(online, id) if isinstance(each, CreditRefunded)]
    assert {each.refund_id for each in ends} == {command.refund_id}
    assert (ends[0].provider, bool(ends[0].external_id)) == (provider, True)
    assert await online.harness.paid(invoice) == 0
    assert await online.harness.credit(customer) == 0
    again = await online.harness.ask(wants(customer, payment, 1))
    assert isinstance(again, CommandRefused)
    assert again.code == "more-than-left"
    await online.harness.balanced()
    refunds = await online.harness.pool.fetch("SELECT state FROM gateway_refund")
    assert [row["state"] for row in refunds] == ["done"]


@pytest.mark.parametrize("provider", ["bkash", "sslcommerz", "stripe"])
async def test_a_refund_that_the_gateway_refuses_settles_the_bill_again_and_says_why(
    paid: Paid, online: Online, provider: str
) -> None:
    customer, invoice, payment = await paid.through(provider)
    paid.refuse_refunds(provider)
    id = new_id()
    await online.harness.tell(wants(customer, payment, 40_000), ids=[id])
    assert await online.harness.paid(invoice) == 65_000
    await online.send_refunds()
    (end,) = await ends_of(online, id)
    assert isinstance(end, CommandRefused)
    assert (end.code, bool(end.detail)) == ("refund-refused", True)
    (failed,) = await online.harness.said_of(RefundFailed)
    assert failed.receivables[0].balance_minor == 0
    assert await online.harness.paid(invoice) == 105_000
    await online.harness.balanced()


async def test_part_of_a_payment_goes_back_in_parts_until_nothing_is_left(paid: Paid, online: Online) -> None:
    customer, invoice, payment = await paid.through("stripe")
    for part, left in ((100_000, 5_000), (5_000, 0)):
        await online.harness.tell(wants(customer, payment, part))
        await online.send_refunds()
        assert await online.harness.paid(invoice) == left
    assert sum(each["amount"] for each in paid.stripe.refunds.values()) == 105_000
    await online.harness.balanced()
