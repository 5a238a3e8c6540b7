"""What an address cannot mean is said, and reloading does nothing twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

UNKNOWN = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("odd", ["status=bogus", "period=2026-13", "from=31/02/2026"])
def test_a_filter_that_cannot_be_meant_is_named(admin: Page, odd: str) -> None:
    answer = admin.goto(f"/bills?{odd}")
    assert answer is not None
    assert answer.status == 422
    expect(admin.get_by_role("alert").first).to_contain_text(odd)


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
def test_a_wrong_address_says_what_is_not_there(admin: Page, address: str, said: str) -> None:
    answer = admin.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(admin.locator(".empty-subtitle")).to_contain_text(said)


def test_a_token_is_shown_once_and_reloading_makes_no_second_one(admin: Page) -> None:
    admin.goto("/account")
    before = admin.locator("tbody tr").count()
    admin.get_by_label("Name of the new token").press_sequentially("Reports", delay=10)
    admin.get_by_role("button", name="Create token").click()
    expect(admin.get_by_role("textbox", name="The new token", exact=True)).to_have_value(re.compile("^ispb_"))
    expect(admin.locator("tbody tr")).to_have_count(before + 1)
    admin.reload()
    expect(admin.get_by_role("textbox", name="The new token", exact=True)).to_have_count(0)
    expect(admin.locator("tbody tr")).to_have_count(before + 1)
