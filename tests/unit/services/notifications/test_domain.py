"""The rules of messages: where it goes next, when a night is over, what is shown of a provider's words."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.notifications import domain
from services.notifications.domain import Doubtful, Next, NotTaken, Taken, is_open, next_of, words

flags = some.booleans()
outcomes = some.one_of(
    some.just(Taken()),
    some.just(Doubtful()),
    some.sampled_from(["moment", "gateway", "message"]).map(NotTaken),  # type: ignore[arg-type]
)


@given(
    outcome=outcomes,
    tries=some.integers(1, 20),
    has_another=flags,
    may_pass=flags,
    is_test=flags,
    can_tell=flags,
)
def test_only_what_is_known_not_to_have_been_sent_is_ever_sent_again(
    outcome: domain.Outcome, tries: int, has_another: bool, may_pass: bool, is_test: bool, can_tell: bool
) -> None:
    following = next_of(
        outcome,
        tries=tries,
        has_another=has_another,
        may_pass=may_pass,
        is_test=is_test,
        can_tell=can_tell,
    )
    assert (following.state == "queued") <= isinstance(outcome, NotTaken)
    assert (following.state == "sent") == isinstance(outcome, Taken)
    assert (following.state == "unknown") == isinstance(outcome, Doubtful)
    assert following.by_another <= has_another
    if is_test:
        assert following.state != "queued"
    if tries >= domain.MOST_TRIES and not has_another:
        assert following.state != "queued"


def test_pauses_grow_and_questions_end() -> None:
    pauses = [domain.pause_after(tries) for tries in range(1, 9)]
    assert pauses == sorted(pauses)
    assert domain.asked_again_after(len(domain.ASKED_AFTER)) is None
    assert next_of(
        Doubtful(), tries=1, has_another=True, may_pass=True, is_test=False, can_tell=False
    ) == Next("unknown")


@pytest.mark.parametrize(
    ("utc", "from_", "until", "expected"),
    [
        ("02:59", "09:00", "20:00", False),
        ("03:00", "09:00", "20:00", True),
        ("13:59", "09:00", "20:00", True),
        ("14:00", "09:00", "20:00", False),
        ("15:30", "21:00", "02:00", True),
        ("19:59", "21:00", "02:00", True),
        ("20:00", "21:00", "02:00", False),
        ("20:00", "09:00", "09:00", True),
    ],
)
def test_hours_are_those_of_the_billing_zone(utc: str, from_: str, until: str, expected: bool) -> None:
    moment = datetime.combine(datetime(2026, 12, 14), time.fromisoformat(utc), UTC)
    hours = time.fromisoformat(from_), time.fromisoformat(until)
    assert is_open(moment, "Asia/Dhaka", *hours) is expected
    assert is_open(moment, "Asia/Dhaka", None, None)


@given(minute=some.integers(0, 3 * 24 * 60), from_=some.times(), until=some.times())
def test_one_of_two_opposite_windows_is_open(minute: int, from_: time, until: time) -> None:
    moment = datetime(2026, 3, 28, tzinfo=UTC) + timedelta(minutes=minute)
    if from_ != until:
        both = is_open(moment, "Europe/Berlin", from_, until), is_open(moment, "Europe/Berlin", until, from_)
        assert both.count(True) == 1


@given(text=some.text())
def test_words_fit_on_a_row_whatever_a_provider_says(text: str) -> None:
    shown = words(text)
    assert shown is None or (0 < len(shown) <= domain.LONGEST_DETAIL and shown.isprintable())


def test_words_are_without_markup() -> None:
    assert words("<html><style>b{}</style><b>No</b>\n balance") == "No balance"


def test_keys_are_masked_in_words() -> None:
    assert domain.without_secrets("key abcd-1234 is wrong", ["abcd-1234"]) == "key ••• is wrong"
