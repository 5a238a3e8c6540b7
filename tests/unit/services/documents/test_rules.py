"""The rules of documents, and how amounts, days and names are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from string import Formatter

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as some

from services.documents.domain import (
    INK,
    DoesNotAddUp,
    Own,
    StoredLogo,
    check_statement,
    digest,
    legible,
    letterhead,
)
from services.documents.rendering.wording import TEXTS, Wording
from shared.values.file_names import file_name

ENGLISH = Wording("en", "BDT", "Asia/Dhaka")
BENGALI = Wording("bn", "BDT", "Asia/Dhaka")
SIGN = StoredLogo("logos/a.png", 10, 10)


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        ("SDG-000137", "Meghna Traders", "SDG-000137 Meghna Traders.pdf"),
        ("SDG-000138", "মোঃ রফিকুল ইসলাম", "SDG-000138 মোঃ রফিকুল ইসলাম.pdf"),
        ("X-1", "../../etc/passwd", "X-1 .. .. etc passwd.pdf"),
        ("X-1", 'a\\b:c*d?e"f<g>h|i', "X-1 a b c d e f g h i.pdf"),
        ("X-1", "gnp\u202eexe.\x00\r\n", "X-1 gnpexe.pdf"),
        ("X-1", "ক্\u200dষ", "X-1 ক্\u200dষ.pdf"),
        ("X-1", "…  ", "X-1 ….pdf"),
        ("", "///", "document.pdf"),
    ],
)
def test_a_file_is_called_what_people_call_it_and_safely(number: str, name: str, expected: str) -> None:
    assert file_name(number, name) == expected


@given(some.text(), some.text())
def test_no_name_leads_out_of_a_folder_or_is_too_long(number: str, name: str) -> None:
    called = file_name(number, name)
    assert len(called.encode()) <= 200
    assert not set(called) & set('/\\:*?"<>|\x00\n')
    assert called not in (".pdf", "..pdf")
    assert called == called.strip()


def test_each_field_comes_from_the_nearest_who_said_it() -> None:
    own, zone, root = Own(phone="1"), Own(phone="2", email="z"), Own(name="ISP", email="r", logo=SIGN)
    head = letterhead([own, zone, root], "Root")
    assert (head.name, head.company, head.phone, head.email, head.logo) == ("ISP", "ISP", "1", "z", SIGN)
    assert letterhead([own, Own(no_logo=True), root], "Root").logo is None
    assert letterhead([Own(name="Own"), root], "Root").company == "ISP"
    assert letterhead([Own(), Own()], "Root").name == "Root"


@pytest.mark.parametrize(("colour", "shown"), [("#0F6E63", "#0F6E63"), ("#ffff00", INK), ("#FFFFFF", INK)])
def test_a_colour_that_cannot_be_read_on_paper_gives_way_to_ink(colour: str, shown: str) -> None:
    assert legible(colour) == shown


def test_a_statement_adds_up_or_is_refused() -> None:
    check_statement(100, [(50, 0), (0, 200)], -50)
    with pytest.raises(DoesNotAddUp):
        check_statement(100, [(50, 0)], 100)


def test_the_same_content_has_the_same_digest_in_whatever_order() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


@given(some.integers(min_value=0, max_value=2**53 - 1))
def test_amounts_are_grouped_as_the_currency_counts(minor: int) -> None:
    from decimal import Decimal

    value = Decimal(minor).scaleb(-2)
    assert ENGLISH.amount(minor) == format_decimal(value, "#,##,##0.00", locale="en_GB")
    dollars = Wording("en", "USD", "UTC")
    assert dollars.amount(minor) == format_decimal(value, "#,##0.00", locale="en_GB")


def test_a_currency_without_minor_units_shows_none() -> None:
    assert Wording("en", "JPY", "UTC").money(1_050) == "JPY 1,050"


def test_days_and_amounts_are_written_in_the_readers_language() -> None:
    midnight = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    assert ENGLISH.moment(midnight) == "1 Jan 2027, 00:00"
    assert BENGALI.moment(midnight) == "১ জানুয়ারী ২০২৭, ০০:০০"
    assert ENGLISH.day(date(2026, 12, 10)) == "10 December 2026"
    assert ENGLISH.days_of("2028-02") == "1 – 29 Feb 2028"
    assert (ENGLISH.rate(500), ENGLISH.rate(750), BENGALI.rate(1_500)) == ("5%", "7.5%", "১৫%")
    assert (ENGLISH.money(-262_500), BENGALI.money(84_000)) == ("BDT − 2,625.00", "৳ ৮৪০.০০")
    assert ENGLISH.mobile("+8801711000412") == "+880 1711 000412"
    assert (ENGLISH.method("bkash"), BENGALI.method("cash"), ENGLISH.method("Barter")) == (
        "bKash",
        "নগদ টাকা",
        "Barter",
    )


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_says_the_same_parts_in_both_languages(name: str) -> None:
    english, bengali = (
        {field for _, field, _, _ in Formatter().parse(text) if field} for text in TEXTS[name]
    )
    assert english == bengali
    assert TEXTS[name][0] != TEXTS[name][1]
