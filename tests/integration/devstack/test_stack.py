"""The whole stack, as a person at a terminal starts, breaks and stops it."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from devstack import processes
from devstack.names import PROCESSES, SERVICES
from tests import patience
from tests.integration.devstack.supervisor_log import restarts_seconds

ROOT = Path(__file__).parents[3]
BASE = 28700


class Terminal:
    """Runs `ispbills` against a state directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        outside = ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS")
        kept = {name: value for name, value in os.environ.items() if name not in outside}
        self.environment = kept | {"ISPBILLS_STATE_DIR": str(directory), "ISPBILLS_PORT_BASE": str(BASE)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Where the tests run in a shell's background, Ctrl-C is ignored and so would be by this.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *arguments: str, fails: bool = False) -> str:
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=patience.SECONDS)
        assert (process.returncode != 0) == fails, said
        return said

    def status(self) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(self.run("status", "--json"))
        return known

    def pid(self, name: str) -> int | None:
        pid: int | None = self.status()["processes"][name]
        return pid

    def left(self) -> list[psutil.Process]:
        return processes.of_stack(self.directory)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path_factory.mktemp("stack").resolve())
    yield terminal
    terminal.run("down")


@pytest.fixture
def running(terminal: Terminal) -> Terminal:
    """A stack with everything up; quick when it is up already."""
    terminal.run("up", "--detach")
    return terminal


def is_ready(url: str) -> bool:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def listening(pid: int) -> list[int]:
    connections = psutil.Process(pid).net_connections("inet")
    return [one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN]


def wait_for_another_pid(terminal: Terminal, name: str, old: int) -> None:
    deadline = time.monotonic() + patience.SECONDS
    while terminal.pid(name) in (old, None):
        assert time.monotonic() < deadline, f"{name} stayed down"


def test_up_that_was_killed_at_any_moment_leaves_nothing_that_stops_the_next_one(terminal: Terminal) -> None:
    for seconds in (0.7, 1.5, 3.0, 6.0):
        interrupted = terminal.start("up", "--detach")
        time.sleep(seconds)
        interrupted.kill()
        interrupted.communicate()
    assert "ispbills is up" in terminal.run("up", "--detach")


def test_status_shows_addresses_login_and_every_pid(running: Terminal) -> None:
    status = running.status()
    assert set(status) == {
        "gateway_url",
        "payments_url",
        "kafka_bootstrap_servers",
        "partner_bootstrap_servers",
        "database_url",
        "state_dir",
        "admin",
        "processes",
    }
    assert status["state_dir"] == str(running.directory)
    assert status["admin"]["email"]
    assert status["admin"]["password"]
    assert set(status["processes"]) == set(PROCESSES)
    assert all(psutil.pid_exists(pid) for pid in status["processes"].values())
    assert is_ready(status["gateway_url"])
    assert is_ready(status["payments_url"])


def test_up_again_changes_nothing(running: Terminal) -> None:
    before = running.status()
    assert "already up" in running.run("up")
    assert running.status() == before


def test_everything_listens_on_loopback_only(running: Terminal) -> None:
    for process in running.left():
        for connection in process.net_connections(kind="inet"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip in ("127.0.0.1", "::ffff:127.0.0.1"), process.cmdline()


@pytest.mark.parametrize(
    "names", [("postgres",), ("kafka",), SERVICES], ids=["postgres", "kafka", "services"]
)
def test_a_killed_process_comes_back(running: Terminal, names: Sequence[str]) -> None:
    killed = {name: running.pid(name) for name in names}
    for old in killed.values():
        assert old is not None
        os.kill(old, signal.SIGKILL)
    for name, old in killed.items():
        assert old is not None
        wait_for_another_pid(running, name, old)
        assert max(restarts_seconds(running.directory, name)) < 2
    assert "already up" in running.run("up", "--detach")


def test_postgres_comes_back_past_a_frozen_backend(running: Terminal) -> None:
    server = psutil.Process(running.pid("postgres"))
    backend = server.children()[-1]
    backend.suspend()
    server.kill()
    wait_for_another_pid(running, "postgres", server.pid)
    assert "already up" in running.run("up", "--detach")
    assert not backend.is_running() or backend.status() == psutil.STATUS_ZOMBIE


def test_a_stopped_process_stays_down_and_status_works_without_it(running: Terminal) -> None:
    for name in ("postgres", "payments"):
        running.run("stop", name)
    time.sleep(2)
    status = running.status()
    assert status["processes"]["postgres"] is None
    assert status["processes"]["payments"] is None
    assert status["processes"]["gateway"]
    for name in ("postgres", "payments"):
        running.run("start", name)
        assert running.pid(name)


def test_the_clock_does_not_move_while_the_stack_is_up(running: Terminal) -> None:
    assert "ispbills down first" in running.run("up", "--clock", "2099-01-01T00:00:00Z", fails=True)
    assert "offset" in running.run("up", "--clock", "2099-01-01T00:00:00", fails=True)
    assert running.pid("gateway")


def test_a_second_replica_finds_the_stack_by_itself(running: Terminal) -> None:
    replica = running.start("serve", "payments", "--port", "0")
    try:
        deadline = time.monotonic() + patience.SECONDS
        while not any(is_ready(f"http://127.0.0.1:{port}") for port in listening(replica.pid)):
            assert replica.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.5)
    finally:
        replica.terminate()
        replica.communicate(timeout=patience.SECONDS)


def test_down_ends_frozen_processes_too(running: Terminal) -> None:
    for name in ("postgres", "kafka", "gateway"):
        pid = running.pid(name)
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    running.run("down")
    assert running.left() == []
    assert set(running.status()["processes"].values()) == {None}


def test_the_clock_goes_on_where_it_was_and_never_back(terminal: Terminal) -> None:
    terminal.run("up", "--detach", "--clock", "2099-12-31T23:59:30+06:00")
    assert "2099-12-31T" in terminal.run("status")
    terminal.run("down")
    assert "time never goes back" in terminal.run(
        "up", "--detach", "--clock", "2099-12-31T23:59:00+06:00", fails=True
    )
    assert terminal.left() == []


def test_control_c_stops_everything(terminal: Terminal) -> None:
    foreground = terminal.start("up")
    assert foreground.stdout is not None
    for line in foreground.stdout:
        if "Ctrl-C" in line:
            break
    assert "2099-12-31T" in terminal.run("status"), "the clock goes on where it was"
    assert len(terminal.left()) > len(SERVICES)
    foreground.send_signal(signal.SIGINT)
    foreground.communicate(timeout=patience.SECONDS)  # a stop may take a minute before it kills
    assert terminal.left() == []


def test_down_ends_an_up_that_is_under_way(terminal: Terminal) -> None:
    under_way = terminal.start("up", "--detach")
    time.sleep(3)
    terminal.run("down")
    under_way.communicate(timeout=patience.SECONDS)
    assert under_way.returncode != 0
    assert terminal.left() == []
