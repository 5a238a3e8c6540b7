"""What cannot be read is told beside its field in the reader's language, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import shared.values.amounts
import shared.values.days
import shared.values.mobiles
import shared.values.texts
from gateway.pages.web import labels, translations
from shared.values.unreadable import Unreadable

READERS = (shared.values.amounts, shared.values.days, shared.values.mobiles, shared.values.texts)


def _kinds(kind: type[Unreadable] = Unreadable) -> Iterator[type[Unreadable]]:
    for below in kind.__subclasses__():
        if below.__module__ in {reader.__name__ for reader in READERS}:
            yield below
        yield from _kinds(below)


@pytest.mark.parametrize("kind", list(_kinds()), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("language", ["en", "bn"])
def test_each_kind_has_a_text_of_its_own_in_both_languages(kind: type[Unreadable], language: str) -> None:
    token = translations.language.set(language)
    try:
        text = labels.unreadable_text(kind("12%", "12.00"))
    finally:
        translations.language.reset(token)
    assert kind.__name__ in labels.unreadable_texts()
    assert "%(" not in text
    assert (text == labels.unreadable_text(kind("12%", "12.00"))) == (language == "en")
