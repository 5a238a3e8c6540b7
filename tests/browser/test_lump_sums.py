"""A customer's page takes a lump sum: the split is seen before it is recorded, and is what happens."""

from __future__ import annotations

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Stack, open_context
from tests.browser.test_a_clerks_day import api
from tests.browser.test_accessibility import findings

__all__ = ["api"]


def _open_customer(page: Page, stack: Stack, api: httpx.Client) -> None:
    """Somebody who owes one whole bill, whatever other tests have paid."""
    wanted: dict[str, str | int] = {
        "operator_id": stack.isp.uttara, "period": stack.isp.period, "status": "unpaid", "limit": 1,
    }  # fmt: skip
    [bill] = api.get("/bills", params=wanted).json()["items"]
    page.goto(f"/customers?q={bill['customer']['code']}")
    page.locator("tbody a").first.click()


def test_the_split_follows_the_amount_and_is_what_is_recorded(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    _open_customer(admin, stack, api)
    admin.get_by_role("link", name="Take a payment").click()
    dialog = admin.get_by_role("dialog", name="Take a payment")
    expect(dialog.get_by_role("button", name="Record BDT 1,050.00")).to_be_visible()
    dialog.get_by_label("Amount received").fill("400")
    expect(dialog.locator(".split-table")).to_contain_text("400.00")
    expect(dialog.locator("#split-hint")).to_contain_text("BDT 650.00 stays open.")
    dialog.get_by_label("Amount received").fill("1,2,3")
    expect(dialog.locator("#split-hint")).to_contain_text("odd places")
    dialog.get_by_label("Amount received").fill("1,250")
    expect(dialog.locator("#split-hint")).to_contain_text("BDT 200.00 becomes credit")
    assert findings(admin) == []
    dialog.get_by_role("button", name="Record BDT 1,250.00").click()
    expect(admin.get_by_text("The payment was recorded.")).to_be_visible()
    expect(admin.get_by_text("200.00 as credit")).to_be_visible()


def test_enter_records_the_lump_sum(admin: Page, stack: Stack, api: httpx.Client) -> None:
    _open_customer(admin, stack, api)
    admin.get_by_role("link", name="Take a payment").click()
    dialog = admin.get_by_role("dialog", name="Take a payment")
    dialog.get_by_label("Amount received").fill("350")
    expect(dialog.get_by_role("button", name="Record BDT 350.00")).to_be_visible()
    dialog.get_by_label("Amount received").press("Enter")
    expect(admin.get_by_text("The payment was recorded.")).to_be_visible()


def test_a_lump_sum_is_taken_without_javascript(
    browser: Browser, stack: Stack, session: object, api: httpx.Client
) -> None:
    context = open_context(browser, stack, storage_state=session, java_script_enabled=False)
    page = context.new_page()
    _open_customer(page, stack, api)
    page.get_by_role("link", name="Take a payment").click()
    page.get_by_label("Amount received").fill("300")
    page.get_by_role("button", name="Show the split").click()
    expect(page.locator("#split-hint")).to_contain_text("BDT 750.00 stays open.")
    page.get_by_role("button", name="Record BDT 300.00").click()
    expect(page.get_by_text("The payment was recorded.")).to_be_visible()
    context.close()
