"""From a bill to its money: link, SMS, the page on a telephone, the provider, and Paid at the desk."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import re
import signal
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, async_playwright

from tests import patience
from tests.journeys.stack import Body, Office, Stack
from tests.patience import until

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
HAS_BROWSER = Path(CHROMIUM).exists()
PHONE: ViewportSize = {"width": 390, "height": 844}
SECRET = "the secret of the sandbox's callbacks"
LINK = re.compile(r"https?://\S+/pay/[0-9A-Za-z]{22}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Sent:
    """A bill whose link a customer has on their telephone."""

    bill: Body
    url: str


@pytest_asyncio.fixture
async def office_online(stack: Stack, office: Office) -> Office:
    """An office whose messages and payments go through the sandboxes."""
    for path, body in (
        ("/settings/sms-gateway", {"provider": "sandbox", "cost_per_segment_minor": 35}),
        ("/settings/payment-gateways/sandbox", {"webhook_secret": SECRET}),
    ):
        answer = await office.send("PUT", path, body)
        assert answer.is_success, answer.text
        await office.done(answer)
    return office


@pytest_asyncio.fixture
async def phone() -> AsyncIterator[Page]:
    """A customer's telephone: small, and without scripts."""
    if not HAS_BROWSER:
        pytest.skip(f"no browser at {CHROMIUM}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless=new", "--no-sandbox"]
        )
        context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
        context.set_default_timeout(patience.MILLISECONDS)
        yield await context.new_page()
        await browser.close()


async def open_bill(office: Office, period: str, place: int = 0) -> Body:
    await office.run(period)
    return (await office.open_bills(period))[place]


async def send_link(stack: Stack, office: Office, bill: Body) -> Sent:
    """Send the link, and read the message in the sandbox's inbox as the customer does."""
    made = await office.post(f"/bills/{bill['id']}/payment-link", {"send_sms": True})

    async def arrived() -> str | None:
        async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
            inbox = (await client.get(f"{notifications_url(stack)}/sandbox/inbox.json")).json()
        links = [found[0] for each in inbox if (found := LINK.search(each["text"]))]
        return made["url"] if made["url"] in links else None

    return Sent(bill, await until(arrived, "the message is in the inbox"))


def notifications_url(stack: Stack) -> str:
    """The address of notifications, which has the sandbox's inbox."""
    state = json.loads((stack.directory / "state.json").read_text())
    return f"http://127.0.0.1:{state['ports']['notifications']}"


def payments_url(stack: Stack) -> str:
    url: str = stack.addresses["payments_url"]
    return url


async def begin(stack: Stack, url: str) -> tuple[str, str]:
    """Begin to pay by the link; the provider's page and the reference of the attempt."""
    async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
        answer = await client.post(f"{url}/checkout", data={"provider": "sandbox"})
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    return page, re.search(r"[?&]reference=([^&]+)", page)[1]  # type: ignore[index]


async def call_back(
    stack: Stack, reference: str, amount_minor: int, call_id: str | None = None, **more: Any
) -> httpx.Response:
    """The sandbox's provider calls back, signed as the contract says."""
    said = {
        "id": call_id or uuid.uuid4().hex, "reference": reference, "status": "paid",
        "amount_minor": amount_minor, "currency": "BDT", **more,
    }  # fmt: skip
    body, now = json.dumps(said).encode(), int(time.time())
    signed = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Signature": f"t={now},v1={signed}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
        return await client.post(f"{payments_url(stack)}/webhooks/sandbox", content=body, headers=headers)


async def paid(office: Office, bill: Body) -> Body:
    """The bill once the desk shows it as paid and its link, which a topic of its own tells, as ended."""

    async def shows() -> Body | None:
        shown = await office.get(f"/bills/{bill['id']}")
        has_ended = shown["link"] is None or shown["link"]["state"] != "active"
        return shown if shown["status"] == "paid" and has_ended else None

    return await until(shows, f"{bill['number']} is paid")


async def payments_of(office: Office, bill: Body) -> list[Body]:
    items: list[Body] = (await office.get(f"/bills/{bill['id']}/payments"))["items"]
    return items


async def test_a_customer_pays_on_the_telephone_and_the_desk_shows_it_untouched(
    stack: Stack, office_online: Office, phone: Page, period: str
) -> None:
    office = office_online
    bill = await open_bill(office, period)
    sent = await send_link(stack, office, bill)
    desk = await at_the_desk(stack, phone, bill)
    await phone.goto(sent.url)
    assert bill["customer"]["name"] in await phone.content()
    await phone.locator("button[type=submit]").first.click()
    await phone.locator("button[value=paid]").click()
    shown = await paid(office, bill)
    await desk.locator(".page-title", has_text="Paid").wait_for(timeout=patience.MILLISECONDS)
    assert (shown["link"]["state"], shown["balance_minor"]) == ("paid", 0)
    payment = (await payments_of(office, bill))[0]
    assert (payment["source"], payment["amount_minor"]) == ("provider:sandbox", bill["balance_minor"])
    assert payment["external_id"]


async def at_the_desk(stack: Stack, phone: Page, bill: Body) -> Page:
    """A clerk who has the bill open on another screen, and touches nothing."""
    known = stack.addresses
    browser = phone.context.browser
    assert browser is not None
    context = await browser.new_context(
        base_url=known["gateway_url"], viewport={"width": 1440, "height": 900}
    )
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("Email address").fill(known["admin"]["email"])
    await page.get_by_label("Password").fill(known["admin"]["password"])
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/bills**")
    await page.goto(f"/bills/{bill['id']}")
    return page


async def test_a_callback_ten_times_and_before_the_redirect_is_one_payment(
    stack: Stack, office_online: Office, period: str
) -> None:
    office = office_online
    bill = await open_bill(office, period)
    sent = await send_link(stack, office, bill)
    _page, reference = await begin(stack, sent.url)
    call_id = uuid.uuid4().hex
    answers = await asyncio.gather(
        *(call_back(stack, reference, bill["balance_minor"], call_id) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} <= {200, 202, 204}, [a.text for a in answers]
    await paid(office, bill)
    assert len(await payments_of(office, bill)) == 1
    async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
        for _ in range(2):
            returned = await client.get(f"{payments_url(stack)}/paid/{reference}")
            assert returned.status_code == 200


async def test_a_callback_that_is_forged_changed_or_of_another_amount_settles_nothing(
    stack: Stack, office_online: Office, period: str
) -> None:
    office = office_online
    bill = await open_bill(office, period)
    sent = await send_link(stack, office, bill)
    _page, reference = await begin(stack, sent.url)
    body = json.dumps(
        {"id": "x", "reference": reference, "status": "paid", "amount_minor": 1, "currency": "BDT"}
    )
    async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
        forged = await client.post(
            f"{payments_url(stack)}/webhooks/sandbox",
            content=body,
            headers={"X-Signature": f"t={int(time.time())},v1={'0' * 64}"},
        )
    assert forged.status_code == 401
    assert (await call_back(stack, reference, bill["balance_minor"] - 1)).status_code == 200
    assert (await office.get(f"/bills/{bill['id']}"))["status"] == "unpaid"

    async def held() -> Body | None:
        items = (await office.get("/held-payments"))["items"]
        return next((each for each in items if each["source"] == "provider:sandbox"), None)

    waiting = await until(held, "the odd amount is held")
    assert waiting["reason"] == "amount-mismatch"
    answer = await office.send("POST", f"/held-payments/{waiting['id']}/place", {"bill_id": bill["id"]})
    await office.done(answer)
    # The reference was not used up: the right amount still settles the rest.
    assert (await call_back(stack, reference, bill["balance_minor"])).status_code == 200
    await paid(office, bill)


async def test_callbacks_that_are_crossed_settle_each_its_own_bill(
    stack: Stack, office_online: Office, period: str
) -> None:
    office = office_online
    await office.run(period)
    bills = (await office.open_bills(period))[:2]
    sent = [await send_link(stack, office, bill) for bill in bills]
    references = [(await begin(stack, each.url))[1] for each in sent]
    for bill, reference in reversed(list(zip(bills, references, strict=True))):
        assert (await call_back(stack, reference, bill["balance_minor"])).status_code == 200
    for bill in bills:
        await paid(office, bill)
        assert [each["bill_id"] for each in await payments_of(office, bill)] == [bill["id"]]


async def test_payments_killed_between_checkout_and_callback_loses_nothing(
    stack: Stack, office_online: Office, period: str
) -> None:
    office = office_online
    bill = await open_bill(office, period)
    sent = await send_link(stack, office, bill)
    _page, reference = await begin(stack, sent.url)
    stack.signal("payments", signal.SIGKILL)

    async def taken() -> bool:
        try:
            return (await call_back(stack, reference, bill["balance_minor"], "after-the-kill")).is_success
        except httpx.TransportError:
            return False

    await until(taken, "payments is back and takes the callback")
    await paid(office, bill)
    assert len(await payments_of(office, bill)) == 1


async def test_a_link_that_is_changed_replaced_or_of_a_paid_bill_opens_no_payment(
    stack: Stack, office_online: Office, period: str
) -> None:
    office = office_online
    bill = await open_bill(office, period)
    first = await send_link(stack, office, bill)
    second = await send_link(stack, office, bill)
    async with httpx.AsyncClient(timeout=patience.SECONDS) as client:
        changed = first.url[:-1] + ("a" if first.url[-1] != "a" else "b")
        assert (await client.get(changed)).status_code == 404
        gone = await client.get(first.url)
        assert gone.status_code == 410
        assert bill["customer"]["name"] not in gone.text
        assert bill["number"] not in gone.text
        assert (await client.get(second.url)).status_code == 200
    assert (await office.get(f"/bills/{bill['id']}"))["link"]["opened_at"] is None
    await office.done(await office.pay(bill))
    await paid(office, bill)
    refused = await office.send("POST", f"/bills/{bill['id']}/payment-link", {"send_sms": True})
    assert refused.status_code == 409
