"""What a stack keeps is closed to every other user of the machine."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from devstack import state, supervision
from devstack.errors import StackRefused
from tests.journeys.stack import Stack

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_running_stack_lets_nobody_else_into_what_holds_data(closed_stack: Stack) -> None:
    assert mode(closed_stack.directory) == 0o700
    for home, folders, files in os.walk(closed_stack.directory):
        for name in folders:
            assert not mode(Path(home, name)) & OTHERS, f"{home}/{name}"
        for name in files:
            path = Path(home, name)
            assert not path.exists() or not mode(path) & OTHERS, path


def test_postgres_works_in_a_state_that_its_own_user_cannot_pass_through(closed_stack: Stack) -> None:
    assert mode(closed_stack.directory) == 0o700
    closed_stack.ispbills("stop", "postgres")
    closed_stack.ispbills("start", "postgres")
    closed_stack.ispbills("up", "--detach")


def test_the_state_of_an_earlier_release_is_closed_at_the_next_start(tmp_path: Path) -> None:
    for name in ("logs", "kafka/data", "postgres"):
        (tmp_path / name).mkdir(parents=True, mode=0o755)
    (tmp_path / "state.json").write_text("{}")
    tmp_path.chmod(0o755)
    state.close_to_others(tmp_path)
    for path in (tmp_path, *tmp_path.rglob("*/")):
        assert mode(path) == 0o700, path


def test_a_folder_that_holds_other_things_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "somebody-elses").touch()
    tmp_path.chmod(0o755)
    state.close_to_others(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_socket_is_not_put_where_somebody_else_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    trap = tmp_path / f"ispbills-{os.geteuid()}"
    trap.mkdir()
    trap.chmod(0o777)
    with pytest.raises(StackRefused, match="not ours alone"):
        supervision.socket_path(tmp_path / ("d" * 120))


def test_every_secret_that_a_stack_keeps_is_in_files_of_its_owner_alone(closed_stack: Stack) -> None:
    kept = json.loads((closed_stack.directory / "state.json").read_text())
    secrets = [
        *kept["passwords"].values(),
        *kept["sealing_keys"].values(),
        kept["session_secret"],
        kept["link_key"],
    ]
    for path in closed_stack.directory.glob("*"):
        if path.is_file() and any(secret in path.read_text(errors="replace") for secret in secrets):
            assert mode(path) == 0o600, path
