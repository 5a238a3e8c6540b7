"""The locks on a rendering process, kept by Python and the kernel: it reads hostile pictures and names."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.fork",
    "ftplib.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotAllowedHere(PermissionError):
    """A rendering process reaches no network, starts nothing, writes nothing and reads its own files only."""


def lock(memory_bytes: int, own_files: tuple[Path, ...]) -> None:
    """Give up what rendering does not need, for as long as the process lives."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Whoever started it may be killed without a word; it must not go on by itself.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    roots = tuple(f"{path.resolve()}{os.sep}" for path in own_files)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise NotAllowedHere(event)
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return
            name = os.path.realpath(os.fsdecode(path))
            writes = bool(flags & _WRITING) if isinstance(flags, int) else False
            if writes or not name.startswith(roots):
                raise NotAllowedHere(f"open {name}")

    sys.addaudithook(refuse)
