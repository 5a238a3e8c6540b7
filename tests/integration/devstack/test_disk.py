"""A disk without room: said before a start, when it fills during one, and no reason not to stop."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack import disk, processes, stack
from devstack.errors import StackError, StackRefused
from devstack.state import State, load, save
from tests import patience
from tests.disks import small_disk

ROOT = Path(__file__).parents[3]
BASE = "28660"
OUTSIDE = ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 24 MB, where not even an empty database fits."""
    for name in OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ISPBILLS_PORT_BASE", BASE)
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder, "24m") as mounted:
        if not mounted:
            pytest.skip("no disk can be mounted here")
        yield folder


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills only after the look at it."""
    monkeypatch.setattr(disk, "NEW_STATE_BYTES", 0)


def fill(folder: Path) -> None:
    with (folder / "filling").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(disk.MEGABYTE // 4))
            except OSError:
                return


def bring_up(folder: Path) -> None:
    mask = os.umask(0o022)
    try:
        stack.bring_up(folder, clock=None, demo=False, say=lambda _: None)
    finally:
        os.umask(mask)  # it closes its own process to others


def test_up_says_what_lacks_room_how_much_it_needs_and_what_to_do(small: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "up", "--detach"],
        cwd=ROOT,
        env=os.environ | {"ISPBILLS_STATE_DIR": str(small / "state")},
        capture_output=True,
        text=True,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert said.startswith(f"Error: no room on the disk of {small / 'state'}: 2")
    assert "a start needs 512 MB" in said
    assert "ISPBILLS_STATE_DIR=" in said
    assert not processes.of_stack(small / "state")
    assert not (small / "state" / "state.json").exists()


def test_a_state_that_has_run_needs_less(small: Path) -> None:
    save(State(has_run=True), small)
    with pytest.raises(StackRefused, match="needs 256 MB"):
        disk.refuse_without_room(small)


def test_stores_from_outside_need_no_room(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OUTSIDE:
        monkeypatch.setenv(name, "elsewhere")
    disk.refuse_without_room(small)


@pytest.mark.usefixtures("unchecked")
def test_a_disk_that_fills_during_a_start_is_named_with_what_failed(small: Path) -> None:
    with pytest.raises(StackError, match=r"(?s)initdb failed.*no room on the disk of"):
        bring_up(small)


@pytest.mark.usefixtures("unchecked")
def test_a_disk_without_a_byte_is_named_and_lets_the_stack_be_stopped(small: Path) -> None:
    fill(small)
    for folder in (small, small / "made" / "nowhere"):
        with pytest.raises(StackError, match=f"no room on the disk of {folder}: 0 MB are free"):
            bring_up(folder)
    stack.take_down(small)


def test_a_stack_whose_time_cannot_be_noted_is_stopped_and_says_why(small: Path) -> None:
    save(State(has_run=True), small)
    fill(small)
    with pytest.raises(StackError, match="no room on the disk of"):
        stack.take_down(small)
    known = load(small)
    assert known is not None
    assert known.has_run, "what was kept is whole"


def test_what_fails_for_another_reason_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"^Java is missing$"), disk.named_when_full(tmp_path):
        raise StackError("Java is missing")
    with pytest.raises(PermissionError), disk.named_when_full(tmp_path):
        raise PermissionError
