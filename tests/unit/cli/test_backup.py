"""What becomes of older backups."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cli.backup import _remove_older


def test_older_backups_go_and_nothing_else_that_lies_there(tmp_path: Path) -> None:
    kept = {"payments-20261126T010000Z.dump", "notes-20200101.dump", "payments-20200101T010000Z.part"}
    for name in (*kept, "payments-20261125T235959Z.dump", "gateway-20200101T010000Z.dump"):
        (tmp_path / name).touch()
    _remove_older(tmp_path, datetime(2026, 11, 26, tzinfo=UTC))
    assert {file.name for file in tmp_path.iterdir()} == kept
