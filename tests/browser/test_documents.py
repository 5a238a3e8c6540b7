"""From a row to its file, from a selection to its ZIP, and pages that wait for what takes longer."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Stack, ispbills, open_context, reload_until, sign_in
from tests.browser.test_a_clerks_day import view


def test_a_bill_is_a_file_by_one_click_or_one_key(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 032"))
    number = admin.locator(".bill-row .col-number a").inner_text()
    with admin.expect_download() as by_click:
        admin.locator(".row-pdf").click()
    assert by_click.value.suggested_filename.startswith(number)
    assert Path(by_click.value.path()).read_bytes().startswith(b"%PDF")
    admin.goto(view(stack, q=f"{stack.isp.prefix} 032"))
    admin.locator("body").press("j")
    with admin.expect_download() as by_key:
        admin.keyboard.press("d")
    assert by_key.value.suggested_filename == by_click.value.suggested_filename
    admin.locator(".bill-row .col-number a").click()
    with admin.expect_download() as from_the_bill:
        admin.locator(".bill-pdf").click()
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
    with page.expect_download() as waited:
        pass
    assert waited.value.suggested_filename.endswith(".pdf")
    expect(page.get_by_role("heading", name="The PDF is ready")).to_be_visible()
    context.close()


def test_a_selection_becomes_a_zip_that_holds_its_bills(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, limit="25"))
    expect(admin.locator(".bill-row")).to_have_count(25)
    numbers = admin.locator(".bill-row .col-number a").all_inner_texts()
    admin.get_by_label("Select all bills on this page").check()
    admin.get_by_role("button", name="Download PDFs").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text("25 bills")
    dialog.get_by_label("In the order of").select_option("address")
    with admin.expect_download() as saved:
        dialog.get_by_role("button", name="Download 25 PDFs").click()
    drawer = admin.locator("#bulk-drawer")
    expect(drawer.locator(".progress-value")).to_contain_text("25 of 25")
    archive = zipfile.ZipFile(saved.value.path())
    assert archive.testzip() is None
    assert sorted(name.split()[0] for name in archive.namelist()) == sorted(numbers)
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert saved.value.suggested_filename.endswith(".zip")
    with admin.expect_download() as printed:
        drawer.get_by_role("link", name="Make one print file instead").click()
    assert len(pypdfium2.PdfDocument(printed.value.path())) == 25


def test_one_file_to_print_is_had_without_javascript(browser: Browser, stack: Stack) -> None:
    context = open_context(browser, stack, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stack.email, stack.password)
    page.goto(view(stack, q=f"{stack.isp.prefix} 03"))
    page.locator(".bill-row input[name=bill_ids]").first.check()
    page.get_by_role("button", name="Download PDFs").click()
    page.get_by_role("radio", name="One PDF to print").check()
    page.get_by_role("button", name="Download 1 PDF").click()
    expect(page.get_by_role("heading", name="Download PDFs")).to_be_visible()
    reload_until(page, page.get_by_role("link", name="Print file"))
    with page.expect_download() as printed:
        page.get_by_role("link", name="Print file").click()
    assert Path(printed.value.path()).read_bytes().startswith(b"%PDF")
    context.close()


def test_a_statement_is_made_for_the_days_that_were_chosen(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 030"))
    admin.locator(".bill-row .col-number a").click()
    admin.locator("a[href^='/customers/']").first.click()
    admin.locator(".customer-statement").click()
    admin.get_by_label("From").fill(f"{stack.isp.period}-01")
    with admin.expect_download() as statement:
        admin.get_by_role("button", name="Download PDF").click()
    pages = pypdfium2.PdfDocument(statement.value.path())
    assert "1 " in pages[0].get_textpage().get_text_bounded()
    assert statement.value.suggested_filename.startswith("Statement")
