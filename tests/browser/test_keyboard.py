"""From end to end without a mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_a_clerks_day import view


def test_rows_are_walked_chosen_and_paid_by_key(desk: Page, stack: Stack) -> None:
    desk.goto(view(stack, q=f"{stack.isp.prefix} 04", status="unpaid"))
    desk.locator("body").press("j")
    expect(desk.locator(".bill-row").nth(0)).to_be_focused()
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Shift+X")
    expect(desk.locator(".bill-row.is-selected")).to_have_count(3)
    desk.keyboard.press("Escape")
    expect(desk.locator(".bill-row.is-selected")).to_have_count(0)
    desk.keyboard.press("m")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(desk.locator(".bill-row").nth(2).locator(".row-pay")).to_be_focused()


def test_the_search_is_a_slash_away_and_the_list_a_question_mark(desk: Page) -> None:
    desk.locator("body").press("/")
    expect(desk.locator("#q")).to_be_focused()
    desk.locator("#content").focus()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_shortcuts_can_be_turned_off(desk: Page) -> None:
    desk.locator("#content").focus()
    desk.keyboard.press("?")
    desk.get_by_role("button", name="Turn shortcuts off").click()
    desk.wait_for_load_state()
    expect(desk.locator("body")).to_have_attribute("data-shortcuts", "off")
    desk.locator("body").press("/")
    expect(desk.locator("#q")).not_to_be_focused()


def test_menus_close_with_escape_and_give_the_focus_back(desk: Page) -> None:
    button = desk.locator("#operator-button")
    button.press("Enter")
    expect(desk.locator("#operator-tree")).to_be_visible()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Escape")
    expect(desk.locator("#operator-tree")).not_to_be_visible()
    expect(button).to_be_focused()
    expect(desk).to_have_url(re.compile("/bills"))
