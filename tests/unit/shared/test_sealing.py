"""What is sealed opens for its own purpose alone, and shows nowhere."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.sealing import NotOurs, OlderThanKnown, open_sealed, public_key_of, seal
from tests.keys import KEYS

NOON = datetime(2026, 12, 14, 6, tzinfo=UTC)
OPERATOR = UUID(int=1)
PURPOSE: dict[str, Any] = {"service": "notifications", "operator_id": OPERATOR, "provider": "twilio"}
PRIVATE = KEYS["notifications"]
PUBLIC = public_key_of(PRIVATE)


@given(secret=some.dictionaries(some.text(), some.text()))
def test_what_was_sealed_is_what_is_opened(secret: dict[str, str]) -> None:
    opened = open_sealed(PRIVATE, seal(PUBLIC, secret, at=NOON, **PURPOSE), **PURPOSE)
    assert (opened.secret, opened.at) == (secret, NOON)


@pytest.mark.parametrize(
    "other", [{"service": "payments"}, {"operator_id": UUID(int=2)}, {"provider": "bulksmsbd"}]
)
def test_a_sealed_text_put_in_anothers_place_does_not_open(other: dict[str, Any]) -> None:
    text = seal(PUBLIC, {"auth_token": "t"}, at=NOON, **PURPOSE)
    with pytest.raises(NotOurs):
        open_sealed(PRIVATE, text, **(PURPOSE | other))


def test_an_old_secret_does_not_come_back_in_place_of_a_newer() -> None:
    text = seal(PUBLIC, {"auth_token": "t"}, at=NOON, **PURPOSE)
    assert open_sealed(PRIVATE, text, not_before=NOON, **PURPOSE).secret == {"auth_token": "t"}
    with pytest.raises(OlderThanKnown):
        open_sealed(PRIVATE, text, not_before=NOON + timedelta(microseconds=1), **PURPOSE)


def test_another_services_key_opens_nothing() -> None:
    with pytest.raises(NotOurs):
        open_sealed(KEYS["payments"], seal(PUBLIC, {}, at=NOON, **PURPOSE), **PURPOSE)


@given(text=some.one_of(some.text(), some.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotOurs):
        open_sealed(PRIVATE, text, **PURPOSE)


def test_no_secret_shows_in_what_is_printed() -> None:
    text = seal(PUBLIC, {"auth_token": "very secret"}, at=NOON, **PURPOSE)
    opened = open_sealed(PRIVATE, text, **PURPOSE)
    assert "very secret" not in repr(opened)
    assert "very secret" not in text
    assert dataclasses.replace(opened, at=NOON) == opened
