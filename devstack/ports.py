"""Which loopback ports a stack takes: the base and the eight after it, or others when those are in use."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack.errors import StackError
from devstack.names import PORTS
from devstack.state import State

DEFAULT_BASE = 8080
_SEARCHED = 2000


@contextmanager
def in_turn(state: State, say: Callable[[str], None]) -> Iterator[None]:
    """Keep other stacks of this user from choosing ports near the same base until ours are taken."""
    place = Path(tempfile.gettempdir()) / f"ispbills-{os.geteuid()}-ports-{_base(state)}.lock"
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another stack to take its ports")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def choose(state: State) -> list[str]:
    """Settle the ports of a stack that is not running; the answer says which ones had to move and where."""
    base = _base(state)
    if base != state.port_base:
        state.port_base, state.ports = base, {}
    moved = []
    for offset, name in enumerate(PORTS):
        wanted = state.ports.get(name, base + offset)
        taken = {port for other, port in state.ports.items() if other != name}
        state.ports[name] = wanted if wanted not in taken and _is_free(wanted) else _another(base, taken)
        if state.ports[name] != wanted:
            moved.append(f"port {wanted} is in use: {name} takes {state.ports[name]}")
    return moved


def _base(state: State) -> int:
    asked = os.environ.get("ISPBILLS_PORT_BASE")
    if not asked:
        return state.port_base or DEFAULT_BASE
    if not asked.isdecimal() or not 1 <= int(asked) <= 65535 - len(PORTS):
        raise StackError(f"ISPBILLS_PORT_BASE={asked}: a port between 1 and {65535 - len(PORTS)} is needed")
    return int(asked)


def _another(base: int, taken: set[int]) -> int:
    first = base + len(PORTS)
    candidates: list[int] = [*range(first, min(first + _SEARCHED, 65535)), *range(20000, 20000 + _SEARCHED)]
    for port in candidates:
        if port not in taken and _is_free(port):
            return port
    raise StackError(f"no free port near {base}; set ISPBILLS_PORT_BASE to another range")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Servers bind with SO_REUSEADDR, so a port that only waits out its last connections is free for them.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
