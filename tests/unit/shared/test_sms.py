"""What fits into a text message, and a link that stays one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as some

from shared.sms import (
    DEFAULT_TEXTS,
    MOST_SEGMENTS,
    TextRefused,
    check_template,
    encoding_of,
    render,
    size_of,
)

LINK = "https://pay.shapla.example/pay/k7QmZ2xV9TfBk7QmZ2xV9T"
VALUES = {
    "customer": "Nusrat Jahan Mim",
    "code": "PLB-20398",
    "period": "Dec 2026",
    "number": "PLB-004187",
    "balance": "1,050.00",
    "amount": "1,050.00",
    "due": "10 Dec",
    "isp": "Shapla Net",
}
BASIC = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n 09azAZ"
EXTENSION = "^{}\\[~]|€"
BENGALI = "নুসরাতজাহানমি৳।"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("[" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 158 + "৳", "UCS-2", 159, 3),
        ("ক" * 70, "UCS-2", 70, 1),
        ("ক" * 71, "UCS-2", 71, 2),
        ("ক" * 134, "UCS-2", 134, 2),
        ("ক" * 135, "UCS-2", 135, 3),
        ("🙂" * 35, "UCS-2", 70, 1),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # the escape stays with its character
        ("ক" * 66 + "🙂" + "ক" * 66, "UCS-2", 134, 3),
        ("`", "UCS-2", 1, 1),  # not of the alphabet, however plain it looks
    ],
)
def test_segments_are_counted_as_telephones_do(text: str, encoding: str, units: int, segments: int) -> None:
    size = size_of(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


@given(text=some.text(alphabet=BASIC + EXTENSION, max_size=900))
def test_every_character_of_the_alphabet_is_counted_in_septets(text: str) -> None:
    size = size_of(text)
    assert size.encoding == "GSM-7"
    assert size.units == len(text) + sum(text.count(each) for each in EXTENSION)
    assert size.units <= size.room or not text


@given(text=some.text(max_size=400), letter=some.sampled_from(BENGALI))
def test_one_bengali_letter_makes_it_unicode(text: str, letter: str) -> None:
    size = size_of(text + letter)
    assert size.is_unicode
    assert size.units == len((text + letter).encode("utf-16-le", "surrogatepass")) // 2
    least = 1 if size.units <= 70 else -(-size.units // 67)
    assert least <= size.segments <= least + least // 10 + 1


@given(first=some.text(max_size=300), second=some.text(max_size=300))
def test_a_longer_text_never_takes_fewer_segments(first: str, second: str) -> None:
    assume(encoding_of(first) == encoding_of(first + second))
    assert size_of(first).segments <= size_of(first + second).segments


names = some.text(max_size=120)
templates = some.lists(
    some.sampled_from(
        ["{customer}", "{isp}", "{number}", "। ", "-", " ", "Pay:", "দিন: ", "(", ")", "x" * 40, "ক" * 30]
    ),
    max_size=12,
).map("".join)


@given(before=templates, after=templates, customer=names)
@example(before="{customer}", after="।", customer="{link}")
@example(before="", after=".", customer="")
def test_the_link_is_never_cut_or_glued(before: str, after: str, customer: str) -> None:
    try:
        text = render(before + "{link}" + after, VALUES | {"customer": customer}, LINK)
    except TextRefused:
        return
    assert text.count(LINK) == 1
    left, _, right = text.partition(LINK)
    assert not left or left[-1].isspace()
    assert not right or right[0].isspace()
    assert size_of(text).segments <= MOST_SEGMENTS


@pytest.mark.parametrize("language", ["en", "bn"])
def test_a_text_that_everybody_starts_with_can_be_sent(language: str) -> None:
    for (template, of), text in DEFAULT_TEXTS.items():
        if of == language:
            check_template(template, text)
            size = size_of(render(text, VALUES, LINK))
            assert size.segments <= (1 if language == "en" else 2), (template, size)


def test_a_name_of_any_length_leaves_the_link_whole() -> None:
    text = render(DEFAULT_TEXTS["payment-link", "bn"], VALUES | {"customer": "মোছাঃ " * 500}, LINK)
    assert LINK in text
    assert size_of(text).segments <= 4


def test_a_value_is_never_read_as_a_placeholder() -> None:
    assert render("{customer}: {link}", {"customer": "{link} {isp}"}, LINK) == f"{{link}} {{isp}}: {LINK}"


def test_a_line_break_in_a_name_makes_no_second_line() -> None:
    assert render("Dear {customer},\nbye", {"customer": "Abdul\r\nHamid"}) == "Dear Abdul Hamid,\nbye"


def test_an_empty_value_leaves_no_hole() -> None:
    assert render("Dear {customer}, pay {number} now", {}) == "Dear , pay now"


def test_quotes_of_a_word_processor_do_not_double_the_cost() -> None:
    quotes = "Dear {customer}, it\u2019s due \u2013 \u201cnow\u201d"
    assert render(quotes, VALUES) == 'Dear Nusrat Jahan Mim, it\'s due - "now"'
    assert "\u2019" in render(quotes + " ৳", VALUES)


@pytest.mark.parametrize(
    ("template", "text", "why"),
    [
        ("payment-link", "Dear {customer}", "must stand"),
        ("payment-link", "{link} {link}", "once"),
        ("reminder", "{password}", "stands for nothing"),
        ("reminder", "  ", "empty"),
        ("reminder", "x" * 601, "600"),
        ("reminder", "a\x07b", "cannot be shown"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_with_the_reason(template: str, text: str, why: str) -> None:
    with pytest.raises(TextRefused, match=why):
        check_template(template, text)


def test_segments_of_many_lengths_agree_with_arithmetic() -> None:
    for length, (letter, one, each) in itertools.product(range(1, 700), (("a", 160, 153), ("ক", 70, 67))):
        expected = 1 if length <= one else -(-length // each)
        assert size_of(letter * length).segments == expected
