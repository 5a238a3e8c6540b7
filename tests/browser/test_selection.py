"""A selection is kept through dialogs, pages and sorts, and never dropped in silence."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_a_clerks_day import view


@pytest.fixture
def pages(admin: Page, stack: Stack) -> Page:
    """Thirty bills on two pages."""
    admin.goto(view(stack, limit="25"))
    expect(admin.locator(".bill-row")).to_have_count(25)
    return admin


def count_shown(page: Page) -> str:
    return page.locator("[data-desk-count]").inner_text()


def test_all_that_match_stay_selected_behind_their_dialog_and_on_other_pages(pages: Page) -> None:
    pages.get_by_label("Select all bills on this page").check()
    pages.get_by_role("button", name=re.compile("^Select all [0-9]+ that match")).click()
    everything = count_shown(pages)
    assert re.fullmatch("All [0-9]+", everything)
    pages.get_by_role("button", name="Mark as paid", exact=True).click()
    expect(pages.get_by_role("dialog")).to_be_visible()
    assert count_shown(pages) == everything
    pages.get_by_role("dialog").get_by_text("Cancel").click()
    expect(pages.get_by_role("dialog")).to_have_count(0)
    pages.get_by_role("link", name="Next").click()
    expect(pages.locator(".bill-row")).not_to_have_count(25)
    assert count_shown(pages) == everything
    expect(pages.locator(".bill-row.is-selected")).to_have_count(pages.locator(".bill-row").count())
    pages.get_by_role("link", name="Total", exact=True).click()
    expect(pages.locator(".bill-row")).to_have_count(25)
    assert count_shown(pages) == everything
    expect(pages.locator("#bills-form [name=selection]")).to_have_value("filter")


def test_bills_of_several_pages_are_chosen_together(pages: Page) -> None:
    boxes = pages.locator(".bill-row input[name=bill_ids]")
    boxes.nth(0).click()
    boxes.nth(1).click()
    pages.get_by_role("link", name="Next").click()
    expect(pages.locator(".bill-row")).not_to_have_count(25)
    assert count_shown(pages) == "2"
    boxes.nth(0).click()
    assert count_shown(pages) == "3"
    pages.get_by_role("button", name="Mark as paid", exact=True).click()
    expect(pages.locator("#dialog [name=bill_ids]")).to_have_count(3)
    pages.keyboard.press("Escape")
    pages.get_by_role("link", name="First").click()
    expect(pages.locator(".bill-row")).to_have_count(25)
    expect(pages.locator(".bill-row.is-selected")).to_have_count(2)
    pages.get_by_role("button", name="Clear the selection").click()
    expect(pages.locator("#bills-toolbar")).not_to_have_class(re.compile("has-selection"))


def test_another_filter_says_that_the_selection_is_gone_and_gives_it_back(pages: Page) -> None:
    pages.get_by_label("Select all bills on this page").check()
    pages.get_by_role("button", name=re.compile("^Select all [0-9]+ that match")).click()
    everything = count_shown(pages)
    pages.locator("label[for=status-unpaid]").click()
    note = pages.locator(".desk-toast", has_text="The selection was cleared")
    expect(note).to_contain_text(everything)
    expect(pages.locator("#bills-toolbar")).not_to_have_class(re.compile("has-selection"))
    note.get_by_role("button", name="Bring it back").click()
    expect(pages.locator("#bills-toolbar")).to_have_class(re.compile("has-selection"))
    expect(pages.locator("#status-unpaid")).not_to_be_checked()
    assert count_shown(pages) == everything


def test_a_selection_is_still_there_for_who_goes_back(pages: Page) -> None:
    boxes = pages.locator(".bill-row input[name=bill_ids]")
    boxes.nth(0).click()
    pages.get_by_role("link", name="Next").click()
    expect(pages.locator(".bill-row")).not_to_have_count(25)
    boxes.nth(0).click()
    pages.go_back()
    expect(pages.locator(".bill-row")).to_have_count(25)
    expect(pages.locator(".bill-row.is-selected")).to_have_count(1)
    assert count_shown(pages) == "2"
    pages.locator(".bill-row .col-number a").nth(3).click()
    expect(pages.locator("#bill-timeline")).to_be_visible()
    pages.go_back()
    expect(pages.locator("[data-desk-count]")).to_have_text("2")
    pages.get_by_role("link", name="Customer Bills").first.click()
    expect(pages.locator("#bills-toolbar")).not_to_have_class(re.compile("has-selection"))
