"""Reading, and marking one bill as paid, need no JavaScript."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Stack, open_context, sign_in
from tests.browser.test_a_clerks_day import view


def test_a_bill_is_found_read_and_paid(browser: Browser, stack: Stack) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.email, stack.password)
    page.goto(view(stack))
    page.locator("#q").fill(f"{stack.isp.prefix} 016")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".bill-row")).to_have_count(1)
    page.get_by_label("More actions").click()
    expect(page.get_by_role("link", name="Open bill")).to_be_visible()
    page.locator(".row-pay").click()
    expect(page.get_by_label("Amount received")).to_have_value("1050.00")
    page.get_by_label("Amount received").fill("nothing")
    page.locator("[data-desk-submit]").click()
    expect(page.locator("#amount-error")).to_be_visible()
    page.get_by_label("Amount received").fill("50")
    page.locator("[data-desk-submit]").click()
    expect(page.locator("#bill")).to_be_visible()
    page.reload()
    expect(page.locator("h1 .bill-status")).to_have_text("Partial")
    context.close()


def test_ticked_rows_are_paid_together(browser: Browser, stack: Stack) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.email, stack.password)
    page.goto(view(stack, status="unpaid"))
    boxes = page.locator(".bill-row input[name=bill_ids]")
    expect(page.get_by_role("button", name="Mark as paid", exact=True)).not_to_be_visible()
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Mark as paid", exact=True).click()
    expect(page.locator("[data-desk-submit]")).to_have_text("Record 2 payments")
    context.close()
