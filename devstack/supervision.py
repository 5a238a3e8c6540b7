"""How the stack speaks to its supervisor: the file that configures it, starting it, asking and telling it."""

import hashlib
import http.client
import os
import resource
import shlex
import stat
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from devstack.errors import StackError, StackRefused
from devstack.names import MARK
from devstack.state import PRIVATE_UMASK
from shared import owners

_LONGEST_SOCKET_PATH = 100
_ANSWER_SECONDS = 10.0
_FOREVER = 1_000_000_000
# Died on its first attempt; it has another every second.
_TRIED_AGAIN = ("ABNORMAL_TERMINATION", "SPAWN_ERROR")
# A supervisor that is shutting down answers with a fault.
_DOWN = (OSError, http.client.HTTPException, xmlrpc.client.Fault)


@dataclass(frozen=True)
class Program:
    """One process to keep alive. Lower priorities stop later."""

    name: str
    command: Sequence[str]
    priority: int
    stop_signal: str = "TERM"
    stop_seconds: int = 15


class _Transport(SupervisorTransport):  # type: ignore[misc]
    _get_connection: Callable[[], http.client.HTTPConnection]

    def __init__(self, socket: Path, seconds: float) -> None:
        super().__init__(serverurl=f"unix://{socket}")
        connect = self._get_connection

        def connect_patiently() -> http.client.HTTPConnection:
            connection = connect()
            connection.connect()
            connection.sock.settimeout(seconds)
            return connection

        self._get_connection = connect_patiently


def is_running(directory: Path) -> bool:
    """Whether a supervisor answers for this state."""
    try:
        _ask(directory).supervisor.getState()
    except _DOWN:
        return False
    return True


def pids(directory: Path) -> dict[str, int | None]:
    """The pid of each process that the supervisor knows, None for one that is down; {} without supervisor."""
    try:
        known: Any = _ask(directory).supervisor.getAllProcessInfo()
    except _DOWN:
        return {}
    return {one["name"]: one["pid"] or None for one in known}


def start(directory: Path, name: str) -> None:
    """Start a process and keep it alive from now on; one that runs already is left alone."""
    _tell(directory, "startProcess", name, "ALREADY_STARTED")


def stop(directory: Path, name: str) -> None:
    """Stop a process and hold it down."""
    _tell(directory, "stopProcess", name, "NOT_RUNNING")


def start_together(directory: Path, names: Sequence[str]) -> None:
    """Start several at once without waiting for any."""
    for name in names:
        _tell(directory, "startProcess", name, "ALREADY_STARTED", wait=False)


def stop_together(directory: Path, names: Sequence[str], patience_seconds: float = 20) -> None:
    """Stop several at once; without a supervisor there is nothing to stop."""
    for name in [name for name, pid in pids(directory).items() if pid and name in names]:
        _tell(directory, "stopProcess", name, "NOT_RUNNING", wait=False)
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline and any(pids(directory).get(name) for name in names):
        time.sleep(0.1)


def shut_down(directory: Path) -> bool:
    """Ask the supervisor to stop everything and itself; False when none answers."""
    try:
        _ask(directory).supervisor.shutdown()
    except _DOWN:
        return False
    return True


def launch(directory: Path, programs: Sequence[Program]) -> None:
    """Start a supervisor that runs nothing yet, detached from this terminal."""
    configuration = _write_configuration(directory, programs)
    _allow_many_files()
    log = (directory / "logs" / "supervisord.out").open("w")
    environment = {key: value for key, value in os.environ.items() if key not in _withheld()}
    subprocess.Popen(
        [sys.executable, "-m", "devstack.supervisor_daemon", "-c", str(configuration)],
        cwd=Path(__file__).parents[1],
        env=environment
        | {MARK: str(directory), "ISPBILLS_STATE_DIR": str(directory), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        umask=PRIVATE_UMASK,
    )
    deadline = time.monotonic() + 15
    while not is_running(directory):
        if time.monotonic() > deadline:
            raise StackError(f"the supervisor does not answer:\n{Path(log.name).read_text()[-2000:]}")
        time.sleep(0.05)


def socket_path(directory: Path) -> Path:
    """Return where the supervisor listens: elsewhere than in the state where that path is too long."""
    path = directory / "supervisor.sock"
    if len(str(path)) <= _LONGEST_SOCKET_PATH:
        return path
    folder = Path(tempfile.gettempdir()) / f"ispbills-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o077 or not stat.S_ISDIR(status.st_mode):
        raise StackRefused(f"{folder} is not ours alone: remove it, or use a shorter ISPBILLS_STATE_DIR")
    return folder / f"{hashlib.sha256(str(directory).encode()).hexdigest()[:16]}.sock"


def _ask(directory: Path, seconds: float = _ANSWER_SECONDS) -> xmlrpc.client.ServerProxy:
    return xmlrpc.client.ServerProxy(
        "http://supervisor", transport=_Transport(socket_path(directory), seconds)
    )


def _tell(directory: Path, order: str, name: str, harmless: str, *, wait: bool = True) -> None:
    try:
        getattr(_ask(directory, 60.0).supervisor, order)(name, wait)
    except xmlrpc.client.Fault as fault:
        if fault.faultString.startswith("BAD_NAME"):
            raise StackRefused(f"{name} was not started by this stack") from fault
        if not fault.faultString.startswith((harmless, *_TRIED_AGAIN)):
            raise StackError(f"{order} {name}: {fault.faultString}") from fault
    except _DOWN as error:
        raise StackError("the stack is not running: ispbills up") from error


def _withheld() -> set[str]:
    # The superuser's addresses are for people at the command line; no service gets any.
    return set(owners.VARIABLES)


def _allow_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _write_configuration(directory: Path, programs: Sequence[Program]) -> Path:
    socket = socket_path(directory)
    sections: dict[str, Mapping[str, object]] = {
        "supervisord": {
            "nodaemon": "true",
            "logfile": directory / "logs" / "supervisord.log",
            "logfile_maxbytes": "5MB",
            "pidfile": directory / "supervisord.pid",
            "childlogdir": directory / "logs",
            "nocleanup": "true",
            **({"user": "root"} if os.geteuid() == 0 else {}),
        },
        "unix_http_server": {"file": socket, "chmod": "0600"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
        **{f"program:{one.name}": _program(one, directory) for one in programs},
    }
    path = directory / "supervisord.conf"
    path.write_text("\n".join(_section(name, values) for name, values in sections.items()))
    return path


def _program(program: Program, directory: Path) -> Mapping[str, object]:
    return {
        "command": shlex.join(program.command),
        "priority": program.priority,
        "autostart": "false",
        "autorestart": "true",
        "startsecs": 1,
        "startretries": _FOREVER,
        "stopsignal": program.stop_signal,
        "stopwaitsecs": program.stop_seconds,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": directory / "logs" / f"{program.name}.log",
        "stdout_logfile_maxbytes": "50MB",
        "stdout_logfile_backups": 2,
    }


def _section(name: str, values: Mapping[str, object]) -> str:
    lines = [f"{key}={value}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])
