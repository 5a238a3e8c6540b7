"""The filters, typed and chosen as a clerk does: by key, by mouse, several at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_a_clerks_day import view


@pytest.fixture
def bills(admin: Page, stack: Stack) -> Page:
    """The month that was billed, without any other filter."""
    admin.goto(f"/bills?period={stack.isp.period}")
    return admin


def test_a_found_operator_is_chosen_by_a_click_and_the_menu_stays(bills: Page, stack: Stack) -> None:
    bills.locator("#operator-button").click()
    words = bills.get_by_label("Find an operator")
    words.press_sequentially(f"pallabi {stack.isp.prefix.lower()}", delay=20)
    bills.locator("#operator-tree label:visible").click()
    bills.wait_for_url(re.compile(stack.isp.pallabi))
    expect(bills.locator("#operator-value")).to_have_text(f"Pallabi {stack.isp.prefix}")
    expect(words).to_be_visible()
    words.fill("")
    words.press_sequentially(f"uttara {stack.isp.prefix.lower()}", delay=20)
    bills.locator("#operator-tree label:visible").click()
    bills.wait_for_url(re.compile(f"(?=.*{stack.isp.pallabi})(?=.*{stack.isp.uttara})"))
    expect(bills.locator("#operator-value")).to_have_text("2 operators")
    expect(bills.locator(f"#operator-tree input[value='{stack.isp.uttara}']")).to_be_focused()


def test_a_found_operator_is_chosen_by_key_alone(bills: Page, stack: Stack) -> None:
    bills.locator("#operator-button").focus()
    bills.keyboard.press("Enter")
    expect(bills.get_by_label("Find an operator")).to_be_focused()
    bills.keyboard.type(f"uttara {stack.isp.prefix.lower()}", delay=20)
    bills.keyboard.press("ArrowDown")
    found = bills.locator(f"#operator-tree input[value='{stack.isp.uttara}']")
    expect(found).to_be_focused()
    bills.keyboard.press("Enter")
    bills.wait_for_url(re.compile(stack.isp.uttara))
    expect(found).to_be_focused()
    bills.keyboard.press("ArrowUp")
    expect(bills.get_by_label("Find an operator")).to_be_focused()
    bills.keyboard.press("Escape")
    expect(bills.locator("#operator-button")).to_be_focused()


def test_letters_do_nothing_to_a_row_while_a_menu_is_open(bills: Page) -> None:
    button = bills.locator(".filter-package > summary")
    button.click()
    bills.keyboard.type("km", delay=20)
    expect(button).to_be_focused()


def test_enter_in_the_words_chooses_the_first_that_they_find(bills: Page, stack: Stack) -> None:
    bills.locator("#operator-button").click()
    bills.get_by_label("Find an operator").press_sequentially(f"uttara {stack.isp.prefix}", delay=20)
    bills.keyboard.press("Enter")
    bills.wait_for_url(re.compile(stack.isp.uttara))
    expect(bills.locator(f"#operator-tree input[value='{stack.isp.uttara}']")).to_be_focused()


def test_several_packages_are_chosen_one_after_another(bills: Page) -> None:
    bills.locator("#package-button").click()
    choices = bills.locator(".filter-package input")
    for number in range(min(choices.count(), 2)):
        choices.nth(number).click()
        bills.wait_for_url(re.compile(choices.nth(number).input_value()))
        expect(choices.nth(number)).to_be_focused()


def test_a_month_is_one_choice_and_gives_the_focus_back(bills: Page, stack: Stack) -> None:
    bills.locator(".month-value").click()
    bills.locator("label[for=month-all]").click()
    bills.wait_for_url(lambda address: "period=" not in address or address.endswith("period="))
    expect(bills.locator("#month-menu")).not_to_be_visible()
    expect(bills.locator(".month-value")).to_be_focused()


def test_a_range_is_typed_key_by_key_and_filters_once_it_is_applied(bills: Page) -> None:
    before = bills.url
    bills.locator(".month-value").click()
    bills.get_by_label("Issued from").click()
    bills.keyboard.type("1/11/2026", delay=30)
    bills.keyboard.press("Tab")
    bills.keyboard.type("১০-১১-২০২৬", delay=30)
    assert bills.url == before
    bills.keyboard.press("Enter")
    bills.wait_for_url(re.compile("from=2026-11-01&to=2026-11-10"))
    expect(bills.locator("#month-value")).to_have_text("1 Nov – 10 Nov 2026")
    expect(bills.locator(".month-value")).to_be_focused()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("20/11/2026", "10/11/2026", "The first day is after the last one."),
        ("31/02/2026", "10/11/2026", "“31/02/2026” is not a date"),
        ("2026", "", "“2026” is not a date"),
    ],
)
def test_a_range_that_cannot_be_meant_says_so_beside_its_days(
    admin: Page, stack: Stack, first: str, last: str, said: str
) -> None:
    admin.goto(view(stack))
    rows, before = admin.locator(".bill-row").count(), admin.url
    admin.locator(".month-value").click()
    admin.get_by_label("Issued from").press_sequentially(first, delay=20)
    admin.get_by_label("Issued to").press_sequentially(last, delay=20)
    admin.get_by_role("button", name="Apply").click()
    expect(admin.locator("#month-range-error")).to_contain_text(said)
    expect(admin.locator("#month-menu .is-invalid")).to_be_focused()
    expect(admin.get_by_label("Issued from")).to_have_value(first)
    assert admin.url == before
    expect(admin.locator(".bill-row")).to_have_count(rows)
    admin.keyboard.press("Escape")
    admin.keyboard.press("Enter")
    expect(admin.get_by_label("Issued from")).to_have_value("")


@pytest.mark.parametrize("spelling", ["{0}-{1}", "+880 {2} {1}", "{0} {1}", "{0}\u00a0{1}"])
def test_a_mobile_is_found_as_its_row_shows_it_and_as_people_write_it(
    admin: Page, stack: Stack, spelling: str
) -> None:
    admin.goto(view(stack))
    row = admin.locator(".bill-row").first
    code = row.locator(".cell-code").inner_text()
    start, end = row.locator(".cell-mobile").inner_text().split("-")
    admin.locator("#q").press_sequentially(spelling.format(start, end, start[1:]), delay=10)
    # The customer may have a void bill beside its reissue by now; nobody else's is found.
    expect(admin.locator(".bill-row").filter(has_not_text=code)).to_have_count(0)
    expect(admin.locator(".bill-row").filter(has_text=code)).not_to_have_count(0)


def test_words_are_found_in_any_order_and_digits_in_bengali(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack))
    admin.locator("#q").press_sequentially(f"০০৮ {stack.isp.prefix} cust", delay=10)
    expect(admin.locator(".bill-row")).to_have_count(1)
    expect(admin.locator(".bill-row .col-customer")).to_contain_text(f"Customer {stack.isp.prefix} 008")
    admin.goto("/customers")
    admin.locator("#q").press_sequentially(f"০০৮ {stack.isp.prefix} cust", delay=10)
    expect(admin.locator("#customers-region")).to_contain_text("1711-000008")


@pytest.mark.parametrize("page", ["/bills?period=", "/customers"])
def test_too_short_a_search_says_so_beside_its_field(admin: Page, page: str) -> None:
    admin.goto(page)
    admin.locator("#q").press_sequentially("ab", delay=30)
    expect(admin.locator("#q-note")).to_have_text("A search needs at least three characters.")
    admin.locator("#q").press_sequentially("c", delay=30)
    expect(admin.locator("#q-note")).to_be_empty()


def test_words_that_find_nobody_say_so_and_go_with_their_menu(bills: Page) -> None:
    bills.locator("#operator-button").click()
    words = bills.get_by_label("Find an operator")
    words.press_sequentially("zzz", delay=20)
    note = bills.locator(".filter-operator").get_by_text("Nothing found.")
    expect(note).to_be_visible()
    bills.keyboard.press("Escape")
    bills.locator("#operator-button").click()
    expect(words).to_have_value("")
    expect(note).to_be_hidden()
    expect(bills.locator("#operator-tree label:visible").first).to_be_visible()
