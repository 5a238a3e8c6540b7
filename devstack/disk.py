"""The disk that a state lies on: whether there is room to start, and what is said once it is full.

A store that finds no room says so in a log only, and whoever waits for it waits for minutes.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack import environment, state
from devstack.errors import StackError, StackRefused

MEGABYTE = 1024 * 1024
# With the demo ISP a new state is 130 MB, and the logs of both stores grow from the first day on.
NEW_STATE_BYTES = 512 * MEGABYTE
KNOWN_STATE_BYTES = 256 * MEGABYTE
_NOTHING_LEFT_BYTES = 16 * MEGABYTE  # less than one piece of Postgres' write-ahead log


def refuse_without_room(directory: Path) -> None:
    """Raise StackRefused where a start would fill the disk; stores that were named from outside need none."""
    if environment.owns_postgres() or environment.owns_kafka():
        needed = _needed(directory)
        if free_bytes(directory) < needed:
            raise StackRefused(_complaint(directory, needed))


def free_bytes(directory: Path) -> int:
    """Return how much may still be written below a folder, or where it would be made."""
    disk = os.statvfs(next(folder for folder in (directory, *directory.parents) if folder.exists()))
    return disk.f_bavail * disk.f_frsize


@contextmanager
def named_when_full(directory: Path) -> Iterator[None]:
    """Raise StackError that names the disk for whatever fails because it is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StackError(_complaint(directory, _needed(directory))) from error
    except StackRefused:
        raise
    except StackError as error:
        # Whoever failed may have taken its files away again.
        if free_bytes(directory) >= _NOTHING_LEFT_BYTES and os.strerror(errno.ENOSPC) not in str(error):
            raise
        raise StackError(f"{error}\n\n{_complaint(directory, _needed(directory))}") from error


def _needed(directory: Path) -> int:
    known = state.load(directory)
    return KNOWN_STATE_BYTES if known is not None and known.has_run else NEW_STATE_BYTES


def _complaint(directory: Path, needed: int) -> str:
    free = free_bytes(directory) // MEGABYTE
    return (
        f"no room on the disk of {directory}: {free:,} MB are free, a start needs {needed // MEGABYTE:,} MB. "
        "Make room there (df -h shows all disks), or name a folder elsewhere: ISPBILLS_STATE_DIR=/FOLDER"
    )
