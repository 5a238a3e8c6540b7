"""Pages of getting paid: gateways, texts and reminders by typing, and a bill that follows what happens."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests import patience
from tests.browser.conftest import Stack, following
from tests.browser.test_a_clerks_day import view
from tests.browser.test_accessibility import findings


@pytest.fixture
def api(stack: Stack) -> httpx.Client:
    client = httpx.Client(base_url=f"{stack.address}/api/v1", timeout=patience.SECONDS)
    answer = client.post("/session", json={"email": stack.email, "password": stack.password})
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/settings/sms-gateway", "/settings/sms-templates", "/settings/payment-gateways",
        "/settings/reminders", "/held",
    ],
)  # fmt: skip
def test_the_pages_have_nothing_that_keeps_anybody_out(admin: Page, path: str) -> None:
    admin.goto(path)
    assert findings(admin) == []


def test_every_provider_asks_for_what_it_needs(admin: Page) -> None:
    for path, names in (
        ("/settings/sms-gateway", ("Any provider, by HTTP", "BulkSMSBD", "SSL Wireless", "Twilio")),
        ("/settings/payment-gateways", ("bKash", "SSLCommerz", "Stripe", "Sandbox, for trying out")),
    ):
        admin.goto(path)
        for name in names:
            admin.locator(".desk-header summary").click()
            admin.locator(".desk-header").get_by_role("link", name=name).click()
            dialog = admin.get_by_role("dialog")
            expect(dialog).to_be_visible()
            expect(dialog).to_contain_text("Nobody can read it back")
            assert findings(admin) == []
            admin.keyboard.press("Escape")


def test_the_parts_of_a_text_are_counted_while_it_is_typed(admin: Page) -> None:
    admin.goto("/settings/sms-templates?template=payment-link&language=en")
    preview = admin.locator("#sms-preview")
    expect(preview).to_contain_text("1 SMS, GSM-7")
    admin.locator("#text").fill("Pay ৳ by {link}")
    expect(preview).to_contain_text("UCS-2")
    admin.locator("#text").fill("Pay soon")
    expect(preview).to_contain_text("{link} must stand in the text")


def test_a_bill_that_somebody_else_settles_shows_it_untouched(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    wanted = {"q": f"{stack.isp.prefix} 038", "limit": 1}
    bill = api.get("/bills", params=wanted).json()["items"][0]
    with following(admin):
        admin.goto(view(stack, status="unpaid", q=f"{stack.isp.prefix} 038"))
    row = admin.locator(f"#bill-{bill['id']}")
    expect(row).to_contain_text("Unpaid")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    api.post(f"/bills/{bill['id']}/payments", json={"amount_minor": 5_000}, headers=key).raise_for_status()
    expect(row).to_contain_text("Partial")
    with following(admin):
        admin.goto(f"/bills/{bill['id']}")
    expect(admin.locator(".page-title")).to_contain_text("Partial")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    api.post(f"/bills/{bill['id']}/payments", json={"amount_minor": 100_000}, headers=key).raise_for_status()
    expect(admin.locator(".page-title")).to_contain_text("Paid")
    expect(admin.get_by_role("link", name=re.compile("Mark as paid"))).to_have_count(0)
