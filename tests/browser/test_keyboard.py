"""From end to end without a mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_a_clerks_day import view


def test_rows_are_walked_chosen_and_paid_by_key(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 04", status="unpaid"))
    admin.locator("body").press("j")
    expect(admin.locator(".bill-row").nth(0)).to_be_focused()
    admin.keyboard.press("x")
    admin.keyboard.press("j")
    admin.keyboard.press("j")
    admin.keyboard.press("Shift+X")
    expect(admin.locator(".bill-row.is-selected")).to_have_count(3)
    admin.keyboard.press("Escape")
    expect(admin.locator(".bill-row.is-selected")).to_have_count(0)
    admin.keyboard.press("m")
    expect(admin.get_by_role("dialog")).to_be_visible()
    admin.keyboard.press("Escape")
    expect(admin.get_by_role("dialog")).to_have_count(0)
    expect(admin.locator(".bill-row").nth(2).locator(".row-pay")).to_be_focused()


def test_a_click_with_shift_chooses_all_rows_from_the_one_before(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 04", status="unpaid"))
    boxes = admin.locator(".bill-row input[name=bill_ids]")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(admin.locator(".bill-row.is-selected")).to_have_count(4)


def test_the_search_is_a_slash_away_and_the_list_a_question_mark(admin: Page) -> None:
    admin.locator("body").press("/")
    expect(admin.locator("#q")).to_be_focused()
    admin.locator("#content").focus()
    admin.keyboard.press("?")
    expect(admin.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_shortcuts_can_be_turned_off(admin: Page) -> None:
    admin.locator("#content").focus()
    admin.keyboard.press("?")
    admin.get_by_role("button", name="Turn shortcuts off").click()
    admin.wait_for_load_state()
    expect(admin.locator("body")).to_have_attribute("data-shortcuts", "off")
    admin.locator("body").press("/")
    expect(admin.locator("#q")).not_to_be_focused()


def test_menus_close_with_escape_and_give_the_focus_back(admin: Page, stack: Stack) -> None:
    button = admin.locator("#operator-button")
    button.press("Enter")
    expect(admin.locator("#operator-tree")).to_be_visible()
    admin.keyboard.press("Tab")
    admin.keyboard.press("Escape")
    expect(admin.locator("#operator-tree")).not_to_be_visible()
    expect(button).to_be_focused()
    expect(admin).to_have_url(re.compile("/bills"))
    _the_menu_of_a_row_is_its_own(admin, stack)


def _the_menu_of_a_row_is_its_own(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, status="unpaid"))
    row = admin.locator(".bill-row").nth(1)
    bill, number = str(row.get_attribute("data-live")), row.locator(".number").inner_text()
    button = row.get_by_label(f"More actions: {number}")
    for key in ("Space", "Enter"):
        button.press(key)
        expect(row.locator(".row-menu .dropdown-item")).to_have_text(
            ["Open bill", "Payment history", "Open customer", "Void…"]
        )
        history = row.get_by_role("link", name="Payment history")
        expect(history).to_have_attribute("href", f"/bills/{bill}#payments-title")
        admin.keyboard.press("Tab")
        admin.keyboard.press("Escape")
        expect(history).not_to_be_visible()
        expect(button).to_be_focused()
    button.press("Enter")
    row.get_by_role("link", name="Void…").press("Enter")
    expect(admin.get_by_role("dialog")).to_contain_text(number)
    admin.keyboard.press("Escape")
    expect(button).to_be_focused()
