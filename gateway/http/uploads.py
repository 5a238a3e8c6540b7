"""Files from strangers: looked at in a process of their own, which may use little memory and little time.

The gateway keeps the bytes that came and takes back rows of text; it never unpacks or parses what came.
"""

from __future__ import annotations

import asyncio
import os
import sys

from gateway.problems import Problem
from gateway.schemas import unpacking
from gateway.schemas.import_tables import Table

LONGEST_SECONDS = 60
AT_ONCE = 2

LIMIT = (
    f"at most {unpacking.LARGEST_TEXT_BYTES // 1_000_000} MB, {unpacking.MOST_ROWS:,} rows of"
    f" {unpacking.MOST_COLUMNS} columns and {unpacking.MOST_CELLS:,} cells"
)
_ADVICE: dict[str, tuple[int, str]] = {
    "empty": (422, "The file is empty. Choose the file that holds the customers."),
    "not-a-table": (
        415,
        "This is neither a CSV file nor an Excel workbook (.xlsx). Save it as CSV and try again.",
    ),
    "old-or-protected": (
        415,
        "The workbook is protected by a password, or of the old .xls kind."
        " Save it as .xlsx without a password, or as CSV.",
    ),
    "protected": (415, "The workbook is protected by a password. Save it as .xlsx without one, or as CSV."),
    "old-xls": (415, "This is a workbook of another kind (.xls or .xlsb). Save it as .xlsx or as CSV."),
    "ods": (415, "This is an OpenDocument sheet (.ods). Save it as .xlsx or as CSV."),
    "word": (
        415,
        "This is a text document. Copy its table to a spreadsheet, and save that as .xlsx.",
    ),
    "markup": (
        415,
        "This is a web page or XML, whatever its name says. Open it in a spreadsheet and save it as .xlsx.",
    ),
    "not-utf-8": (422, "The file is not UTF-8 text. Save it as CSV UTF-8 and try again."),
    "damaged": (
        422,
        "The workbook is damaged or cut off. Fetch it again, or open it in a spreadsheet and save it as CSV.",
    ),
    "no-such-sheet": (422, "The workbook has no sheet of this name."),
    "too-large": (422, f"The file holds more than can be taken: {LIMIT}. Split it and send the parts."),
    "wide": (
        422,
        f"A line has more than {unpacking.MOST_COLUMNS} columns. Keep those that are customers' facts.",
    ),
    "long-cell": (
        422,
        f"A cell has more than {unpacking.LONGEST_CELL:,} characters. A quotation mark may never be closed.",
    ),
}

_places = asyncio.Semaphore(AT_ONCE)


async def table_of(content: bytes, sheet: str = "") -> Table:
    """Return an uploaded table: a workbook's sheet, or a CSV file.

    Raises a 415 or 422 problem that says what to do.
    """
    if not content:
        raise _problem("empty")
    async with _places:
        verdict, said = await _look(content, sheet)
    if verdict:
        raise _problem(verdict)
    return await asyncio.to_thread(Table.read, said)


def too_large() -> Problem:
    """Return what is said of a file that is refused for its size, whoever sees it first."""
    return _problem("too-large")


def _problem(verdict: str) -> Problem:
    status, detail = _ADVICE[verdict]
    code = "unsupported-file" if status == 415 else "invalid"
    return Problem(status, code, detail, errors=(("file", detail),), extra={"verdict": verdict})


async def _look(content: bytes, sheet: str) -> tuple[str, bytes]:
    """Return the process's verdict, or nothing and the text. One that was killed wanted too much."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        unpacking.__name__,
        sheet,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ},
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            said, _ = await process.communicate(content)
    except TimeoutError:
        return "too-large", b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    head, newline, text = said.partition(b"\n")
    if process.returncode != 0 or not newline:
        return "too-large", b""
    return head.decode(), text
