"""The clock of a development stack is moved while its processes run, and stands where nobody moves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import clock


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A clock that follows a file; looked at each time, as a test does not wait."""
    file = tmp_path / "clock"
    monkeypatch.setenv("ISPBILLS_CLOCK_FILE", str(file))
    monkeypatch.setenv("ISPBILLS_CLOCK_OFFSET_SECONDS", "60")
    monkeypatch.setattr(clock, "LOOK_SECONDS", 0.0)
    _forget()
    yield file
    _forget()


def _forget() -> None:
    clock._hand.cache_clear()
    clock._fixed.cache_clear()


def _ahead() -> timedelta:
    return clock.now() - datetime.now(UTC)


def test_whoever_writes_the_file_moves_the_time(file: Path) -> None:
    file.write_text("-86400.5")
    assert abs(_ahead() + timedelta(days=1)) < timedelta(seconds=2)
    file.write_text("0.0")
    assert abs(_ahead()) < timedelta(seconds=1)


@pytest.mark.parametrize("text", [None, "", "soon"])
def test_a_file_that_says_nothing_leaves_the_time_as_it_was(file: Path, text: str | None) -> None:
    if text is not None:
        file.write_text(text)
    assert abs(_ahead() - timedelta(seconds=60)) < timedelta(seconds=1)


def test_the_file_is_looked_at_ten_times_a_second_at_most(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "LOOK_SECONDS", 1_000.0)
    file.write_text("5")
    clock.now()
    file.write_text("500000")
    assert _ahead() < timedelta(seconds=60)
