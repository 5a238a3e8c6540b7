"""Brings the whole stack up and takes it down again, from whatever state the last attempt left it in."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from devstack import disk, environment, kafka, ports, postgres, processes, readiness, state, supervision
from devstack.demo import days
from devstack.errors import StackError, StackRefused
from devstack.names import MARK, SERVICES
from devstack.state import State
from devstack.supervision import Program

Say = Callable[[str], None]

_ROOT = Path(__file__).parents[1]
_STOP_SECONDS = 60.0
_FIRST_OPERATOR_SECONDS = "120"


def bring_up(directory: Path, *, clock: datetime | None, demo: bool, say: Say) -> bool:
    """Start what is not running yet and return once all of it is ready; False when it was up already.

    Begins anew with a stack that was interrupted. Raises StackError when something does not come up
    (what did is left running) and StackRefused when nothing was touched.
    """
    if "%" in str(directory):
        raise StackRefused(f"{directory}: the supervisor cannot work in a path with a % in it")
    os.umask(state.PRIVATE_UMASK)
    with disk.named_when_full(directory):
        directory.mkdir(parents=True, exist_ok=True)
        state.close_to_others(directory)
        with _alone(directory, say):
            was_up = supervision.is_running(directory) and _completed(directory).exists()
            if was_up:
                _continue(directory, clock, demo, say)
            else:
                disk.refuse_without_room(directory)
                _begin_or_stop(directory, clock, demo, say)
    return not was_up


def take_down(directory: Path) -> None:
    """Stop every process of the stack, half started and frozen ones too; also an `up` that is under way.

    Raises StackError once they are stopped, where the disk is too full to note the time.
    """
    if not directory.is_dir():
        return
    with disk.named_when_full(directory), _instead_of_up(directory):
        stop_everything(directory)


def stop_everything(directory: Path) -> None:
    """Stop all processes in order, then whatever is left, and keep the time until which the clock ran."""
    processes.wake(processes.of_stack(directory))
    _stop_services(directory)
    if supervision.shut_down(directory):
        _wait_until_gone(directory)
    processes.end(processes.of_stack(directory), patience_seconds=10)
    _completed(directory).unlink(missing_ok=True)
    supervision.socket_path(directory).unlink(missing_ok=True)
    known = state.load(directory)
    if known is not None and known.has_run and known.clock_last_seen is None:
        known.clock_last_seen = known.now().isoformat()
        state.save(known, directory)


def _stop_services(directory: Path) -> None:
    # All at once and before their stores; whatever goes wrong here, shutting down stops them too.
    with suppress(StackError):
        supervision.stop_together(directory, SERVICES)


def programs(directory: Path) -> list[Program]:
    """The processes that the supervisor keeps alive: all but the stores that were named from outside."""
    processes = []
    if environment.owns_postgres():
        server = [sys.executable, "-m", "devstack.postgres.run"]
        processes.append(Program("postgres", server, priority=1, stop_signal="INT", stop_seconds=30))
    if environment.owns_kafka():
        processes.append(Program("kafka", kafka.command(directory), priority=2, stop_seconds=20))
    for name in SERVICES:
        processes.append(Program(name, [sys.executable, "-m", "cli.main", "serve", name], priority=3))
    return processes


def _begin_or_stop(directory: Path, clock: datetime | None, demo: bool, say: Say) -> None:
    try:
        _begin(directory, clock, demo, say)
        _fill(directory, demo, say)
        _completed(directory).touch()
    except KeyboardInterrupt:
        say("stopping")
        stop_everything(directory)
        raise


def _begin(directory: Path, clock: datetime | None, demo: bool, say: Say) -> None:
    stop_everything(directory)
    known = state.load(directory) or State()
    if clock is not None:
        known.move_clock(clock)
    clock = _where_to_begin(known, clock, demo)
    with ports.in_turn(known, say):
        _start_everything(known, directory, clock, say)


def _start_everything(known: State, directory: Path, clock: datetime | None, say: Say) -> None:
    for message in ports.choose(known):
        say(message)
    state.save(known, directory)
    variables = environment.write(known, directory)
    _start_stores(known, directory, say)
    readiness.wait_for_postgres(variables["DATABASE_URL"], directory)
    readiness.wait_for_kafka(environment.kafka_of(variables), directory)
    _start_clock(known, directory, clock)
    say("migrating")
    _run(directory, "migrate")
    _start_services(directory, say)


def _where_to_begin(known: State, clock: datetime | None, demo: bool) -> datetime | None:
    """The time to start at: in a new state the demo's first day, whence it leads to the time asked for."""
    if demo and not known.has_run and environment.owns_postgres():
        known.clock_goal_offset_seconds = known.clock_offset_seconds
        return days.beginning(known.now())
    if not demo and known.clock_goal_offset_seconds is not None:
        # A demo that was given up: time goes on where everybody else's is.
        known.clock_offset_seconds, known.clock_goal_offset_seconds = known.clock_goal_offset_seconds, None
    return clock


def _start_stores(known: State, directory: Path, say: Say) -> None:
    say("starting Postgres and Kafka")
    if environment.owns_postgres():
        postgres.prepare(known, directory)
    if environment.owns_kafka():
        kafka.prepare(known, directory)
    known_programs = programs(directory)
    supervision.launch(directory, known_programs)
    supervision.start_together(directory, [one.name for one in known_programs if one.name not in SERVICES])


def _start_clock(known: State, directory: Path, clock: datetime | None) -> None:
    # Counted from here, so that making a database does not use up the time before midnight.
    if clock is not None:
        known.clock_offset_seconds = (clock - datetime.now(UTC)).total_seconds()
    known.has_run, known.clock_last_seen = True, None
    state.save(known, directory)
    environment.write(known, directory)


def _continue(directory: Path, clock: datetime | None, demo: bool, say: Say) -> None:
    if clock is not None:
        raise StackRefused("the stack is up, and its clock moves only at a start: ispbills down first")
    down = [name for name, pid in supervision.pids(directory).items() if pid is None]
    say(f"already up, starting {', '.join(down)}" if down else "already up")
    for name in down:
        supervision.start(directory, name)
    _wait_for_services(directory, say)
    _fill(directory, demo, say)


def _start_services(directory: Path, say: Say) -> None:
    say("starting the services")
    supervision.start_together(directory, SERVICES)
    _wait_for_services(directory, say)


def _wait_for_services(directory: Path, say: Say) -> None:
    known = state.load(directory)
    assert known is not None, "a running stack has a state"
    addresses = {name: known.ports[name] for name in SERVICES}
    readiness.wait_for_services(addresses, directory, lambda: supervision.is_running(directory), say)


def _fill(directory: Path, demo: bool, say: Say) -> None:
    known = state.load(directory)
    assert known is not None, "a running stack has a state"
    if not known.has_admin:
        login = ["--email", known.admin_email, "--password", known.admin_password]
        _run(directory, "users", "bootstrap", *login, "--wait", _FIRST_OPERATOR_SECONDS)
        if not environment.owns_postgres():
            say(f"the admin {known.admin_email} signs in with {known.admin_password}; it is not shown again")
        known.has_admin = True
        state.save(known, directory)
    if demo and not known.has_demo:
        say("loading the demo ISP")
        _run(directory, "demo", "load")
        with state.changing(directory) as known:  # the demo has moved the clock
            known.has_demo = True


def _run(directory: Path, *arguments: str) -> None:
    """Run one of our own commands against the stack."""
    marked = {MARK: str(directory), "ISPBILLS_STATE_DIR": str(directory)}
    variables = os.environ | environment.read(directory) | marked
    done = subprocess.run([sys.executable, "-m", "cli.main", *arguments], cwd=_ROOT, env=variables)
    if done.returncode != 0:
        raise StackError(f"ispbills {' '.join(arguments[:2])} failed, see above")


def _wait_until_gone(directory: Path) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while processes.of_stack(directory) and time.monotonic() < deadline:
        time.sleep(0.1)


def _completed(directory: Path) -> Path:
    return directory / "up.completed"


@contextmanager
def _alone(directory: Path, say: Say) -> Iterator[None]:
    """Only one `up` or `down` works on a state at a time; the lock goes with its process."""
    with (directory / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another ispbills up or down to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        _sign(lock.fileno())
        yield


@contextmanager
def _instead_of_up(directory: Path) -> Iterator[None]:
    with (directory / "up.lock").open("a+") as lock:
        deadline = time.monotonic() + _STOP_SECONDS
        asked = signal.SIGINT
        while not _try_lock(lock.fileno()):
            _signal_holder(directory, asked)
            time.sleep(1)
            asked = signal.SIGKILL if time.monotonic() > deadline else signal.SIGCONT
        _sign(lock.fileno())
        yield


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(lock: int) -> None:
    os.truncate(lock, 0)
    # Nobody is kept from stopping a stack by a full disk; without a name here `down` waits instead of asking.
    with suppress(OSError):
        os.write(lock, str(os.getpid()).encode())


def _signal_holder(directory: Path, number: signal.Signals) -> None:
    holder = (directory / "up.lock").read_text()
    if holder.isdecimal():
        try:
            os.kill(int(holder), number)
        except ProcessLookupError:
            return
