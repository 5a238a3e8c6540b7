"""An ended session, a lost connection, a second sign-in: each says what happened; what was typed stays."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack, sign_in
from tests.browser.test_a_clerks_day import open_payment, view


def test_an_ended_session_keeps_what_was_typed(admin: Page, stack: Stack) -> None:
    open_payment(admin, 30, stack)
    admin.get_by_label("Reference").fill("MR-300")
    admin.context.clear_cookies(name="ispbills_session")
    admin.locator("#dialog [data-desk-submit]").click()
    expect(admin.get_by_text("You have been signed out")).to_be_visible()
    expect(admin.get_by_label("Reference")).to_have_value("MR-300")

    other = admin.context.new_page()
    sign_in(other, stack.email, stack.password)
    other.close()
    admin.locator("#dialog [data-desk-submit]").click()
    expect(admin.get_by_text("That did not work")).to_be_visible()
    admin.locator("#dialog [data-desk-submit]").click()
    expect(admin.locator(".bill-row").first.locator(".bill-status")).to_have_text("Paid")


def test_a_lost_connection_keeps_the_old_rows(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack))
    rows = admin.locator(".bill-row").count()
    admin.context.set_offline(True)
    admin.locator("label[for=status-paid]").click()
    expect(admin.get_by_role("alert")).to_contain_text("The list could not be refreshed.")
    expect(admin.locator(".bill-row")).to_have_count(rows)
    admin.context.set_offline(False)
    admin.get_by_role("button", name="Try again").click()
    expect(admin.get_by_text("The list could not be refreshed.")).to_have_count(0)


def test_a_page_that_is_not_there_says_so(admin: Page) -> None:
    answer = admin.goto("/bills/00000000-0000-7000-8000-000000000000")
    assert answer is not None
    assert answer.status == 404
    expect(admin.get_by_role("heading", level=1)).to_be_visible()
    expect(admin.get_by_role("link", name="Back to Customer Bills")).to_be_visible()


def test_whoever_is_signed_out_comes_back_to_where_they_wanted_to_go(admin: Page, stack: Stack) -> None:
    wanted = view(stack, status="paid")
    admin.context.clear_cookies(name="ispbills_session")
    admin.goto(wanted)
    admin.wait_for_url(re.compile(r"/sign-in\?next="))
    admin.get_by_label("Email address").fill(stack.email)
    admin.get_by_label("Password").fill("not the password")
    admin.get_by_role("button", name="Sign in").click()
    expect(admin.get_by_role("alert")).to_contain_text("do not match")
    admin.get_by_label("Password").fill(stack.password)
    admin.get_by_role("button", name="Sign in").click()
    admin.wait_for_url(lambda address: address.endswith(wanted))
