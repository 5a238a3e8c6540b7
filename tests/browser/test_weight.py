"""What a first visit weighs, and how long it may be kept."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from tests.browser.conftest import Stack, open_context
from tests.browser.test_a_clerks_day import view

HEAVIEST_BYTES = 300_000


def test_the_page_is_light_and_its_files_are_kept_for_ever(
    browser: Browser, stack: Stack, session: Any
) -> None:
    context = open_context(browser, stack, storage_state=session)
    page = context.new_page()
    fresh = context.new_page()
    sizes: list[int] = []
    fresh.on("response", lambda answer: sizes.append(int(answer.request.sizes()["responseBodySize"])))
    fresh.route("**/*", lambda route: route.continue_())
    fresh.goto(view(stack), wait_until="networkidle")
    assert sum(sizes) < HEAVIEST_BYTES
    files = fresh.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    static = [each for each in files if "/static/" in each]
    assert static
    for each in static:
        assert "immutable" in page.request.get(each).headers["cache-control"]
    context.close()
