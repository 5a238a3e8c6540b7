"""What a browser remembers: page size, density, columns, theme, language."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_a_clerks_day import view


def test_page_size_density_and_columns_are_remembered(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack))
    admin.get_by_label("Rows").select_option("25")
    expect(admin.locator(".bill-row")).to_have_count(25)
    admin.locator("summary[aria-label='View']").click()
    admin.get_by_role("button", name="Compact").click()
    expect(admin.locator("body")).to_have_attribute("data-density", "compact")
    admin.locator("summary[aria-label='View']").click()
    admin.get_by_label("Package", exact=True).last.uncheck()
    admin.get_by_role("button", name="Save columns").click()
    expect(admin.locator("th.col-package")).to_have_count(0)
    expect(admin.locator("th.col-operator")).to_have_count(1)
    expect(admin).to_have_url(re.compile(f"period={stack.isp.period}"))
    admin.goto(view(stack))
    expect(admin.locator(".bill-row")).to_have_count(25)


def test_the_desk_speaks_bengali_and_goes_dark(admin: Page) -> None:
    admin.locator(".desk-user summary").click()
    admin.get_by_role("button", name="বাংলা").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("গ্রাহক বিল")
    expect(admin.locator("html")).to_have_attribute("lang", "bn")
    admin.locator(".desk-user summary").click()
    admin.locator("button[name=theme][value=dark]").click()
    expect(admin.locator("html")).to_have_attribute("data-bs-theme", "dark")
