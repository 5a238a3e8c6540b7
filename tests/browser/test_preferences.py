"""What a browser remembers: page size, density, columns, theme, language."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_a_clerks_day import view


def test_page_size_density_and_columns_are_remembered(desk: Page, stack: Stack) -> None:
    desk.goto(view(stack))
    desk.get_by_label("Rows").select_option("25")
    expect(desk.locator(".bill-row")).to_have_count(25)
    desk.locator("summary", has_text="View").click()
    desk.get_by_role("button", name="Compact").click()
    expect(desk.locator("body")).to_have_attribute("data-density", "compact")
    desk.locator("summary", has_text="View").click()
    desk.get_by_label("Package", exact=True).last.uncheck()
    desk.get_by_role("button", name="Save columns").click()
    expect(desk.locator("th.col-package")).to_have_count(0)
    expect(desk.locator("th.col-operator")).to_have_count(1)
    expect(desk).to_have_url(re.compile(f"period={stack.isp.period}"))
    desk.goto(view(stack))
    expect(desk.locator(".bill-row")).to_have_count(25)


def test_the_desk_speaks_bengali_and_goes_dark(desk: Page) -> None:
    desk.locator(".desk-user summary").click()
    desk.get_by_role("button", name="বাংলা").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("গ্রাহক বিল")
    expect(desk.locator("html")).to_have_attribute("lang", "bn")
    desk.locator(".desk-user summary").click()
    desk.locator("button[name=theme][value=dark]").click()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
