"""Digits are grouped by one rule, whoever writes them: pages, papers, messages, sheets and hints."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import is_date_format

from gateway.http import sheets
from gateway.pages.web.formats import Formats
from services.documents.rendering.wording import Wording
from services.payments import wording as payments_wording
from shared.values.amounts import read_amount
from shared.values.grouping import LAKH_CURRENCIES, grouped
from shared.values.unreadable import Unreadable

CURRENCIES = st.sampled_from(["BDT", "INR", "NPR", "PKR", "USD", "EUR", "JPY", "KWD"])
ROOT = Path(__file__).parents[4]
BENGALI_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")


@pytest.mark.parametrize(
    ("number", "currency", "written"),
    [
        (0, "BDT", "0"), (999, "BDT", "999"), (99_999, "BDT", "99,999"), (100_000, "BDT", "1,00,000"),
        (1_234_567, "BDT", "12,34,567"), (100_000, "USD", "100,000"),
        (12_345_678_901, "INR", "12,34,56,78,901"),
    ],
)  # fmt: skip
def test_a_hundred_thousand_is_a_lakh_where_people_count_so(number: int, currency: str, written: str) -> None:
    assert grouped(number, currency) == written


@given(st.integers(0, 2**53 - 1), CURRENCIES)
def test_pages_papers_and_messages_write_an_amount_alike_in_both_languages(minor: int, currency: str) -> None:
    page = Formats("en", currency, "Asia/Dhaka")
    assert Formats("bn", currency, "Asia/Dhaka").amount(minor) == page.amount(minor)
    for language in ("en", "bn"):
        paper = Wording(language, currency, "Asia/Dhaka").amount(minor)
        message = payments_wording.amount(minor, currency, language)
        assert paper.translate(BENGALI_DIGITS) == page.amount(minor)
        assert message.translate(BENGALI_DIGITS) == page.amount(minor)
    assert page.amount(minor).split(".")[0] == grouped(minor // 10**page.digits, currency)


@given(st.integers(0, 10**12), CURRENCIES)
def test_counts_are_grouped_as_amounts_are(number: int, currency: str) -> None:
    written = grouped(number, currency)
    assert Formats("en", currency, "Asia/Dhaka").count(number) == written
    assert Wording("en", currency, "Asia/Dhaka").count(number) == written


@given(st.integers(0, 10**9), CURRENCIES)
def test_what_is_suggested_is_grouped_alike_and_can_be_typed(whole: int, currency: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_amount(f"{whole},50", currency, digits=2)
    assert refused.value.suggestion == f"{grouped(whole, currency)}.50"
    assert read_amount(refused.value.suggestion, currency, digits=2) == whole * 100 + 50


@pytest.mark.parametrize("lakhs", [True, False])
@pytest.mark.parametrize("digits", [0, 2, 3])
def test_sheets_group_amounts_and_counts_as_the_currency_does(lakhs: bool, digits: int) -> None:
    writing = sheets.Writing(digits, ZoneInfo("Asia/Dhaka"), lakhs, "yes", "no")
    for pattern, places in ((sheets.amount_format(writing), digits), (sheets.count_format(writing), 0)):
        assert not is_date_format(pattern)
        decimals = "." + "0" * places if places else ""
        assert pattern.endswith("#,##0" + decimals)
        assert (r"##\,##\,##0" + decimals in pattern) is lakhs


def test_nobody_else_decides_who_counts_in_lakhs() -> None:
    rule = re.compile(r"""["']PKR["']|def _?in_lakhs\(""")
    files = [path for room in ("gateway", "services", "cli") for path in (ROOT / room).rglob("*.py")]
    assert len(files) > 200
    assert [path.name for path in files if rule.search(path.read_text())] == []
    script = (ROOT / "gateway" / "static" / "js" / "amounts.js").read_text()
    assert set(re.findall(r"[A-Z]{3}", re.search(r"LAKHS = /(.*)/", script)[1])) == LAKH_CURRENCIES  # type: ignore[index]
