"""The supervisor with small stand-ins for services: what dies comes back, what is stopped stays down."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devstack import processes, supervision
from devstack.supervision import Program
from tests import patience
from tests.integration.devstack.supervisor_log import restarts_seconds

TALKER = [sys.executable, "-uc", "while not print('again'): __import__('time').sleep(0.05)"]
SLEEPER = ["sleep", "1000"]
FAILING = [sys.executable, "-c", "raise SystemExit(1)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(1000)"]

# A supervisor that waits a second longer before each try, as it does by itself, takes five for the fifth.
LONGER_EACH_TIME = 5.0


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "logs").mkdir()
    programs = [
        Program("sleeper", SLEEPER, priority=1),
        Program("failing", FAILING, priority=1),
        Program("deaf", DEAF, priority=1, stop_seconds=1),
    ]
    supervision.launch(tmp_path, programs)
    yield tmp_path
    supervision.shut_down(tmp_path)
    processes.end(processes.of_stack(tmp_path), patience_seconds=5)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + patience.SECONDS
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def pid_of(directory: Path, name: str) -> int:
    pid = supervision.pids(directory)[name]
    assert pid is not None
    return pid


def test_a_killed_process_is_back_as_soon_every_time(directory: Path) -> None:
    supervision.start(directory, "sleeper")
    for _ in range(5):
        old = pid_of(directory, "sleeper")
        os.kill(old, signal.SIGKILL)
        until(lambda old=old: supervision.pids(directory)["sleeper"] not in (old, None))  # type: ignore[misc]
    restarts = restarts_seconds(directory, "sleeper")
    assert len(restarts) == 5
    assert max(restarts) < LONGER_EACH_TIME


def test_a_process_that_cannot_start_is_tried_once_a_second_without_giving_up(directory: Path) -> None:
    supervision.start(directory, "failing")
    log = directory / "logs" / "supervisord.log"
    until(lambda: len(restarts_seconds(directory, "failing")) >= 5)
    assert max(restarts_seconds(directory, "failing")) < LONGER_EACH_TIME
    assert log.read_text().count("gave up") == 0


def test_a_stopped_process_stays_down_until_it_is_started(directory: Path) -> None:
    supervision.start(directory, "sleeper")
    supervision.stop(directory, "sleeper")
    supervision.stop(directory, "sleeper")
    time.sleep(1.5)
    assert supervision.pids(directory)["sleeper"] is None
    supervision.start(directory, "sleeper")
    supervision.start(directory, "sleeper")
    assert pid_of(directory, "sleeper")


def test_a_process_that_does_not_listen_is_killed(directory: Path) -> None:
    supervision.start(directory, "deaf")
    until(lambda: _stopped(directory, "deaf"))


def test_nothing_is_left_when_the_supervisor_itself_was_killed(directory: Path) -> None:
    supervision.start(directory, "sleeper")
    supervision.start(directory, "deaf")
    os.kill(int((directory / "supervisord.pid").read_text()), signal.SIGKILL)
    until(lambda: not supervision.is_running(directory))
    assert len(processes.of_stack(directory)) == 2
    processes.end(processes.of_stack(directory), patience_seconds=1)
    assert processes.of_stack(directory) == []


def test_a_full_disk_costs_lines_of_logs_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    for name in ("supervisord.out", "supervisord.log", "talker.log"):
        (tmp_path / "logs" / name).symlink_to("/dev/full")
    supervision.launch(
        tmp_path, [Program("talker", TALKER, priority=1), Program("sleeper", SLEEPER, priority=1)]
    )
    try:
        supervision.start(tmp_path, "talker")
        supervision.start(tmp_path, "sleeper")
        talker = pid_of(tmp_path, "talker")
        time.sleep(1)
        assert pid_of(tmp_path, "talker") == talker
        os.kill(pid_of(tmp_path, "sleeper"), signal.SIGKILL)
        until(lambda: bool(supervision.pids(tmp_path)["sleeper"]))
    finally:
        supervision.shut_down(tmp_path)
        processes.end(processes.of_stack(tmp_path), patience_seconds=5)


def test_a_directory_too_deep_for_a_socket_still_has_one(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    assert len(str(supervision.socket_path(deep))) < 104


def _stopped(directory: Path, name: str) -> bool:
    supervision.stop(directory, name)
    return supervision.pids(directory)[name] is None


def test_a_supervisor_that_is_shutting_down_counts_as_gone(directory: Path) -> None:
    supervision.start(directory, "deaf")
    supervision.shut_down(directory)
    assert not supervision.is_running(directory)
    assert supervision.pids(directory) == {}
