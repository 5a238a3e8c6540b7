"""A ZIP that is sent while it is made: a member at a time, nothing kept but the list of names.

The same members make the same bytes, so that a download that was cut off goes on at its offset. Members are
stored as they are: PDFs hold compressed text already.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the ZIP: its name, its time (local, as ZIP keeps it) and its bytes."""

    name: str
    changed_at: datetime
    content: AsyncIterable[bytes]


class _Sent(io.RawIOBase):
    """Return what was written and not yet sent."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        self.parts.append(bytes(part))  # type: ignore[call-overload]
        return len(self.parts[-1])

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


async def stream_zip(members: AsyncIterable[Member], skip_bytes: int = 0) -> AsyncIterator[bytes]:
    """Return the ZIP's bytes as they come about, without the first `skip_bytes` that were sent before."""
    async for part in _all_of(members):
        if skip_bytes >= len(part):
            skip_bytes -= len(part)
        else:
            yield part[skip_bytes:]
            skip_bytes = 0


async def _all_of(members: AsyncIterable[Member]) -> AsyncIterator[bytes]:
    sent, names = _Sent(), set[str]()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_STORED) as archive:
        async for member in members:
            info = zipfile.ZipInfo(_free_name(member.name, names), member.changed_at.timetuple()[:6])
            info.external_attr = 0o644 << 16
            with archive.open(info, "w") as file:
                async for part in member.content:
                    file.write(part)
                    yield sent.take()
            yield sent.take()
    yield sent.take()


# What stands around each member and at the end. Source: APPNOTE.TXT 6.3.10, 4.3.7 to 4.3.16
_LOCAL_HEADER, _DATA_DESCRIPTOR, _DIRECTORY_ENTRY, _FAR_OFFSET = 30, 16, 46, 12
_END, _ZIP64_END = 22, 76


def zip_size(names_and_sizes: Iterable[tuple[str, int]]) -> int:
    """Return how many bytes the ZIP of these members will have."""
    names = set[str]()
    offset = directory = count = 0
    for name, size in names_and_sizes:
        length = len(_free_name(name, names).encode())
        directory += _DIRECTORY_ENTRY + length + (_FAR_OFFSET if offset > zipfile.ZIP64_LIMIT else 0)
        offset += _LOCAL_HEADER + length + size + _DATA_DESCRIPTOR
        count += 1
    is_large = count > zipfile.ZIP_FILECOUNT_LIMIT or max(offset, directory) > zipfile.ZIP64_LIMIT
    return offset + directory + _END + (_ZIP64_END if is_large else 0)


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or with a number where the ZIP has it already."""
    stem, dot, ending = name.rpartition(".")
    free, number = name, 2
    while free.casefold() in taken:
        free = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
        number += 1
    taken.add(free.casefold())
    return free
