"""A bill paid online with real processes: link, page, provider, callback; also with payments killed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import signal
import time
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from devstack.simulators.bkash import BkashSimulator
from devstack.simulators.serving import serving
from devstack.simulators.sslcommerz import SslcommerzSimulator
from devstack.simulators.stripe import StripeSimulator
from tests import patience
from tests.journeys.stack import Body, Office, Stack
from tests.patience import until

ONE = 105_000
SECRET = "whsec-journey"


async def set_up(office: Office, provider: str, **body: Any) -> None:
    """Let a provider take money; a journey before may have ended with it switched off."""
    answer = await office.send("PUT", f"/settings/payment-gateways/{provider}", {"enabled": True, **body})
    assert answer.is_success, answer.text
    await office.done(answer)


async def link_of(office: Office, bill: Body) -> str:
    """The address that the customer would be sent."""
    made = await office.post(f"/bills/{bill['id']}/payment-link", {"send_sms": False})
    return str(made["url"])


async def checkout(client: httpx.AsyncClient, url: str, provider: str) -> str:
    answer = await client.post(f"{url}/checkout", data={"provider": provider})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def paid(office: Office, bill: Body) -> Body:
    async def look() -> Body | None:
        shown = await office.get(f"/bills/{bill['id']}")
        return shown if shown["status"] == "paid" else None

    return await until(look, "the bill is paid")


async def test_a_bill_is_paid_through_the_sandbox_and_its_callback_counts_once_in_ten(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    await set_up(office, "sandbox", webhook_secret=SECRET)
    bill = (await office.open_bills(period))[0]
    async with httpx.AsyncClient(timeout=patience.SECONDS) as customer:
        url = await link_of(office, bill)
        page = await customer.get(url)
        assert (page.status_code, "1,050.00" in page.text) == (200, True)
        where = await checkout(customer, url, "sandbox")
        reference = parse_qs(urlsplit(where).query)["reference"][0]
        said = {
            "id": uuid.uuid4().hex, "reference": reference, "status": "paid", "amount_minor": ONE,
            "currency": "BDT",
        }  # fmt: skip
        body, at = json.dumps(said).encode(), int(time.time())
        digest = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        answers = await asyncio.gather(
            *(
                customer.post(
                    f"{stack.addresses['payments_url']}/webhooks/sandbox",
                    content=body,
                    headers={"X-Signature": f"t={at},v1={digest}"},
                )
                for _ in range(10)
            )
        )
        assert {each.status_code for each in answers} == {200}
        shown = await paid(office, bill)
        assert shown["paid_minor"] == ONE
        items = (await office.get(f"/bills/{bill['id']}/payments"))["items"]
        assert [(each["source"], each["recorded_by"]) for each in items] == [
            ("provider:sandbox", "provider:sandbox")
        ]
        receipt = await customer.get(f"{stack.addresses['payments_url']}/paid/{reference}")
        assert "Paid. Thank you." in receipt.text


async def test_a_newcomer_pays_on_the_sandboxs_own_page(stack: Stack, office: Office, period: str) -> None:
    await office.run(period)
    await set_up(office, "sandbox", webhook_secret=SECRET)
    bill = (await office.open_bills(period))[0]
    async with httpx.AsyncClient(timeout=patience.SECONDS) as customer:
        page = await customer.get(await checkout(customer, await link_of(office, bill), "sandbox"))
        reference = re.search(r'name="reference" value="([^"]+)"', page.text)
        assert reference is not None
        form = {"reference": reference[1], "outcome": "paid"}
        address = str(page.url).partition("?")[0]
        receipt = await customer.post(address, data=form, follow_redirects=True)
        assert "Paid. Thank you." in receipt.text
    await paid(office, bill)


@pytest.mark.parametrize("provider", ["bkash", "sslcommerz", "stripe"])
async def test_payments_killed_while_its_customer_is_at_the_provider_loses_nothing(
    stack: Stack, office: Office, period: str, provider: str
) -> None:
    kinds = {"bkash": BkashSimulator, "sslcommerz": SslcommerzSimulator, "stripe": StripeSimulator}
    simulator: Any = kinds[provider]()
    await office.run(period)
    with serving(simulator.app()) as simulator.url:
        await set_up(office, provider, base_url=simulator.url, **simulator.credentials)
        bill = (await office.open_bills(period))[0]
        async with httpx.AsyncClient(timeout=patience.SECONDS) as customer:
            await checkout(customer, await link_of(office, bill), provider)
            pid = stack.signal("payments", signal.SIGKILL)
            back = _pay(simulator, provider)
            await until(lambda: _is_back(stack, pid), "payments is up again")

            async def come_back() -> bool:
                page = await customer.get(back)
                return "Paid. Thank you." in page.text

            await until(come_back, "the receipt")
        shown = await paid(office, bill)
        assert shown["paid_minor"] == ONE
        assert len((await office.get(f"/bills/{bill['id']}/payments"))["items"]) == 1
        answer = await office.send("PUT", f"/settings/payment-gateways/{provider}", {"enabled": False})
        await office.done(answer)


def _pay(simulator: Any, provider: str) -> str:
    """Pay as the customer would; where they come back to."""
    if provider == "bkash":
        return str(simulator.agree())
    if provider == "sslcommerz":
        simulator.charge()
        return str(simulator.only.form["success_url"])
    return str(simulator.pay()["success_url"])


async def _is_back(stack: Stack, pid: int) -> bool:
    if stack.status()["processes"]["payments"] in (None, pid):
        return False
    async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
        try:
            url = f"{stack.addresses['payments_url']}/health/ready"
            return (await client.get(url)).status_code == 200
        except httpx.TransportError:
            return False
