"""A program of its own (`python -m gateway.schemas.unpacking`): a file in, a verdict and a table out.

Limits come first: memory and time of the process, then what the archive says and holds, then cells as they
are read. The table is JSON: rows with the numbers that a spreadsheet shows beside them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
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
MOST_LINES_A_CELL = 50
NO_VALUE = "#FORMULA!"

_SEPARATORS = ",;\t|"
_PIECE_BYTES = 65_536
_LINES_LOOKED_AT = 50
_MARKUP = re.compile(r"\s*<(!doctype|html|table|head|body|\?xml|div|meta)\b", re.IGNORECASE)
_COMPOUND_KINDS = {
    "EncryptedPackage": "protected",
    "Workbook": "old-xls",
    "Book": "old-xls",
    "WordDocument": "word",
}
_NOT_CLOSED = "A quotation mark opens here that is never closed."
_BAD_QUOTE = "A quotation mark stands inside a cell; double it, or take it away."


class Refused(Exception):
    """A file that is not taken; the argument is the verdict."""


def main() -> None:
    """Read stdin under limits; write the verdict's line, and the table as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        table = json.dumps(table_of(content, sys.argv[1] if len(sys.argv) > 1 else "")).encode()
    except Refused as refused:
        sys.stdout.buffer.write(f"{refused}\n".encode())
    except MemoryError:
        sys.stdout.buffer.write(b"too-large\n")
    else:
        sys.stdout.buffer.write(b"\n" + table)


def table_of(content: bytes, sheet: str = "") -> dict[str, Any]:
    """Return the rows of a workbook's sheet or of a CSV file, and how they were found."""
    if content.startswith(ZIP):
        return sheet_of(content, sheet)
    if content.startswith(_COMPOUND):
        raise Refused(_compound_kind(content))
    if content.startswith(b"%PDF"):
        raise Refused("not-a-table")
    return text_table(content)


def _compound_kind(content: bytes) -> str:
    """Return what an OLE file holds, by the names in its directory."""
    for name, kind in _COMPOUND_KINDS.items():
        if name.encode("utf-16-le") + b"\x00\x00" in content:
            return kind
    return "old-or-protected"


def text_table(content: bytes) -> dict[str, Any]:
    """Return a CSV file's records; one with a bad quotation mark costs itself, not the file."""
    encoding, text = _text(content)
    first, _, rest = text.partition("\n")
    separator, above = "", 0
    if declared := re.fullmatch(r"\s*\"?sep=(.)\"?\s*", first):
        separator, text, above = declared[1], rest, 1
    # `splitlines` would also end a line at the odd separators that an address may hold.
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
    separator = separator or _separator(lines)
    rows: list[tuple[int, list[str]]] = []
    bad: list[tuple[int, str, str]] = []
    cells = 0
    for number, record in enumerate(_records(lines, separator), above + 1):
        if isinstance(record, list):
            cells += len(record)
            rows.append((number, record))
        else:
            bad.append((number, *record))
        if cells > MOST_CELLS or number > MOST_ROWS:
            raise Refused("too-large")
    return {
        "kind": "csv",
        "encoding": encoding,
        "separator": separator,
        "rows": [row for row in rows if any(cell.strip() for cell in row[1])],
        "bad": bad,
    }


def _text(content: bytes) -> tuple[str, str]:
    """Decode a text; refuse what is none, or a table of a size that no file of customers has."""
    if len(content) > LARGEST_TEXT_BYTES:
        raise Refused("too-large")
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if is_utf_16 else "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("not-a-table" if b"\x00" in content[:_PIECE_BYTES] else "not-utf-8") from None
    if "\x00" in text:
        raise Refused("not-a-table")
    if not text.strip():
        raise Refused("empty")
    if _MARKUP.match(text):
        raise Refused("markup")
    for rows, line in enumerate(io.StringIO(text), 1):
        separators = max(map(line.count, _SEPARATORS))
        if rows > MOST_ROWS:
            raise Refused("too-large")
        # Text may hold separators too, so only the header's are surely columns.
        if separators >= (MOST_COLUMNS if rows == 1 else MOST_SEPARATORS):
            raise Refused("wide")
        if len(line) > LONGEST_LINE:
            raise Refused("long-cell")
    return encoding, text


def _separator(lines: Sequence[str]) -> str:
    """Return what divides most of the first lines into the same number of cells."""
    sample = [line for line in lines[:_LINES_LOOKED_AT] if line.strip()]

    def score(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if len(row) > 1)
        if not widths:
            return 0, 0
        width, often = max(widths.items(), key=lambda each: (each[1], each[0]))
        return often, width

    return max(_SEPARATORS, key=score)


def _records(lines: Sequence[str], separator: str) -> Iterator[list[str] | tuple[str, str]]:
    """Yield each record, or the line where one begins that cannot be read, and why."""
    start, width = 0, 0
    while start < len(lines):
        at = start
        source = _Lines(lines, start)
        reader = csv.reader(source, delimiter=separator, strict=True)
        while True:
            at = source.at
            try:
                record = next(reader, None)
            except csv.Error as error:
                # Only the first line of the record is given up: those below may be records of their own.
                ended = source.at - at > 1 or "unexpected end" in str(error) or "field larger" in str(error)
                yield lines[at].rstrip("\r\n"), _NOT_CLOSED if ended else _BAD_QUOTE
                start = at + 1
                break
            if record is None:
                return
            lines_taken = source.at - at
            width = max(width, len(record)) if at < _LINES_LOOKED_AT else width
            if lines_taken > MOST_LINES_A_CELL or (lines_taken > 1 and len(record) != width):
                yield lines[at].rstrip("\r\n"), _NOT_CLOSED
                start = at + 1
                break
            yield record


class _Lines:
    """Lines from one on, and which of them comes next."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines, self.at = lines, at

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.at >= len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]


def sheet_of(content: bytes, name: str = "") -> dict[str, Any]:
    """Return the rows of the sheet of that name, or of the first visible one that holds any."""
    try:
        check_archive(content)
        return _sheet(content, name)
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
        raise Refused("protected")
    if other := _other_archive(archive):
        raise Refused(other)
    for part in parts:
        strings = part.filename.lower().endswith("sharedstrings.xml")
        try:
            _unpack(archive, part.filename, LARGEST_STRINGS_BYTES if strings else LARGEST_PART_BYTES)
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
            raise Refused("damaged") from None


def _other_archive(archive: ZipFile) -> str:
    """Return what else than a workbook an archive is; nothing for a workbook."""
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            kind = part.read(200)
        return "ods" if b"spreadsheet" in kind else "word" if b"opendocument.text" in kind else "not-a-table"
    if "word/document.xml" in names:
        return "word"
    if "xl/workbook.bin" in names:
        return "old-xls"
    return "" if "[Content_Types].xml" in names else "not-a-table"


def _unpack(archive: ZipFile, name: str, most: int) -> None:
    """Inflate a part piece by piece and throw it away: what it says of its size proves nothing."""
    unpacked = 0
    with archive.open(name) as part:
        while piece := part.read(_PIECE_BYTES):
            unpacked += len(piece)
            if unpacked > most:
                raise Refused("too-large")


def _sheet(content: bytes, name: str) -> dict[str, Any]:
    from openpyxl import load_workbook  # only a workbook pays for it

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    names = [sheet.title for sheet in book.worksheets]
    sheet, rows = _chosen(book, name)
    hidden, formulas = _peculiar(content, sheet)
    _mark_formulas(rows, formulas)
    return {
        "kind": "xlsx",
        "sheet": sheet.title,
        "sheets": [each for each in names if each != sheet.title],
        "hidden": [row for row, _ in rows if row in hidden],
        "rows": rows,
        "bad": [],
    }


def _chosen(book: Any, name: str) -> tuple[Any, list[tuple[int, list[str]]]]:
    """Return the sheet of this name, or else the first visible one that looks like a table, with its rows."""
    if not book.worksheets:
        raise Refused("damaged")
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    wanted = [sheet for sheet in book.worksheets if sheet.title == name] if name else visible
    if not wanted:
        raise Refused("no-such-sheet" if name else "empty")
    for sheet in wanted:
        rows = _rows(sheet)
        if any(len([cell for cell in cells if cell.strip()]) > 1 for _, cells in rows):
            return sheet, rows
    if not rows:
        raise Refused("empty")
    return sheet, rows


def _mark_formulas(rows: list[tuple[int, list[str]]], formulas: dict[int, list[int]]) -> None:
    """Say in each cell whose formula the file gives no value of that there is none."""
    for row, cells in rows:
        for column in formulas.get(row, ()):
            if column < len(cells) and not cells[column]:
                cells[column] = NO_VALUE
            elif column >= len(cells):
                cells += [""] * (column - len(cells)) + [NO_VALUE]


def _rows(sheet: Any) -> list[tuple[int, list[str]]]:
    # What a sheet says of its own size would be filled up with empty cells.
    sheet.reset_dimensions()
    rows: list[tuple[int, list[str]]] = []
    cells = size = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        values = _trimmed(row)
        cells += len(values)
        size += sum(map(len, values))
        if number > MOST_ROWS or cells > MOST_CELLS or size > LARGEST_TEXT_BYTES:
            raise Refused("too-large")
        if len(values) > MOST_COLUMNS:
            raise Refused("wide")
        if values:
            rows.append((number, values))
    return rows


_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></|</(?:\w+:)?c>)"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')


def _peculiar(content: bytes, sheet: Any) -> tuple[set[int], dict[int, list[int]]]:
    """Return the rows that are hidden, and the cells whose formula the file gives no value of."""
    from openpyxl.utils import column_index_from_string

    path = getattr(sheet, "_worksheet_path", "")
    with ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(path) if path in archive.namelist() else b""
    hidden = set()
    for row in _ROW.finditer(xml):
        if re.search(rb'\bhidden="(1|true)"', row[1]) and (number := re.search(rb'\br="([0-9]+)"', row[1])):
            hidden.add(int(number[1]))
    formulas: dict[int, list[int]] = {}
    for cell in _FORMULA.finditer(xml):
        if place := _PLACE.search(cell[1]):
            formulas.setdefault(int(place[2]), []).append(column_index_from_string(place[1].decode()) - 1)
    return hidden, formulas


def _trimmed(row: Sequence[Any]) -> list[str]:
    """A row's cells as text, without the empty ones at its end."""
    values = [_cell(cell) for cell in row]
    while values and not values[-1]:
        values.pop()
    return values


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Excel keeps codes and mobiles that look like numbers as floats, and shows 123 as 00123.
        text = str(int(value)) if float(value).is_integer() else str(value)
        shown = cell.number_format
        return text.zfill(len(shown)) if shown and shown.strip("0") == "" else text
    return str(value)


if __name__ == "__main__":
    main()
