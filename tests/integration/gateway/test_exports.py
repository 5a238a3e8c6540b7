"""Files that people take away: what they hold, and that our own file of customers changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import httpx
import pytest
from openpyxl import load_workbook

from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, invoice, paid
from tests.integration.gateway.test_imports import seen, signed_in

DESK = "http://desk.test"
ODD = {
    "E-1": ("=HYPERLINK(1)", "@SUM(1)"),
    "E-2": ("'=1+1", "''=x"),
    "E-3": ("-Karim", "- Road 5"),
    "E-4": ("'Quoted only", "House 7\nRoad 3"),
    "E-5": ('Rahim, "Babu"', "+1-1"),
    "E-6": ("রহিম উদ্দিন", "\u0995\u09cd\u200d\u09b7"),
}


async def stocked(harness: GatewayHarness) -> None:
    for code, (name, address) in ODD.items():
        said = customer(code, harness.north, harness.plan, name=name)
        numbers = {"mobile": "+8801712345679", "alternate_mobile": "+8801812345679"}
        await harness.say(said.model_copy(update={"address": address, **numbers}))
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    await harness.say(paid(issued, 60_000))


async def fetched(visitor: httpx.AsyncClient, path: str) -> bytes:
    answer = await visitor.get(DESK + path)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_what_customers_export_imports_as_unchanged(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, language: str
) -> None:
    clerk = await client_for(harness.root, "admin")
    await stocked(harness)
    await signed_in(clerk, visitor)
    visitor.cookies.set("desk_language", language)
    raw = await clerk.get("/customers", headers={"Accept": "text/csv"})
    assert raw.content.startswith(b"\xef\xbb\xbfcode,name,mobile,address,operator,package,status")
    files = {
        "for programs": raw.content,
        "CSV": await fetched(visitor, "/customers/export.csv"),
        "raw": await fetched(visitor, "/customers/export.csv?raw=true"),
        "workbook": await fetched(visitor, "/customers/export.xlsx"),
    }
    for kind, file in files.items():
        report = await seen(clerk, file)
        counts = (report["created"], report["updated"], report["unchanged"], report["refused"])
        assert counts == (0, 0, len(ODD) + 2, []), (kind, report)


async def test_the_same_rows_are_the_same_bytes(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    await signed_in(await client_for(harness.root, "admin"), visitor)
    await stocked(harness)
    for noun in ("bills", "customers", "payments", "runs", "held"):
        for kind in ("csv", "xlsx"):
            path = f"/{noun}/export.{kind}"
            assert await fetched(visitor, path) == await fetched(visitor, path), path


async def test_a_workbook_is_one_that_a_person_uses(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    await signed_in(await client_for(harness.root, "admin"), visitor)
    await stocked(harness)
    book = load_workbook(io.BytesIO(await fetched(visitor, "/bills/export.xlsx")))
    sheet = book.worksheets[0]
    head, row = list(sheet.iter_rows(min_row=1, max_row=2))
    by_title = {cell.value: row[place] for place, cell in enumerate(head)}
    assert (sheet.freeze_panes, head[0].font.b) == ("A2", True)
    assert sheet.column_dimensions["H"].width > 20
    assert by_title["Total"].value == 1_050
    assert by_title["Balance"].value == 450
    assert by_title["Total"].number_format.startswith("[>=10000000]")
    assert by_title["Issued"].value == datetime(2026, 12, 1)
    assert (by_title["Mobile"].value, by_title["Mobile"].data_type) == ("+8801712345678", "s")
    assert "id" not in {str(title).lower() for title in by_title}


async def test_csv_is_in_the_readers_language_and_money(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    await signed_in(await client_for(harness.root, "admin"), visitor)
    await stocked(harness)
    visitor.cookies.set("desk_language", "bn")
    text = (await fetched(visitor, "/payments/export.csv")).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["পরিমাণ"] == "600.00"
    assert row["বিল"] == "NORTH-000001"
    raw = (await fetched(visitor, "/bills/export.csv?raw=true")).decode()
    assert "total_minor" in raw.splitlines()[0]


async def test_a_reseller_exports_what_it_reaches(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    await signed_in(await client_for(harness.south, "operator"), visitor)
    await stocked(harness)
    for noun in ("bills", "customers", "payments"):
        text = (await fetched(visitor, f"/{noun}/export.csv")).decode()
        assert "Abdul Rahman" not in text
    text = (await fetched(visitor, "/customers/export.csv")).decode()
    assert "Mitu Rahman" in text
