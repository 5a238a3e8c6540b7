"""Addresses of payment links: derived, unguessable, short."""

from __future__ import annotations

import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from shared.links import TOKEN_LENGTH, Links

LINKS = Links("the link key of the tests", "https://pay.example/")


@given(link_id=some.uuids())
def test_a_token_is_22_letters_and_digits_and_always_the_same(link_id: UUID) -> None:
    token = LINKS.token(link_id)
    assert re.fullmatch(r"[0-9A-Za-z]{22}", token)
    assert len(token) == TOKEN_LENGTH
    assert LINKS.token(link_id) == token


@given(ids=some.lists(some.uuids(), min_size=2, unique=True))
def test_no_two_links_share_a_token_or_its_hash(ids: list[UUID]) -> None:
    assert len({LINKS.hash(LINKS.token(each)) for each in ids}) == len(ids)


def test_another_key_makes_another_token() -> None:
    assert Links("another", "https://pay.example").token(UUID(int=1)) != LINKS.token(UUID(int=1))


def test_the_address_has_one_slash_whatever_the_setting_ends_with() -> None:
    assert LINKS.url(UUID(int=1)) == f"https://pay.example/pay/{LINKS.token(UUID(int=1))}"


def test_the_key_does_not_show_in_what_is_printed() -> None:
    assert "the link key" not in repr(LINKS)
