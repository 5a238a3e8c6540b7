"""One trace from whoever asked to the payment gateway that is called for their sake, by whichever worker."""

from __future__ import annotations

from uuid import UUID

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from devstack.simulators.bkash import BkashSimulator
from devstack.simulators.stripe import StripeSimulator
from services.payments.senders import GatewayChecker
from shared.contracts.payments import (
    CheckoutChanged,
    ConfigurePaymentGateway,
    CreditRefunded,
    PaymentRecorded,
    RefundThroughGateway,
    SettleCheckout,
)
from shared.tracing import span
from tests.integration.payments.harness import CLERK, record
from tests.integration.payments.online import Online
from tests.integration.payments.test_refunds import overpaid, wants
from tests.integration.spans import caller, ways

CUSTOMERS, PROVIDERS, DESKS = "a" * 32, "b" * 32, "c" * 32


async def begun(online: Online, stripe: StripeSimulator) -> UUID:
    """A checkout that its customer has begun, in a trace of theirs; its bill."""
    await online.configure("stripe", stripe.credentials, base_url=stripe.url)
    _, invoice, token = await online.bill()
    with span("POST /pay/{token}/checkout", parent=caller(CUSTOMERS)):
        await online.checkout(token, "stripe")
    return invoice


async def said_in(online: Online, kind: str) -> list[str]:
    said = "SELECT substr(traceparent, 4, 32) FROM outbox WHERE type = $1 ORDER BY id"
    return [row[0] for row in await online.harness.pool.fetch(said, kind)]


async def test_a_refund_is_sent_and_asked_about_in_the_trace_of_who_asked_for_it(
    online: Online, bkash: BkashSimulator, spans: InMemorySpanExporter
) -> None:
    customer, payment = await overpaid(online, bkash)
    await online.harness.bring(record(wants(customer, payment), traceparent=caller(DESKS)))
    bkash.refund_breaks = True
    for _ in range(2):
        await online.send_refunds()
        await online.meddle("UPDATE gateway_refund SET leased_until = NULL")
    assert len(bkash.only.refunds) == 1
    assert ways(spans)[DESKS] == ["POST 127.0.0.1", "send refund", f"process {RefundThroughGateway.type}"]
    sent = [each for each in spans.get_finished_spans() if each.name == "send refund"]
    assert [f"{each.context.trace_id:032x}" for each in sent] == [DESKS, DESKS]
    assert await said_in(online, CreditRefunded.type) == [DESKS]


async def test_a_checkout_is_asked_about_in_the_trace_of_the_customer_who_began_it(
    online: Online, stripe: StripeSimulator, spans: InMemorySpanExporter
) -> None:
    invoice = await begun(online, stripe)
    stripe.pay()
    spans.clear()
    await online.look(later_minutes=1)
    assert await online.harness.paid(invoice) == 105_000
    assert ways(spans) == {CUSTOMERS: ["GET 127.0.0.1", "ask about checkout"]}
    assert await said_in(online, PaymentRecorded.type) == [CUSTOMERS]


async def test_a_providers_callback_and_the_desk_have_a_checkout_asked_about_in_traces_of_theirs(
    online: Online, stripe: StripeSimulator, spans: InMemorySpanExporter
) -> None:
    await begun(online, stripe)
    (changed,) = await online.harness.said_of(CheckoutChanged)
    ask = SettleCheckout(
        actor=CLERK, checkout_id=changed.checkout_id, customer_id=changed.customer_id, action="ask"
    )
    spans.clear()
    await online.harness.bring(record(ask, traceparent=caller(DESKS)))
    await online.look()
    assert ways(spans) == {DESKS: ["GET 127.0.0.1", "ask about checkout", f"process {ask.type}"]}
    body, signature = stripe.event(stripe.pay())
    spans.clear()
    with span("POST /webhooks/{provider}", parent=caller(PROVIDERS)):
        await online.browser.post("/webhooks/stripe", content=body, headers={"Stripe-Signature": signature})
    await online.look()
    way = ["GET 127.0.0.1", "ask about checkout", "POST /webhooks/{provider}"]
    assert ways(spans) == {PROVIDERS: way}
    assert await said_in(online, PaymentRecorded.type) == [PROVIDERS]


async def test_a_checkout_of_a_release_that_kept_no_traces_is_asked_about_all_the_same(
    online: Online, stripe: StripeSimulator, spans: InMemorySpanExporter
) -> None:
    invoice = await begun(online, stripe)
    stripe.pay()
    await online.meddle("UPDATE checkout SET traceparent = NULL")
    spans.clear()
    await online.look(later_minutes=1)
    assert await online.harness.paid(invoice) == 105_000
    assert list(ways(spans).values()) == [["GET 127.0.0.1", "ask about checkout"]]


async def test_credentials_are_checked_in_the_trace_of_who_set_them(
    online: Online, stripe: StripeSimulator, spans: InMemorySpanExporter
) -> None:
    command = online.configures("stripe", stripe.credentials, base_url=stripe.url)
    await online.harness.bring(record(command, traceparent=caller(DESKS)))
    assert await GatewayChecker(online.tills).step(online.harness.pool)
    way = ["GET 127.0.0.1", "check payment gateway", f"process {ConfigurePaymentGateway.type}"]
    assert ways(spans) == {DESKS: way}
