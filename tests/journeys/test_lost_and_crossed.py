"""What providers and browsers do to callbacks: lost, ten at once, first, crossed; each bill is paid once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from devstack.simulators.bkash import BkashSimulator
from devstack.simulators.serving import serving
from devstack.simulators.sslcommerz import SslcommerzSimulator
from devstack.simulators.stripe import StripeSimulator
from tests import patience
from tests.journeys.stack import Body, Office, Stack
from tests.journeys.test_paying_online import ONE, checkout, link_of, paid, set_up
from tests.patience import until

KINDS: dict[str, Any] = {
    "bkash": BkashSimulator,
    "sslcommerz": SslcommerzSimulator,
    "stripe": StripeSimulator,
}
# The first look is a minute after the checkout was begun.


@dataclass
class Provider:
    """A simulated provider, and a customer's browser without cookies."""

    name: str
    simulator: Any
    stack: Stack
    browser: httpx.AsyncClient

    async def begun(self, office: Office, bill: Body) -> Any:
        """The attempt that a customer begins on the page of the bill's link, as the provider keeps it."""
        await checkout(self.browser, await link_of(office, bill), self.name)
        known = self.simulator.payments if self.name == "bkash" else self.simulator.sessions
        return list(known.values())[-1]

    def pay(self, attempt: Any) -> str:
        """Pay as the customer would; where they are sent back to."""
        if self.name == "bkash":
            return str(self.simulator.agree(attempt.payment_id))
        if self.name == "sslcommerz":
            self.simulator.charge(attempt)
            return str(attempt.form["success_url"])
        return str(self.simulator.pay(attempt)["success_url"])

    def callback(self, attempt: Any, about: Any = None) -> dict[str, Any] | None:
        """The signed callback of an attempt, or (crossed) about another's; bKash only sends browsers back."""
        about = about or attempt
        if self.name == "bkash":
            return None
        if self.name == "sslcommerz":
            said = attempt.charges[-1] | {"tran_id": about.form["tran_id"]}
            return {"data": self.simulator.signed(said)}
        said = attempt | {"client_reference_id": about["client_reference_id"]}
        body, signature = self.simulator.event(said)
        return {"content": body, "headers": {"Stripe-Signature": signature}}

    async def call_back(self, callback: dict[str, Any]) -> int:
        url = f"{self.stack.addresses['payments_url']}/webhooks/{self.name}"
        return (await self.browser.post(url, **callback)).status_code


@pytest_asyncio.fixture
async def providers(stack: Stack, office: Office) -> AsyncIterator[dict[str, Provider]]:
    """All of them at once, set up for the whole ISP."""
    with ExitStack() as serve:
        made = {}
        async with httpx.AsyncClient(timeout=patience.SECONDS) as browser:
            for name, kind in KINDS.items():
                simulator = kind()
                simulator.url = serve.enter_context(serving(simulator.app()))
                await set_up(office, name, base_url=simulator.url, **simulator.credentials)
                made[name] = Provider(name, simulator, stack, browser)
            yield made
        for name in KINDS:
            await office.done(
                await office.send("PUT", f"/settings/payment-gateways/{name}", {"enabled": False})
            )


@pytest.fixture(scope="module")
def month(months: Iterator[str]) -> str:
    """One month for all of these: whoever pays has left the open bills."""
    return next(months)


async def settled_once(office: Office, bill: Body) -> None:
    shown = await paid(office, bill)
    assert shown["paid_minor"] == ONE
    assert len((await office.get(f"/bills/{bill['id']}/payments"))["items"]) == 1


@pytest.mark.parametrize("name", sorted(KINDS))
async def test_callbacks_and_customers_ten_times_at_once_and_in_any_order_pay_once(
    office: Office, providers: dict[str, Provider], month: str, name: str
) -> None:
    provider = providers[name]
    await office.run(month)
    often, first = (await office.open_bills(month))[:2]
    attempt = await provider.begun(office, often)
    back = provider.pay(attempt)
    callback = provider.callback(attempt)
    calls = [provider.call_back(callback) for _ in range(10)] if callback else []
    pages = [provider.browser.get(back) for _ in range(10)]
    outcomes = await asyncio.gather(*calls, *pages)
    assert {each if isinstance(each, int) else each.status_code for each in outcomes} == {200}
    await settled_once(office, often)
    assert "Paid. Thank you." in (await provider.browser.get(back)).text
    # The callback is there before the customer is; of bKash a second browser comes back first.
    attempt = await provider.begun(office, first)
    back = provider.pay(attempt)
    callback = provider.callback(attempt)
    if callback:
        assert await provider.call_back(callback) == 200
    else:
        await provider.browser.get(back)
    await settled_once(office, first)
    assert "Paid. Thank you." in (await provider.browser.get(back)).text
    await settled_once(office, first)


@pytest.mark.parametrize("name", sorted(KINDS))
async def test_what_is_said_of_another_bills_payment_settles_nothing(
    office: Office, providers: dict[str, Provider], month: str, name: str
) -> None:
    provider = providers[name]
    await office.run(month)
    mine, others = (await office.open_bills(month))[:2]
    attempt, other = await provider.begun(office, mine), await provider.begun(office, others)
    back = provider.pay(attempt)
    crossed = provider.callback(attempt, about=other)
    if crossed:
        assert await provider.call_back(crossed) in (200, 401)
    else:
        swapped = provider.simulator.back(other, "success").replace(other.payment_id, attempt.payment_id)
        assert "Paid. Thank you." not in (await provider.browser.get(swapped)).text
    await asyncio.sleep(3)
    assert (await office.get(f"/bills/{others['id']}"))["status"] == "unpaid"
    await provider.browser.get(back)
    await settled_once(office, mine)
    assert (await office.get(f"/bills/{others['id']}"))["status"] == "unpaid"


async def test_a_lost_callback_of_a_customer_who_never_comes_back_is_found_by_asking(
    office: Office, providers: dict[str, Provider], month: str
) -> None:
    await office.run(month)
    bills = (await office.open_bills(month))[: len(providers)]
    for provider, bill in zip(providers.values(), bills, strict=True):
        attempt = await provider.begun(office, bill)
        provider.pay(attempt)
        if provider.name == "bkash":
            provider.simulator.complete(attempt)

    async def all_paid() -> bool:
        shown = [await office.get(f"/bills/{bill['id']}") for bill in bills]
        return all(each["status"] == "paid" for each in shown)

    await until(all_paid, "the janitor has asked")
    for bill in bills:
        await settled_once(office, bill)
