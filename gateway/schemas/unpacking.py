"""A program of its own (`python -m gateway.schemas.unpacking`): a file on stdin, a verdict and CSV on stdout.

Limits come first: memory and time of the process, then what the archive says and holds, then cells as they
are read.
"""

from __future__ import annotations

import csv
import io
import resource
import sys
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MOST_MEMORY_BYTES = 768_000_000
MOST_CPU_SECONDS = 20
MOST_PARTS = 1_000
LARGEST_PART_BYTES = 64_000_000
LARGEST_UNPACKED_BYTES = 128_000_000
LARGEST_STRINGS_BYTES = 32_000_000
LARGEST_TEXT_BYTES = 64_000_000
MOST_ROWS = 250_000
MOST_COLUMNS = 200
MOST_CELLS = 2_500_000
MOST_SEPARATORS = 2_000
LONGEST_CELL = 32_767
LONGEST_LINE = 4 * LONGEST_CELL

_SEPARATORS = ",;\t|"
_PIECE_BYTES = 65_536


class Refused(Exception):
    """A file that is not taken; the argument is the verdict."""


def main() -> None:
    """Read stdin under limits; write the verdict's line, and the text of a workbook."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        text = text_of(content)
    except Refused as refused:
        sys.stdout.buffer.write(f"{refused}\n".encode())
    except MemoryError:
        sys.stdout.buffer.write(b"too-large\n")
    else:
        sys.stdout.buffer.write(b"\n" + text)


def text_of(content: bytes) -> bytes:
    """A workbook's first sheet as CSV; nothing for a CSV file, which its reader has as it is."""
    if content.startswith(ZIP):
        return sheet_of(content)
    if content.startswith(_COMPOUND):
        raise Refused("old-or-protected")
    check_csv(content)
    return b""


def check_csv(content: bytes) -> None:
    """Refuse what is no text, or a table of a size that no file of customers has."""
    if len(content) > LARGEST_TEXT_BYTES:
        raise Refused("too-large")
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("not-a-table" if b"\x00" in content[:_PIECE_BYTES] else "not-utf-8") from None
    if "\x00" in text[:_PIECE_BYTES]:
        raise Refused("not-a-table")
    if not text.strip():
        raise Refused("empty")
    for rows, line in enumerate(io.StringIO(text), 1):
        separators = max(map(line.count, _SEPARATORS))
        if rows > MOST_ROWS:
            raise Refused("too-large")
        # Text may hold separators too, so only the header's are surely columns.
        if separators >= (MOST_COLUMNS if rows == 1 else MOST_SEPARATORS):
            raise Refused("wide")
        if len(line) > LONGEST_LINE:
            raise Refused("long-cell")


def sheet_of(content: bytes) -> bytes:
    """The first sheet of a workbook as CSV."""
    try:
        check_archive(content)
        return _first_sheet(content)
    except (Refused, MemoryError):
        raise
    # Whatever a library trips over in a stranger's file is that file's fault, and there are many ways.
    except Exception as error:
        raise Refused("damaged") from error


def check_archive(content: bytes) -> None:
    """Refuse an archive that says, or turns out, to hold more than a workbook does."""
    try:
        archive = ZipFile(io.BytesIO(content))
    except (BadZipFile, NotImplementedError):
        raise Refused("damaged") from None
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
        raise Refused("too-large")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused("old-or-protected")
    if "[Content_Types].xml" not in archive.namelist():
        raise Refused("not-a-table")
    for part in parts:
        strings = part.filename.lower().endswith("sharedstrings.xml")
        try:
            _unpack(archive, part.filename, LARGEST_STRINGS_BYTES if strings else LARGEST_PART_BYTES)
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
            raise Refused("damaged") from None


def _unpack(archive: ZipFile, name: str, most: int) -> None:
    """Inflate a part piece by piece and throw it away: what it says of its size proves nothing."""
    unpacked = 0
    with archive.open(name) as part:
        while piece := part.read(_PIECE_BYTES):
            unpacked += len(piece)
            if unpacked > most:
                raise Refused("too-large")


def _first_sheet(content: bytes) -> bytes:
    from openpyxl import load_workbook  # only a workbook pays for it

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    # What a sheet says of its own size would be filled up with empty cells.
    sheet.reset_dimensions()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    width = cells = 0
    for rows, row in enumerate(sheet.iter_rows(values_only=True), 1):
        values = _trimmed(row)
        width = width or len(values)
        cells += len(values)
        if rows > MOST_ROWS or cells > MOST_CELLS or text.tell() > LARGEST_TEXT_BYTES:
            raise Refused("too-large")
        if len(values) > MOST_COLUMNS:
            raise Refused("wide")
        writer.writerow(values + [""] * (width - len(values)) if values else [])
    if not width:
        raise Refused("empty")
    return text.getvalue().encode()


def _trimmed(row: Sequence[Any]) -> list[str]:
    """A row's cells as text, without the empty ones at its end."""
    values = [_cell(value) for value in row]
    while values and not values[-1]:
        values.pop()
    return values


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # Excel keeps codes and mobiles that look like numbers as floats.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


if __name__ == "__main__":
    main()
