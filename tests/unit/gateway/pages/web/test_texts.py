"""The catalog fits the texts: a translation fills the same places as the English one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from gateway.pages.web import labels, render, translations
from gateway.pages.web.preferences import LANGUAGES
from gateway.schemas.import_columns import CYCLE_WORDS, STATUS_WORDS
from shared.values.texts import lookup_key

PLACES = re.compile(r"%\(([a-z_]+)\)s")
NAMED = re.compile(
    r"""aria-label="\{\{ _\('([^']*)'[^"]*\}\}"[^>]*>"""
    r"""(?:\{\{ icon\([^}]*\}\})?\{\{ _\("([^"]*)"[^}]*\}\}\s*</"""
)


def test_every_translation_fills_the_same_places() -> None:
    with (translations.LOCALE / "bn" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        messages = [message for message in read_po(source) if message.id and message.string]
    assert len(messages) > 300
    for message in messages:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = (
            [message.string] if isinstance(message.string, str) else [form for form in message.string if form]
        )
        named = {place for each in ids for place in PLACES.findall(each)}
        for form in forms:
            assert set(PLACES.findall(form)) <= named, message.id
            if isinstance(message.id, str):
                assert set(PLACES.findall(form)) == named, message.id


def test_every_text_of_the_desk_is_translated() -> None:
    root = translations.LOCALE.parents[1]
    with (translations.LOCALE / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    with (translations.LOCALE / "bn" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalog = read_po(source)
    found = [each[2] for each in extract_from_dir(Path(root), methods, options)]
    assert len(found) > 700
    untranslated = {str(text) for text in found if not _is_translated(catalog, text)}
    assert untranslated == set()


def test_the_name_of_a_control_holds_the_words_that_it_shows() -> None:
    """Whoever speaks to the page says what is to be read on it (WCAG 2.5.3)."""
    files = [*Path(render.TEMPLATES).rglob("*.html")]
    pairs = [pair for file in files for pair in NAMED.findall(file.read_text())]
    assert len(pairs) > 15
    for language in ("en", "bn"):
        token = translations.language.set(language)
        try:
            said = [[_words(translations.gettext(text)) for text in pair] for pair in pairs]
            assert [pair for pair in said if pair[1] not in pair[0]] == []
        finally:
            translations.language.reset(token)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_import_reads_the_words_that_the_desk_shows(language: str) -> None:
    token = translations.language.set(language)
    try:
        for shown, read in (
            (labels.customer_statuses(), STATUS_WORDS),
            (labels.billing_cycles(), CYCLE_WORDS),
        ):
            assert {word: read.get(lookup_key(word)) for word in shown.values()} == {
                word: code for code, word in shown.items()
            }
    finally:
        translations.language.reset(token)


def _words(text: str) -> str:
    return re.sub(r"[…?:]", "", text).casefold()


def _is_translated(catalog: Catalog, text: str | tuple[str, ...]) -> bool:
    message = catalog.get(text[0] if isinstance(text, tuple) else text)
    if message is None or message.fuzzy or not message.string:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else True


def test_what_nobody_has_translated_stays_english() -> None:
    token = translations.language.set("bn")
    try:
        assert translations.gettext("Customer Bills") == "গ্রাহক বিল"
        assert translations.gettext("A text that is in no catalog") == "A text that is in no catalog"
        assert translations.ngettext("%(num)s bill", "%(num)s bills", 2) == "%(num)sটি বিল"
    finally:
        translations.language.reset(token)
