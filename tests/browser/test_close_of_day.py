"""A day is closed by clicking and typing: what is expected, what was counted, and what came later."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import findings
from tests.browser.test_payments_page import take


def _expected(admin: Page) -> int:
    text = admin.locator("#in-hand .facts-total dd").inner_text()
    return int(re.sub(r"[^0-9]", "", text))


def test_a_day_is_counted_signed_and_never_changed(admin: Page, stack: Stack) -> None:
    take(admin, stack, "046", "500", f"MR-{stack.isp.prefix}-5")
    admin.get_by_role("link", name="Payments", exact=True).click()
    admin.get_by_role("link", name="Close of day").click()
    admin.locator("#whose-button").click()
    admin.get_by_label("Find a person or an operator").fill(stack.email)
    admin.locator("#whose-list").get_by_role("link", name=stack.email).click()
    expect(admin.locator("#whose-button")).to_contain_text("Collector")
    expected = _expected(admin)
    assert expected >= 50_000
    assert findings(admin) == []
    admin.get_by_role("link", name="Count and sign off").click()
    dialog = admin.get_by_role("dialog", name="Count and sign off")
    counted = f"{(expected - 8_000) / 100:.2f}"
    dialog.get_by_label("Cash counted").press_sequentially(counted)
    expect(dialog.locator("#difference")).to_contain_text("80.00 short")
    dialog.get_by_role("button", name="Sign off").click()
    expect(dialog.get_by_text("Say why").first).to_be_visible()
    dialog.get_by_label("Why do they differ?").fill("Too much change given")
    assert findings(admin) == []
    dialog.get_by_role("button", name="Sign off").click()
    expect(admin.get_by_text("The day is signed off.")).to_be_visible()
    expect(admin.locator("h1")).to_contain_text("Closed")
    expect(admin.locator("#in-hand")).to_contain_text("80.00 short")
    expect(admin.get_by_role("link", name="Count and sign off")).to_have_count(0)
    assert findings(admin) == []
    signed = admin.url
    take(admin, stack, "047", "60", f"MR-{stack.isp.prefix}-6")
    admin.goto(signed)
    expect(admin.locator("#corrections")).to_contain_text("60.00")
    expect(admin.locator("#in-hand")).to_contain_text("80.00 short")
    assert _expected(admin) == expected
    admin.goto("/activity")
    expect(admin.get_by_role("link", name="Day closed").first).to_be_visible()


def test_a_sheet_is_printed_without_the_desk_around_it(admin: Page) -> None:
    admin.goto("/close-of-day")
    admin.emulate_media(media="print")
    expect(admin.locator(".admin-sidebar")).to_be_hidden()
    expect(admin.locator(".print-head")).to_be_visible()
    expect(admin.locator(".print-sign")).to_be_visible()
    expect(admin.locator("#collected-title")).to_be_visible()
