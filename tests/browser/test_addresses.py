"""What an address cannot mean is said, and reloading does nothing twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

UNKNOWN = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("odd", ["status=bogus", "period=2026-13", "from=31/02/2026"])
def test_a_filter_that_cannot_be_meant_is_named(desk: Page, odd: str) -> None:
    answer = desk.goto(f"/bills?{odd}")
    assert answer is not None
    assert answer.status == 422
    expect(desk.get_by_role("alert").first).to_contain_text(odd)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"/bills/{UNKNOWN}", "no such bill"),
        (f"/customers/{UNKNOWN}", "no such customer"),
        (f"/runs/{UNKNOWN}", "no such billing run"),
        (f"/bulk-actions/{UNKNOWN}", "no such bulk action"),
        ("/nowhere", "no page at this address"),
    ],
)
def test_a_wrong_address_says_what_is_not_there(desk: Page, address: str, said: str) -> None:
    answer = desk.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(desk.locator(".empty-subtitle")).to_contain_text(said)


def test_a_token_is_shown_once_and_reloading_makes_no_second_one(desk: Page) -> None:
    desk.goto("/account")
    before = desk.locator("tbody tr").count()
    desk.get_by_label("Name of the new token").press_sequentially("Reports", delay=10)
    desk.get_by_role("button", name="Create token").click()
    expect(desk.get_by_role("textbox", name="The new token", exact=True)).to_have_value(re.compile("^ispb_"))
    expect(desk.locator("tbody tr")).to_have_count(before + 1)
    desk.reload()
    expect(desk.get_by_role("textbox", name="The new token", exact=True)).to_have_count(0)
    expect(desk.locator("tbody tr")).to_have_count(before + 1)
