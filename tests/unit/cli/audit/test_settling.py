"""The audit waits for what moves, however long, and names what stands still."""

from __future__ import annotations

import pytest

from cli.audit import settling


def test_what_becomes_less_is_waited_for_and_what_stands_still_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(settling.time, "monotonic", lambda: now)
    patience = settling._Patience()
    for left in range(10, 0, -1):
        now += settling.STILL_SECONDS - 1
        assert patience.lasts(left)
    assert not patience.lasts(0)
    now += settling.STILL_SECONDS + 1
    assert not patience.lasts(1)
