"""What a release has migrated stands in people's databases: its files are never changed, nor taken away.

The list is made anew with each release (CONTRIBUTING.md), as `sha256sum` writes it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RELEASED = Path(__file__).with_name("released_migrations.sha256")


def changed(released: str, root: Path) -> list[str]:
    """The files of a list that are gone or read differently."""
    listed = [line.split(maxsplit=1) for line in released.splitlines()]
    return [
        name
        for checksum, name in listed
        if not (root / name).exists() or hashlib.sha256((root / name).read_bytes()).hexdigest() != checksum
    ]


def test_no_migration_of_a_release_has_been_changed() -> None:
    assert changed(RELEASED.read_text(), ROOT) == []


@pytest.mark.parametrize(
    "name", ["gateway/migrations/0001_read_model.sql", "shared/migrations/0000_gone.sql"]
)
def test_a_change_is_seen(name: str) -> None:
    assert changed(f"{'0' * 64}  {name}\n", ROOT) == [name]
