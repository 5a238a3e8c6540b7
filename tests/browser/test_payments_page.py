"""Payments: what came in is found again by day, method and words; a reference that is known warns."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import findings


def take(admin: Page, stack: Stack, number: str, amount: str, reference: str, method: str = "Cash") -> None:
    admin.goto(f"/customers?q={stack.isp.prefix}+{number}")
    admin.locator("tbody a").first.click()
    admin.get_by_role("link", name="Take a payment").click()
    dialog = admin.get_by_role("dialog", name="Take a payment")
    dialog.get_by_label("Amount received").fill(amount)
    dialog.get_by_label("Method").select_option(method)
    dialog.get_by_label("Reference").fill(reference)
    # It says the amount once the split has been answered, and is another button then.
    dialog.get_by_role("button", name=f"Record BDT {amount}.00").click()
    expect(admin.get_by_text("The payment was recorded.")).to_be_visible()


def test_what_was_taken_today_is_found_by_method_and_by_words(admin: Page, stack: Stack) -> None:
    reference = f"MR-{stack.isp.prefix}-1"
    take(admin, stack, "041", "350", reference, "Nagad")
    admin.get_by_role("link", name="Payments", exact=True).click()
    expect(admin.get_by_role("heading", name="Payments", level=1)).to_be_visible()
    expect(admin.locator("#day-value")).to_contain_text("Today")
    admin.locator("#method-button").click()
    admin.get_by_label("Nagad").check()
    expect(admin.locator("#method-value")).to_have_text("Nagad")
    admin.keyboard.press("Escape")
    admin.get_by_label("Search payments").fill(reference.lower())
    rows = admin.locator(".pay-row")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("350.00")
    expect(admin.locator("#payments-totals")).to_contain_text("BDT 350.00")
    assert findings(admin) == []
    admin.locator("#go-previous").click()
    expect(admin.get_by_text("No payments match")).to_be_visible()
    admin.locator("#go-next").click()
    expect(rows).to_have_count(1)
    rows.first.locator(".row-open").click()
    expect(admin.get_by_role("heading", name="Payment of BDT 350.00")).to_be_visible()
    expect(admin.get_by_text(reference)).to_be_visible()
    assert findings(admin) == []


def test_a_row_opens_by_a_click_anywhere_and_by_enter(admin: Page, stack: Stack) -> None:
    take(admin, stack, "042", "120", f"MR-{stack.isp.prefix}-2")
    admin.goto(f"/payments?q=MR-{stack.isp.prefix}-2")
    admin.locator(".pay-row .col-operator").click()
    expect(admin.get_by_role("heading", name="Payment of BDT 120.00")).to_be_visible()
    admin.go_back()
    admin.keyboard.press("j")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", name="Payment of BDT 120.00")).to_be_visible()


def test_a_reference_that_another_payment_bears_warns_and_holds_nobody_back(
    admin: Page, stack: Stack
) -> None:
    reference = f"MR-{stack.isp.prefix}-3"
    take(admin, stack, "043", "100", reference)
    admin.goto(f"/customers?q={stack.isp.prefix}+044")
    admin.locator("tbody a").first.click()
    admin.get_by_role("link", name="Take a payment").click()
    dialog = admin.get_by_role("dialog", name="Take a payment")
    dialog.get_by_label("Amount received").fill("200")
    dialog.get_by_label("Reference").press_sequentially(reference)
    expect(dialog.get_by_text("The same reference is on another payment")).to_be_visible()
    assert findings(admin) == []
    dialog.get_by_role("button", name="Record BDT 200.00").click()
    expect(admin.get_by_text("The payment was recorded.")).to_be_visible()


def test_a_payment_that_was_reversed_is_marked_and_out_of_the_sum(admin: Page, stack: Stack) -> None:
    reference = f"MR-{stack.isp.prefix}-4"
    take(admin, stack, "045", "90", reference)
    admin.goto(f"/payments?q={reference}")
    row = admin.locator(".pay-row")
    row.get_by_label("More actions").click()
    row.get_by_role("link", name="Reverse…").click()
    dialog = admin.get_by_role("dialog", name="Reverse payment")
    dialog.get_by_label("Reason").fill("Wrong customer")
    dialog.get_by_role("button", name="Reverse BDT 90.00").click()
    expect(row.get_by_text("Reversed")).to_be_visible()
    expect(admin.locator("#payments-totals")).to_contain_text("Reversed, not in Collected")
    admin.get_by_text("By staff").click()
    expect(row).to_have_count(1)
