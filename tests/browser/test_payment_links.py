"""A payment link without an SMS gateway: the portal address is handed on, and opens one customer's bills."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Stack, ispbills, open_context
from tests.browser.test_a_clerks_day import view
from tests.browser.test_accessibility import findings


def test_a_key_shows_the_address_that_opens_the_customers_bills(
    admin: Page, browser: Browser, stack: Stack
) -> None:
    admin.goto(view(stack, status="unpaid", q=f"{stack.isp.prefix} 04"))
    row = admin.locator(".bill-row").first
    customer = row.locator(".col-customer .cell-main").inner_text()
    row.focus()
    admin.keyboard.press("l")
    dialog = admin.get_by_role("dialog", name="Send payment link")
    expect(dialog).to_contain_text("No SMS gateway is set up.")
    portal = dialog.get_by_label("Portal address").input_value()
    admin.keyboard.press("Escape")
    expect(admin.locator(".bill-row .link-state").first).to_be_focused()

    phone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
    context = open_context(browser, stack, **phone)
    page = context.new_page()
    answer = page.goto(portal)
    assert answer is not None
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    expect(page.get_by_role("heading", level=1)).to_have_text(customer)
    expect(page.get_by_text("1,050.00").first).to_be_visible()
    page.get_by_role("link", name="বাংলা").click()
    expect(page.locator("html")).to_have_attribute("lang", "bn")
    context.close()


def test_a_spoilt_address_names_nobody(stack: Stack) -> None:
    answer = httpx.get(f"{stack.address}/portal/AaIG_AG2dGKgqqzw3jA8MvEKB_Brqaz18nGIVY4bkMM")
    assert answer.status_code == 404
    assert stack.isp.prefix not in answer.text
    assert httpx.head(f"{stack.address}/portal/no-token").status_code == 404


def test_the_address_is_handed_on_without_javascript(browser: Browser, stack: Stack, session: object) -> None:
    context = open_context(browser, stack, storage_state=session, java_script_enabled=False)
    page = context.new_page()
    page.goto(view(stack, status="unpaid"))
    page.get_by_role("button", name=re.compile("^Send payment link:")).first.click()
    expect(page.get_by_label("Portal address")).to_have_value(re.compile("/portal/"))
    context.close()


def test_links_for_a_selection_say_what_is_missing(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, status="unpaid"))
    admin.locator("input[name=bill_ids]").nth(0).check()
    admin.locator("input[name=bill_ids]").nth(1).check()
    admin.get_by_role("button", name="Send payment links").click()
    expect(admin.get_by_role("dialog")).to_contain_text("No links can be sent for 2 bills.")


def test_what_waits_for_kafka_goes_on_by_itself(browser: Browser, stack: Stack, session: object) -> None:
    context = open_context(browser, stack, storage_state=session, bypass_csp=True)
    page = context.new_page()
    page.goto("/packages")
    page.get_by_role("link", name="Add package").click()
    page.get_by_label("Name", exact=True).fill(f"Late {stack.isp.prefix}")
    page.get_by_label("Price per month, without VAT").fill("500")
    ispbills(stack.state_dir, "stop", "kafka")
    try:
        page.locator("#dialog [data-desk-submit]").click()
        expect(page.get_by_role("heading", name="Being recorded")).to_be_visible()
        assert findings(page) == []
    finally:
        ispbills(stack.state_dir, "start", "kafka")
    page.wait_for_url("**/packages?note=**")
    expect(page.get_by_text(f"Late {stack.isp.prefix}").first).to_be_visible()
    context.close()
