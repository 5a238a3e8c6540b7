"""From a row to its file, and a page that waits for a file that takes longer."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Stack, ispbills, open_context, sign_in
from tests.browser.test_a_clerks_day import view


def test_a_bill_is_a_file_by_one_click_or_one_key(desk: Page, stack: Stack) -> None:
    desk.goto(view(stack, q=f"{stack.isp.prefix} 032"))
    number = desk.locator(".bill-row .col-number a").inner_text()
    with desk.expect_download() as by_click:
        desk.locator(".row-pdf").click()
    assert by_click.value.suggested_filename.startswith(number)
    assert Path(by_click.value.path()).read_bytes().startswith(b"%PDF")
    desk.goto(view(stack, q=f"{stack.isp.prefix} 032"))
    desk.locator("body").press("j")
    with desk.expect_download() as by_key:
        desk.keyboard.press("d")
    assert by_key.value.suggested_filename == by_click.value.suggested_filename
    desk.locator(".bill-row .col-number a").click()
    with desk.expect_download() as from_the_bill:
        desk.locator(".bill-pdf").click()
    assert from_the_bill.value.suggested_filename == by_click.value.suggested_filename


def test_a_page_waits_for_the_file_without_javascript(browser: Browser, stack: Stack) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.email, stack.password)
    page.goto(view(stack, q=f"{stack.isp.prefix} 034"))
    ispbills(stack.state_dir, "stop", "documents")
    try:
        page.locator(".row-pdf").click()
        expect(page.get_by_role("heading", name="The PDF is being made")).to_be_visible()
    finally:
        ispbills(stack.state_dir, "start", "documents")
    with page.expect_download(timeout=120_000) as waited:
        pass
    assert waited.value.suggested_filename.endswith(".pdf")
    expect(page.get_by_role("heading", name="The PDF is ready")).to_be_visible()
    context.close()
