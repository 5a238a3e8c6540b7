"""The log names whatever was done, in the reader's words."""

from __future__ import annotations

from gateway.operations.results import ANSWERS
from gateway.pages.activity import KINDS, kind_name
from gateway.pages.web import translations

# A paper that somebody opened is no entry of the log.
UNLISTED = {"document"}


def test_every_operation_can_be_found_in_the_log() -> None:
    assert ANSWERS.keys() - KINDS == UNLISTED


def test_every_entry_of_the_log_has_a_name_in_both_languages() -> None:
    token = translations.language.set("bn")
    try:
        assert [kind for kind in KINDS if kind_name(kind).isascii()] == []
    finally:
        translations.language.reset(token)
