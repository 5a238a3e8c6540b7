"""Many PDFs joined into one to print, a few at a time: no more is held than where each object begins.

A rendering process copies the pages of a few files under numbers of the joined file (`copy_pages`); the
service writes them one after another and, at the end, where everything is (`PrintFile`).
"""

from __future__ import annotations

import hashlib
import io
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG, TREE = 1, 2
# What leads out of a page: its place in its own file, and what a reader aloud would need.
_LEFT_BEHIND = ("/Parent", "/StructParents", "/Tabs", "/Annots")


@dataclass(frozen=True, slots=True)
class Copied:
    """The objects of some pages: their bytes, where each begins in them, and how many pages there are."""

    content: bytes
    offsets: list[int]
    pages: int


class _Copier:
    """Copies objects under new numbers, what is equal once: fonts and logos are most of a file."""

    def __init__(self, first_number: int) -> None:
        self.next_number = first_number
        self.written = io.BytesIO()
        self.offsets: dict[int, int] = {}
        self.numbers: dict[tuple[int, int, int], int] = {}
        self.equal: dict[bytes, int] = {}
        self.source = 0

    def number(self) -> int:
        self.next_number += 1
        return self.next_number - 1

    def add(self, body: bytes, number: int | None = None) -> int:
        """Write an object; one with the same bytes is there already."""
        digest = hashlib.sha256(body).digest()
        if number is None:
            if digest in self.equal:
                return self.equal[digest]
            number = self.equal[digest] = self.number()
        self.offsets[number] = self.written.tell()
        self.written.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def reference(self, value: Any) -> bytes:
        """An indirect object by its number here; it is copied when it is met first."""
        place = (self.source, *value.objgen)
        if place not in self.numbers:
            self.numbers[place] = self.add(self.body(value))
        return b"%d 0 R" % self.numbers[place]

    def body(self, value: Any) -> bytes:
        """An object's own bytes."""
        import pikepdf

        if isinstance(value, pikepdf.Stream):
            content = value.read_raw_bytes()
            entries = {**dict(value.stream_dict.items()), "/Length": len(content)}
            return b"%b\nstream\n%b\nendstream" % (self.dictionary(entries), content)
        if isinstance(value, pikepdf.Dictionary):
            return self.dictionary(dict(value.items()))
        if isinstance(value, pikepdf.Array):
            return b"[%b]" % b" ".join(self.value(each) for each in value)
        return self.value(value)

    def dictionary(self, entries: dict[str, Any]) -> bytes:
        import pikepdf

        pairs = (pikepdf.Name(name).unparse() + b" " + self.value(value) for name, value in entries.items())
        return b"<<%b>>" % b" ".join(pairs)

    def value(self, value: Any) -> bytes:
        import pikepdf

        if value is None:
            return b"null"
        if isinstance(value, bool):
            return b"true" if value else b"false"
        if not isinstance(value, pikepdf.Object):
            return str(value).encode()
        if value.is_indirect:
            return self.reference(value)
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array):
            return self.body(value)
        return value.unparse()


def copy_pages(files: Sequence[bytes], first_number: int) -> Copied:
    """The pages of some PDFs as one branch of a page tree, whose object has `first_number`."""
    import pikepdf

    copier = _Copier(first_number)
    branch = copier.number()
    kids = []
    for source, content in enumerate(files):
        copier.source = source
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for page in pdf.pages:
                entries = {name: each for name, each in page.obj.items() if name not in _LEFT_BEHIND}
                body = copier.dictionary(entries)[:-2] + b" /Parent %d 0 R>>" % branch
                kids.append(copier.add(body, copier.number()))
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    tree = b"<</Type /Pages /Parent %d 0 R /Count %d /Kids [%b]>>" % (TREE, len(kids), references)
    copier.add(tree, branch)
    offsets = [copier.offsets[number] for number in range(first_number, copier.next_number)]
    return Copied(copier.written.getvalue(), offsets, len(kids))


class Sink(Protocol):
    """The folder that a file is written to."""

    def write(self, part: bytes, /) -> object: ...


class PrintFile:
    """A PDF that is written from its beginning to its end, once."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.size_bytes = 0
        self.pages = 0
        self.crc32 = 0
        self.digest = hashlib.sha256()
        self._offsets = array("Q", [0, 0, 0])
        self._branches: list[tuple[int, int]] = []
        self._write(HEADER)

    @property
    def next_number(self) -> int:
        """The number of the next object."""
        return len(self._offsets)

    def _write(self, part: bytes) -> None:
        self.sink.write(part)
        self.size_bytes += len(part)
        self.crc32 = zlib.crc32(part, self.crc32)
        self.digest.update(part)

    def add(self, copied: Copied) -> None:
        """Write pages that were copied for `next_number`."""
        self._branches.append((self.next_number, copied.pages))
        self._offsets.extend(self.size_bytes + offset for offset in copied.offsets)
        self._write(copied.content)
        self.pages += copied.pages

    def finish(self) -> None:
        """Write the page tree, and where everything is."""
        kids = b" ".join(b"%d 0 R" % number for number, _ in self._branches)
        self._object(TREE, b"<</Type /Pages /Count %d /Kids [%b]>>" % (self.pages, kids))
        self._object(CATALOG, b"<</Type /Catalog /Pages %d 0 R>>" % TREE)
        start = self.size_bytes
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for number in range(1, len(self._offsets), 1_000):
            lines = (b"%010d 00000 n \n" % offset for offset in self._offsets[number : number + 1_000])
            self._write(b"".join(lines))
        trailer = b"trailer\n<</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        self._write(trailer % (len(self._offsets), CATALOG, start))

    def _object(self, number: int, body: bytes) -> None:
        self._offsets[number] = self.size_bytes
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
