"""axe finds nothing (WCAG 2.2 A and AA), light and dark, screen and phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Stack, open_context
from tests.browser.test_a_clerks_day import view

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def findings(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["screen", "phone"])
def test_axe_finds_nothing(
    browser: Browser, stack: Stack, session: Any, scheme: str, size: tuple[int, int]
) -> None:
    looks = {
        "color_scheme": scheme,
        "viewport": {"width": size[0], "height": size[1]},
        "bypass_csp": True,
    }
    door = open_context(browser, stack, **looks)
    outside = door.new_page()
    outside.goto("/sign-in")
    assert findings(outside) == []
    door.close()
    context = open_context(browser, stack, storage_state=session, **looks)
    page = context.new_page()
    page.goto(view(stack))
    assert findings(page) == []
    page.locator(".row-pay").first.click()
    page.locator("#dialog dialog[open]").wait_for()
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.goto(view(stack, q="nobody has this name"))
    assert findings(page) == []
    page.goto(view(stack))
    page.locator(".bill-row .col-number a").first.click()
    page.wait_for_url("**/bills/*")
    assert findings(page) == []
    page.goto("/bulk-actions")
    assert findings(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0], "nothing is wider than the screen"
    context.close()


PAGES = (
    "/", "/customers", "/customers/new", "/customers/import", "/packages", "/packages/new", "/operators",
    "/operators/new", "/users", "/users/new", "/runs", "/runs/new", "/settings/billing", "/partners",
    "/settings/webhooks",
    "/settings/isp-profile", "/activity", "/account", "/bills/generate-missing", "/payments?from=",
    "/close-of-day", "/close-of-day/sign",
    "/held", "/bills/views/new?filter=status%3Dunpaid",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_around_the_desk(browser: Browser, stack: Stack, session: Any, scheme: str) -> None:
    size = {"width": 1440, "height": 900} if scheme == "light" else {"width": 390, "height": 844}
    looks = {"color_scheme": scheme, "viewport": size, "bypass_csp": True}
    context = open_context(browser, stack, storage_state=session, **looks)
    page = context.new_page()
    found = {}
    for path in (*PAGES, *_pages_of_one(page, stack)):
        page.goto(path)
        found[path] = findings(page)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found[path].append("wider than the screen")
    context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def _pages_of_one(page: Page, stack: Stack) -> list[str]:
    """A customer, their portal, a bill's dialogs as pages, and the latest run."""
    page.goto(view(stack, status="unpaid"))
    bill = page.locator(".bill-row .col-number a").last.get_attribute("href")
    page.goto("/runs")
    run = page.locator("tbody a").first.get_attribute("href")
    page.goto(f"/customers?q={stack.isp.prefix}")
    customer = page.locator("tbody a").first.get_attribute("href")
    page.goto(str(customer))
    portal = page.locator("#portal-url").input_value()
    own = [f"{bill}/mark-paid", f"{bill}/void", f"{customer}/change", f"{customer}/bill"]
    missed = f"/runs/missed/{stack.isp.period}"
    return [str(run), missed, str(customer), portal, "/portal/nothing", "/nowhere", *own]
