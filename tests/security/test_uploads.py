"""A file from a stranger costs the process that looks at it, never the gateway."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Callable
from zoneinfo import ZoneInfo

import psutil
import pytest
from openpyxl import Workbook

from gateway.http import uploads
from gateway.problems import Problem
from gateway.schemas import unpacking
from gateway.schemas.imports import COLUMNS, Place, read_customers

LINE = (
    "C1", "Abdul Rahman", "+8801712345678", "Dhaka", "ISP", "Home 20", "active", "monthly", "2026-01-01",
    "+8801812345678",
)  # fmt: skip
MOST_GROWTH_BYTES = 40_000_000


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


GOOD = workbook(COLUMNS, LINE)


def changed(name: str, change: Callable[[bytes], bytes | None], book: bytes | None = None) -> bytes:
    """The good workbook, or another, with one part changed, or left out."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book or GOOD)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            kept = change(content) if part == name else content
            if kept is not None:
                new.writestr(part, kept)
    return made.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def sharing(strings: bytes, place: int = 0) -> bytes:
    """The good workbook whose first cell is a shared string, as Excel writes every text."""
    inline, shared = b't="inlineStr"><is><t>code</t></is>', b't="s"><v>%d</v>' % place
    book = changed(SHEET, lambda xml: xml.replace(inline, shared))
    book = changed("[Content_Types].xml", lambda xml: xml.replace(b"</Types>", _OVERRIDE), book)
    made = io.BytesIO(book)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(STRINGS, strings)
    return made.getvalue()


def strings(many: int) -> bytes:
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<sst xmlns="' + namespace + b'"><si><t>code</t></si>' + b"<si><t/></si>" * many + b"</sst>"


def lying_bomb() -> bytes:
    """An archive whose directory says that a part is small."""
    bomb = bytearray(changed(SHEET, lambda _: b" " * 200_000_000))
    for match in re.finditer((200_000_000).to_bytes(4, "little"), bytes(bomb)):
        bomb[match.start() : match.end()] = (1_000).to_bytes(4, "little")
    return bytes(bomb)


def encrypted() -> bytes:
    content = bytearray(GOOD)
    for at in (match.start() for match in re.finditer(rb"PK\x01\x02", GOOD)):
        content[at + 8] |= 1
    return bytes(content)


DAMAGED: dict[str, tuple[Callable[[], bytes], int]] = {
    "cut off in the middle": (lambda: GOOD[: len(GOOD) // 2], 422),
    "bytes overwritten": (lambda: GOOD[:200] + b"\x00" * 300 + GOOD[500:], 422),
    "no directory": (lambda: GOOD[: GOOD.rindex(b"PK\x01\x02")], 422),
    "no sheet": (lambda: changed(SHEET, lambda _: None), 422),
    "a sheet that is no XML": (lambda: changed(SHEET, lambda _: b"<worksheet><sheetData><row>"), 422),
    "a sheet that is empty": (lambda: changed(SHEET, lambda _: b""), 422),
    "no workbook part": (lambda: changed("xl/workbook.xml", lambda _: None), 422),
    "a workbook without sheets": (lambda: changed("xl/workbook.xml", lambda _: b"<workbook/>"), 422),
    "no content types": (lambda: changed("[Content_Types].xml", lambda _: None), 415),
    "strings that are no XML": (lambda: sharing(b"<sst><si>"), 422),
    "a cell that names no string": (lambda: sharing(strings(1), place=99_999), 422),
    "styles that are no XML": (lambda: changed("xl/styles.xml", lambda _: b"<styleSheet"), 422),
    "protected by a password": (encrypted, 415),
    "an old .xls": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 2_000, 415),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, 415),
    "another archive": (lambda: _archive({"readme.txt": b"hello"}), 415),
    "nothing": (lambda: b"", 422),
    "text of another encoding": (lambda: "código,nombre".encode("cp1252"), 422),
}


def _archive(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("kind", DAMAGED)
async def test_a_file_that_is_damaged_or_none_of_ours_is_refused_with_what_to_do(kind: str) -> None:
    make, status = DAMAGED[kind]
    with pytest.raises(Problem) as refused:
        await uploads.table_of(make())
    assert refused.value.status == status, refused.value.detail
    assert refused.value.errors[0][0] == "file"


BOMBS: dict[str, Callable[[], bytes]] = {
    "twenty million shared strings": lambda: sharing(strings(20_000_000)),
    "a part that says it is small": lying_bomb,
    "a quarter of a gigabyte in four parts": lambda: _archive(
        {"[Content_Types].xml": b"", **{f"xl/media/{n}": b"\x00" * 60_000_000 for n in range(4)}}
    ),
    "two thousand parts": lambda: _archive({f"{n}": b"" for n in range(2_000)}),
    "a row at the far end of the sheet": lambda: changed(
        SHEET,
        lambda xml: xml.replace(b'<row r="2"', b'<row r="1048576"').replace(b'"A1:I2"', b'"A1:XFD1048576"'),
    ),
    "a sheet of four million cells": lambda: changed(
        SHEET,
        lambda _: (
            b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
            + (b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>") * 38_000
            + b"</sheetData></worksheet>"
        ),
    ),
    "a CSV with a million columns": lambda: b",".join([b"a"] * 1_000_000),
    "a CSV whose second line has a million columns": lambda: b"code,name\n" + b"," * 1_000_000,
    "a CSV whose quotation mark is never closed": lambda: b'code,name\nC1,"' + b"x" * 5_000_000,
    "a CSV of a million lines": lambda: b"code,name\n" + b"C1,A\n" * 1_000_000,
}


@pytest.mark.parametrize("kind", BOMBS)
async def test_a_bomb_is_refused_and_the_serving_process_does_not_grow(kind: str) -> None:
    content = BOMBS[kind]()
    process = psutil.Process()
    before = process.memory_info().rss
    peak = 0

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, process.memory_info().rss)
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    try:
        with pytest.raises(Problem) as refused:
            await uploads.table_of(content)
    finally:
        watching.cancel()
    assert refused.value.status == 422
    assert peak - before < MOST_GROWTH_BYTES


async def test_a_good_workbook_is_read_as_its_csv_is() -> None:
    table = await uploads.table_of(GOOD)
    as_csv = f"{','.join(COLUMNS)}\n{','.join(LINE)}\n".encode()
    place = Place("BD", ZoneInfo("Asia/Dhaka"))
    [from_workbook], [from_csv] = [
        read_customers(each, place).lines for each in (table, await uploads.table_of(as_csv))
    ]
    assert from_workbook.model_copy(update={"customer_id": from_csv.customer_id}) == from_csv


async def test_a_workbook_of_many_shared_strings_is_read() -> None:
    assert (await uploads.table_of(sharing(strings(50_000)))).rows[0].cells[:2] == ["code", "name"]


async def test_many_files_at_once_are_looked_at_two_at_a_time() -> None:
    tables = await asyncio.gather(*(uploads.table_of(GOOD) for _ in range(5)))
    assert all(table.rows == tables[0].rows for table in tables)


async def test_looking_at_a_file_takes_no_secret_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that a file takes over finds nothing in its environment."""
    seen: dict[str, str] = {}
    start = asyncio.create_subprocess_exec

    async def note(*command: str, **options: object) -> asyncio.subprocess.Process:
        seen.update(options["env"])  # type: ignore[call-overload]
        return await start(*command, **options)  # type: ignore[arg-type]

    monkeypatch.setenv("GATEWAY_SESSION_SECRET", "secret")
    monkeypatch.setattr(asyncio, "create_subprocess_exec", note)
    await uploads.table_of(GOOD)
    assert set(seen) <= {"PATH", "LD_LIBRARY_PATH"}


async def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONGEST_SECONDS", 0.01)
    with pytest.raises(Problem) as refused:
        await uploads.table_of(GOOD)
    assert refused.value.status == 422
    assert not [child for child in psutil.Process().children() if unpacking.__name__ in child.cmdline()]
