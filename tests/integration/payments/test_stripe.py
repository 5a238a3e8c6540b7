"""Stripe Checkout through its own library, over HTTP."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from devstack.simulators.stripe import StripeSimulator
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import PaymentGatewayChanged, PaymentHeld, PaymentRecorded
from tests.integration.payments.online import Online


async def begun(online: Online, stripe: StripeSimulator, total: int = 105_000) -> tuple[Any, str]:
    end = await online.configure("stripe", stripe.credentials, base_url=stripe.url)
    assert isinstance(end, PaymentGatewayChanged)
    assert not end.unverified
    _, invoice, token = await online.bill(total)
    assert (await online.checkout(token, "stripe")).startswith(stripe.url)
    return invoice, token


async def notify(online: Online, body: bytes, signature: str) -> int:
    headers = {"Stripe-Signature": signature}
    return (await online.browser.post("/webhooks/stripe", content=body, headers=headers)).status_code


async def test_credentials_are_asked_about(online: Online, stripe: StripeSimulator) -> None:
    end = await online.configure(
        "stripe", stripe.credentials | {"secret_key": "sk_other"}, base_url=stripe.url
    )
    assert isinstance(end, CommandRefused)
    assert (end.code, "Invalid API Key" in end.detail) == ("credentials-refused", True)
    stripe.is_down = True
    end = await online.configure("stripe", stripe.credentials, base_url=stripe.url)
    assert isinstance(end, PaymentGatewayChanged)
    assert end.unverified


async def test_a_bill_is_paid_by_card_and_told_three_times_at_once(
    online: Online, stripe: StripeSimulator
) -> None:
    invoice, _ = await begun(online, stripe)
    body, signature = stripe.event(stripe.pay())
    assert await asyncio.gather(*(notify(online, body, signature) for _ in range(3))) == [200, 200, 200]
    await online.look()
    assert await online.harness.paid(invoice) == 105_000
    (recorded,) = await online.harness.said_of(PaymentRecorded)
    assert recorded.payments[0].external_id == stripe.only["payment_intent"]
    reference = (await online.row())["reference"]
    assert "Paid. Thank you." in (await online.browser.get(f"/paid/{reference}")).text


async def test_forged_old_and_altered_events_are_refused(online: Online, stripe: StripeSimulator) -> None:
    invoice, _ = await begun(online, stripe)
    session = stripe.pay()
    body, signature = stripe.event(session)
    forged = stripe.event(session, secret="whsec_other")
    old = stripe.event(session, at=int(time.time()) - 400)
    answers = [
        await notify(online, *forged),
        await notify(online, *old),
        await notify(online, body + b" ", signature),
        await notify(online, body, ""),
    ]
    assert answers == [401] * 4
    assert (await online.row())["heard_at"] is None
    assert await online.harness.paid(invoice) == 0


async def test_an_event_that_lies_is_caught_by_asking(online: Online, stripe: StripeSimulator) -> None:
    invoice, _ = await begun(online, stripe)
    body, signature = stripe.event(dict(stripe.only) | {"payment_status": "paid"})
    assert await notify(online, body, signature) == 200
    await online.look()
    assert await online.harness.paid(invoice) == 0


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        ({"charges": 104_000}, "amount-mismatch"),
        ({"currency": "usd"}, "currency-mismatch"),
        ({"risk_level": "highest"}, "risk-flagged"),
    ],
)
async def test_what_was_not_asked_for_is_held(
    online: Online, stripe: StripeSimulator, trap: dict[str, Any], reason: str
) -> None:
    invoice, _ = await begun(online, stripe)
    for name, value in trap.items():
        setattr(stripe, name, value)
    stripe.pay()
    await online.look(later_minutes=1)
    (held,) = await online.harness.said_of(PaymentHeld)
    assert (held.reason, await online.harness.paid(invoice)) == (reason, 0)


async def test_a_lost_event_is_found_by_the_janitor(online: Online, stripe: StripeSimulator) -> None:
    invoice, _ = await begun(online, stripe)
    stripe.pay()
    await online.look(later_minutes=1)
    assert await online.harness.paid(invoice) == 105_000
