"""The dialog's script reads an amount exactly as the server does: what it hints is what is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from playwright.sync_api import Browser, Page

from shared.values.amounts import NotAnAmount, read_amount

AMOUNTS = Path(__file__).parents[2] / "gateway" / "static" / "js" / "amounts.js"
READ = "([texts, currency, places]) => texts.map(text => readAmount(text, currency, places))"
EXAMPLES = [
    "1050", "1,050.00", "1,00,000", "১,০৫০.৫০", "৳ 1,050.00", "BDT 1050", "1050 bdt", "Tk. 5", "5 টাকা",
    "1050/-", "\u00a01050\u200f", "১\u200d০", "٣", "\U0001d7d7\U0001d7d6", ".5", "5.", "1050.500",
    "90071992547409.91", "90071992547409.92", "1.000,00", "799,50", "7 99", "1,2,3", "10,00,00", ",5",
    "1.050.00", "1.005", "USD 10", "10 USD", "-10", "−10", "0", "0.00", "1e3", "ten", ".", "", " ", "NaN",
    "9" * 30, "1.234.567,8", "%(text)s",
]  # fmt: skip


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """A blank page with the script on it."""
    page = browser.new_page()
    page.add_script_tag(path=AMOUNTS)
    yield page
    page.close()


@pytest.mark.parametrize(("currency", "places"), [("BDT", 2), ("JPY", 0), ("KWD", 3)])
def test_the_dialog_reads_every_example_as_the_server_does(script: Page, currency: str, places: int) -> None:
    read = script.evaluate(READ, [EXAMPLES, currency, places])
    assert dict(zip(EXAMPLES, map(_plain, read), strict=True)) == {
        text: _by_the_server(text, currency, places) for text in EXAMPLES
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=some.lists(
        some.text("0123456789১২৩.,  -−৳BDTtkUSe/=\u00a0\u200d\u200f", max_size=12) | some.text(max_size=6),
        min_size=100,
        max_size=200,
    )
)
def test_the_dialog_reads_any_text_as_the_server_does(script: Page, texts: list[str]) -> None:
    read = script.evaluate(READ, [texts, "BDT", 2])
    for text, answer in zip(texts, read, strict=True):
        assert _plain(answer) == _by_the_server(text, "BDT", 2), repr(text)


def _plain(answer: dict[str, Any]) -> Any:
    return answer["minor"] if "minor" in answer else (answer["why"], answer["suggestion"])


def _by_the_server(text: str, currency: str, places: int) -> Any:
    try:
        return read_amount(text, currency, places)
    except NotAnAmount as error:
        return type(error).__name__, error.suggestion
