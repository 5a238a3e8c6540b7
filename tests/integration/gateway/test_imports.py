"""Files as other systems and clerks really write them, through the API and the pages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from openpyxl import Workbook

from gateway.context import Gateway
from gateway.projection import handlers
from shared.contracts import placement
from shared.contracts.catalog import CustomersImported, ImportedCustomer, RefusedCell, RefusedLine
from shared.db import Pool, in_transaction
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, operator, package, received

INPUTS = Path(__file__).parents[2] / "inputs"


class Shop:
    """The operators and packages that the files name."""

    def __init__(self, harness: GatewayHarness) -> None:
        self.field = operator("FIELD", harness.root)
        self.below = operator("FIELD-S", self.field)
        self.plan = package("Home 10")

    async def open(self, harness: GatewayHarness) -> None:
        await harness.say_batch([self.field, self.below])
        await harness.say(self.plan)


@pytest.fixture
async def shop(harness: GatewayHarness) -> Shop:
    shop = Shop(harness)
    await shop.open(harness)
    return shop


def content(name: str) -> bytes:
    return (INPUTS / name).read_bytes()


async def looked(client: httpx.AsyncClient, raw: bytes, **query: str) -> httpx.Response:
    return await client.post(f"/customers/import?{urlencode({'dry_run': 'true', **query})}", content=raw)


async def seen(client: httpx.AsyncClient, raw: bytes, **query: str) -> dict[str, Any]:
    answer = await looked(client, raw, **query)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    assert set(report) == {"read", "created", "updated", "unchanged", "refused", "warnings"}
    counted = report["created"] + report["updated"] + report["unchanged"] + len(report["refused"])
    assert report["read"] == counted
    return report


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["created"], report["updated"], report["unchanged"], len(report["refused"])


def refused(report: dict[str, Any]) -> list[tuple[int, list[str]]]:
    return [(line["line"], [each["field"] for each in line["reasons"]]) for line in report["refused"]]


NEW = {"defaults": "operator:FIELD,package:Home 10"}
# What each file comes to: created, updated, unchanged, refused.
OUTCOMES: dict[str, tuple[dict[str, str], tuple[int, int, int, int]]] = {
    "a_full.csv": ({}, (6, 0, 0, 0)),
    "b2_other_columns_empty.csv": (NEW, (3, 0, 0, 1)),
    "b_code_mobile_only.csv": (NEW, (0, 0, 0, 3)),
    "banner_header4_bom_mapped.csv": ({}, (1, 0, 0, 0)),
    "dates_mapped.csv": ({}, (13, 0, 0, 9)),
    "e_move_operator.csv": ({}, (1, 0, 0, 0)),
    "formula_mapped.csv": ({}, (12, 0, 0, 1)),
    "header_caps_spaces.csv": ({}, (1, 0, 0, 0)),
    "hidden_first_sheet.xlsx": ({}, (1, 0, 0, 0)),
    "extra_columns_right.xlsx": (
        {"columns": "code:code,name:name,operator:operator,package:package"},
        (1, 0, 0, 0),
    ),
    "mobiles_mapped.csv": ({}, (18, 0, 0, 9)),
    "na_fillers_mapped.csv": ({}, (26, 0, 0, 11)),
    "never_closed_quote.csv": ({}, (1, 0, 0, 1)),
    "serials.xlsx": ({}, (2, 0, 0, 3)),
    "ten_rows_three_bad.csv": ({}, (7, 0, 0, 3)),
    "trailing_empty_column.csv": ({}, (1, 0, 0, 0)),
    "unescaped_quotes_mapped.csv": ({}, (2, 0, 0, 1)),
    "invoiceninja_clients_as_is.csv": (
        {"columns": "code:Phone (2),name:Name,mobile:Phone (2)", **NEW},
        (1, 0, 0, 0),
    ),
    "ispdigital_as_is.csv": (
        {
            "columns": "code:CustomerId,name:CustomerName,mobile:MobileNumber,package:Package,"
            "status:ShortStatus,since:ClientJoiningDate,address:HouseNo+RoadNo+Thana",
            "defaults": "operator:FIELD",
        },
        (1, 0, 0, 0),
    ),
    "merged_twin_headers_as_is.xlsx": (
        {"columns": "code:Mobile,name:Name,mobile:Phone,package:Package", "defaults": "operator:FIELD"},
        (3, 0, 0, 0),
    ),
    "mikrotik_sample_as_is.csv": (
        {
            "columns": "code:customer_code,name:name,mobile:phone,package:profile,status:disabled",
            "defaults": "operator:FIELD",
        },
        (1, 0, 0, 0),
    ),
    "phpnuxbill_semicolon_as_is.csv": (
        {"columns": "code:username,name:fullname,address:address,mobile:phonenumber", **NEW},
        (1, 0, 0, 0),
    ),
    "sci_mobile_as_is.csv": (
        {"columns": "code:name,name:name,mobile:mobile,package:package", "defaults": "operator:FIELD"},
        (0, 0, 0, 2),
    ),
    "semicolon_comma_decimal_as_is.csv": (
        {"columns": "code:mobile,name:name,mobile:mobile", **NEW},
        (2, 0, 0, 0),
    ),
    "uisp_as_is_200.csv": (
        {
            "columns": "code:Id,name:First name+Last name,address:Street 1+City,package:Service,"
            "since:Registration date",
            "defaults": "operator:FIELD,package:Home 10",
            "values": "package:02.  BRONZE 799=Home 10,package:02, BRONZE 799=Home 10",
        },
        (101, 0, 0, 17),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTCOMES)
async def test_each_file_that_people_bring_comes_to_what_it_says(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, name: str
) -> None:
    clerk = await client_for(harness.root, "operator")
    query, expected = OUTCOMES[name]
    report = await seen(clerk, content(name), **query)
    assert counts(report) == expected, (report["refused"], report["warnings"])


AS_IS = (
    "invoiceninja_clients_as_is.csv", "ispdigital_as_is.csv", "merged_twin_headers_as_is.xlsx",
    "mikrotik_sample_as_is.csv", "phpnuxbill_semicolon_as_is.csv", "sci_mobile_as_is.csv",
    "semicolon_comma_decimal_as_is.csv", "uisp_as_is_200.csv", "extra_columns_right.xlsx",
)  # fmt: skip


@pytest.mark.parametrize("name", AS_IS)
async def test_other_systems_columns_are_refused_by_name_unless_they_are_mapped(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, name: str
) -> None:
    answer = await looked(await client_for(harness.root, "operator"), content(name))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "header"
    assert re.search("missing: code|unknown: ", answer.json()["errors"][0]["detail"])


DAMAGED = {"broken_sheet_xml.xlsx": (422, "damaged"), "password_protected.xlsx": (415, "password")}


@pytest.mark.parametrize("name", DAMAGED)
async def test_a_damaged_or_protected_workbook_is_refused_with_what_to_do(
    harness: GatewayHarness, client_for: ClientFor, name: str
) -> None:
    answer = await looked(await client_for(harness.root, "operator"), content(name))
    status, word = DAMAGED[name]
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, "file")
    assert word in answer.json()["errors"][0]["detail"]


async def test_all_faults_of_a_line_are_told_and_lines_are_those_of_the_spreadsheet(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    report = await seen(await client_for(harness.root, "operator"), content("ten_rows_three_bad.csv"))
    assert refused(report) == [
        (6, ["mobile"]),
        (7, ["mobile", "status", "since"]),
        (11, ["operator", "package"]),
    ]
    assert [set(each) for each in report["refused"][0]["reasons"]] == [{"field", "detail"}]


async def test_a_bad_quotation_mark_costs_its_record_and_is_placed_where_it_opens(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    for name in ("never_closed_quote.csv", "unescaped_quotes_mapped.csv"):
        report = await seen(clerk, content(name))
        assert [line["line"] for line in report["refused"]] == [2]
        assert "quotation mark" in report["refused"][0]["reasons"][0]["detail"]


async def test_totals_hidden_rows_and_other_sheets_are_said(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    query, _ = OUTCOMES["merged_twin_headers_as_is.xlsx"]
    report = await seen(clerk, content("merged_twin_headers_as_is.xlsx"), **query)
    assert any("totals" in each["detail"] for each in report["warnings"])
    report = await seen(clerk, content("hidden_first_sheet.xlsx"))
    assert any("“Customers” was read; left out: hidden" in each["detail"] for each in report["warnings"])
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["code", "name", "operator", "package"])
    sheet.append(["H-1", "Hidden", "FIELD", "Home 10"])
    sheet.append(["H-2", "=1/0", "FIELD", "Home 10"])
    sheet.append(["H-3", "#REF!", "FIELD", "Home 10"])
    sheet.row_dimensions[2].hidden = True
    made = io.BytesIO()
    book.save(made)
    report = await seen(clerk, made.getvalue())
    assert (report["created"], refused(report)) == (1, [(3, ["name"]), (4, ["name"])])
    assert any("hidden" in each["detail"] for each in report["warnings"])


async def test_twins_are_refused_updated_or_created_as_asked(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    await harness.say(customer("E11-6", shop.field, shop.plan, name="Person 6"))
    await harness.say(customer("00123", shop.field, shop.plan))
    moved = content("e_move_operator.csv")
    assert refused(await seen(clerk, moved)) == [(2, ["code"])]
    assert counts(await seen(clerk, moved, twins="update")) == (0, 1, 0, 0)
    assert counts(await seen(clerk, moved, twins="create")) == (1, 0, 0, 0)
    zeros = b"code,name,operator,package\n123,Abdul,FIELD,Home 10\n"
    assert refused(await seen(clerk, zeros)) == [(2, ["code"])]
    assert counts(await seen(clerk, zeros, twins="update")) == (0, 1, 0, 0)


async def test_the_same_mobile_and_the_same_person_twice_are_warned_of(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    lines = b"code,name,mobile,operator,package\n"
    lines += b"T-1,Rahim,+8801712345678,FIELD,Home 10\nT-2,rahim,01712345678,FIELD,Home 10\n"
    report = await seen(await client_for(harness.root, "operator"), lines)
    said = [each["detail"] for each in report["warnings"]]
    assert report["created"] == 2
    assert any("N1" in each and "has this mobile too" in each for each in said)
    assert any("same name and mobile are on line 2" in each for each in said)


WRONG_QUERIES = {
    "columns=code:Nope": "columns",
    "columns=name:name": "columns",
    "columns=kode:name": "columns",
    "columns=": "columns",
    "defaults=code:1": "defaults",
    "defaults=status:asleep": "defaults",
    "defaults=since:31/02/2026": "defaults",
    "dates=american": "dates",
    "twins=both": "twins",
    "dry_run=yes": "dry_run",
    "values=package:Home": "values",
    "header=x": "header",
}


@pytest.mark.parametrize("query", WRONG_QUERIES)
async def test_a_wrong_option_is_refused_by_name(
    harness: GatewayHarness, client_for: ClientFor, query: str
) -> None:
    clerk = await client_for(harness.root, "operator")
    answer = await clerk.post(
        f"/customers/import?{query}", content=b"code,name\nC1,A\n", headers={"Idempotency-Key": uuid4().hex}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == WRONG_QUERIES[query]


async def begun(client: httpx.AsyncClient, raw: bytes, **query: str) -> httpx.Response:
    headers = {"Idempotency-Key": query.pop("key", uuid4().hex)}
    return await client.post(f"/customers/import?{urlencode(query)}", content=raw, headers=headers)


async def test_an_import_needs_a_key_and_the_key_stands_for_its_options_too(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    answer = await clerk.post("/customers/import", content=content("a_full.csv"))
    assert answer.json()["type"].endswith("idempotency-key-missing")
    first = await begun(clerk, content("a_full.csv"), key="one")
    assert first.status_code == 202
    assert (await begun(clerk, content("a_full.csv"), key="one")).headers["location"] == first.headers[
        "location"
    ]
    other = await begun(clerk, content("a_full.csv"), key="one", twins="create")
    assert other.json()["type"].endswith("idempotency-key-reused")


async def operation(client: httpx.AsyncClient, answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(answer.headers["location"].removeprefix("/api/v1"))).json()
    return found


async def test_the_refused_lines_come_back_with_their_own_columns_and_can_be_sent_again(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.root, "operator")
    table = "Konto;Name;Telefon;Notiz\nK 1;=Rahim;0170;eins\nK-2;Karim;01700000011;zwei\nK-3;Salma;1;drei\n"
    query = {"columns": "code:Konto,name:Name,mobile:Telefon", **NEW}
    answer = await begun(clerk, b"\xef\xbb\xbf" + table.encode(), **query)
    import_id = answer.json()["id"]
    csv_file = await clerk.get(f"/imports/{import_id}/refused.csv")
    assert csv_file.headers["content-type"].startswith("text/csv")
    assert csv_file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(csv_file.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Konto", "Name", "Telefon", "Notiz", "reason"]
    assert [row[:4] for row in rows[1:]] == [
        ["K 1", "'=Rahim", "0170", "eins"],
        ["K-3", "Salma", "1", "drei"],
    ]
    assert re.fullmatch("code: .*; mobile: .*", rows[1][4])
    again = await seen(clerk, csv_file.content, **query)
    assert [line["line"] for line in again["refused"]] == [2, 3]
    corrected = csv_file.content.replace(b"K 1", b"K-1").replace(b"0170", b"01700000012")
    assert counts(await seen(clerk, corrected, **query)) == (1, 0, 0, 1)
    foreign = await client_for(harness.south, "operator")
    assert (await foreign.get(f"/imports/{import_id}/refused.csv")).status_code == 404
    assert (await foreign.post(f"/imports/{import_id}/undo")).status_code == 404


def kept_line(line: int, code: str, field: str) -> RefusedLine:
    reason = RefusedCell(field=field, detail="changed since the import", code="ChangedSince")
    return RefusedLine(line=line, code=code, reason=reason.detail, reasons=(reason,))


async def ended(
    harness: GatewayHarness,
    gateway_pool: Pool,
    *,
    changed: Sequence[tuple[UUID, int]] = (),
    refused: Sequence[RefusedLine] = (),
    **counted: Any,
) -> None:
    """The one chunk that travels is answered, as invoicing would."""
    [row] = await gateway_pool.fetch(
        "SELECT message_id, import_id FROM customer_import_chunk WHERE created IS NULL AND NOT waits"
    )
    ids = tuple(ImportedCustomer(customer_id=each, version=version) for each, version in changed)
    counts = {"created": 0, "updated": 0, "unchanged": 0} | counted
    end = CustomersImported(import_id=row["import_id"], changed=ids, refused=tuple(refused), **counts)
    async with in_transaction(harness.pool) as tx:
        await handlers.note_imported_chunks([received(end, row["message_id"])], tx)


async def reported(harness: GatewayHarness, gateway_pool: Pool, created: int) -> None:
    """Every chunk that travels is answered, as invoicing would."""
    sent = await gateway_pool.fetch(
        "SELECT message_id, import_id FROM customer_import_chunk WHERE created IS NULL AND NOT waits"
    )
    for row in sent:
        end = CustomersImported(
            import_id=row["import_id"], created=created, updated=0, unchanged=0, refused=()
        )
        async with in_transaction(harness.pool) as tx:
            await handlers.note_imported_chunks([received(end, row["message_id"])], tx)


async def test_a_long_import_is_cancelled_and_every_line_is_accounted_for(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, gateway: Gateway, gateway_pool: Pool
) -> None:
    clerk = await client_for(harness.root, "operator")
    lines = "".join(f"L-{n},Name,FIELD,Home 10\n" for n in range(10_500))
    answer = await begun(clerk, f"code,name,operator,package\n{lines}".encode())
    import_id = answer.json()["id"]
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox WHERE lane = 1") == 16
    assert (await clerk.post(f"/imports/{import_id}/cancel")).status_code == 202
    assert (await operation(clerk, answer))["state"] == "pending"
    await reported(harness, gateway_pool, 0)
    report = (await operation(clerk, answer))["resource"]
    assert (report["read"], len(report["refused"])) == (2_500, 1_000)
    assert report["refused"][0]["line"] == 8_002
    assert "cancelled" in report["refused"][0]["reasons"][0]["detail"]
    rows = (await clerk.get(f"/imports/{import_id}/refused.csv")).text.splitlines()
    assert len(rows) == 2_501


async def signed_in(client: httpx.AsyncClient, visitor: httpx.AsyncClient) -> str:
    email = (await client.get("/me")).json()["email"]
    session = await visitor.post("/session", json={"email": email, "password": PASSWORD})
    return str(session.json()["csrf_token"])


def hidden(page: httpx.Response, name: str) -> str:
    from html import unescape

    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return unescape(found[1])


async def test_a_foreign_file_is_mapped_checked_and_imported_on_the_pages(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool
) -> None:
    clerk = await client_for(harness.root, "operator")
    token = await signed_in(clerk, visitor)
    desk, origin = "http://desk.test", {"Origin": "http://desk.test"}
    raw = content("phpnuxbill_semicolon_as_is.csv")
    sent = await visitor.post(
        f"{desk}/customers/import",
        data={"csrf_token": token},
        files={"file": ("nux.csv", raw)},
        headers=origin,
    )
    assert sent.status_code == 303, sent.text
    columns = await visitor.get(desk + sent.headers["location"])
    for choice in ("username", "fullname", "phonenumber"):
        assert f'<option value="{choice}" selected>' in columns.text
    form = {
        "csrf_token": token, "header": "1", "sheet": "", "options": "", "column-code": "username",
        "column-name": "fullname", "column-mobile": "phonenumber", "default-operator": "FIELD",
        "default-package": "Home 10", "dates": "day_first", "twins": "refuse",
    }  # fmt: skip
    address = desk + sent.headers["location"]
    check = await visitor.post(f"{address}/check", data=form, headers=origin)
    assert check.status_code == 200, check.text
    assert re.search("Import 1 customer", check.text), check.text
    assert "Abdur Rahim" in check.text
    begin = {name: hidden(check, name) for name in ("options", "idempotency_key")}
    done = await visitor.post(f"{address}/begin", data={"csrf_token": token, **begin}, headers=origin)
    assert done.status_code == 303, done.text
    await reported(harness, gateway_pool, 0)
    report = await visitor.get(desk + done.headers["location"])
    assert "Every line is accounted for" in report.text
    # The next file with this header is read the same way.
    sent = await visitor.post(
        f"{desk}/customers/import",
        data={"csrf_token": token},
        files={"file": ("nux.csv", raw)},
        headers=origin,
    )
    columns = await visitor.get(desk + sent.headers["location"])
    assert "As you chose them for the last file" in columns.text
    assert "<option selected>FIELD</option>" in columns.text


async def test_equal_faults_are_one_with_their_count_and_ours_can_be_chosen_for_theirs(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    clerk = await client_for(harness.root, "operator")
    token = await signed_in(clerk, visitor)
    desk, origin = "http://desk.test", {"Origin": "http://desk.test"}
    lines = "".join(f"F-{n},Name,FIELD,Home20\n" for n in range(30))
    sent = await visitor.post(
        f"{desk}/customers/import",
        data={"csrf_token": token},
        files={"file": ("a.csv", f"code,name,operator,package\n{lines}".encode())},
        headers=origin,
    )
    assert sent.headers["location"].endswith("/check")
    page = await visitor.get(desk + sent.headers["location"])
    assert "Package “Home20” is not known here" in page.text
    assert "lines 2, 3, 4, 5, 6, 7, …" in page.text
    chosen = {"valued-0": "package", "theirs-0": "Home20", "ours-0": "Home 10"}
    form = {"csrf_token": token, "options": hidden(page, "options"), **chosen}
    again = await visitor.post(desk + sent.headers["location"], data=form, headers=origin)
    assert "Import 30 customers" in again.text, again.text


async def test_the_check_says_what_follows_counts_the_fields_and_shows_all_lines(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    known = [customer(f"K-{n}", shop.field, shop.plan) for n in range(60)]
    await harness.say_batch(known)
    token = await signed_in(await client_for(harness.root, "operator"), visitor)
    desk, origin = "http://desk.test", {"Origin": "http://desk.test"}
    lines = "".join(f"K-{n},FIELD,suspended,\n" for n in range(55)) + "K-55,FIELD,,(clear)\n"
    sent = await visitor.post(
        f"{desk}/customers/import",
        data={"csrf_token": token},
        files={"file": ("a.csv", f"code,operator,status,mobile\n{lines}".encode())},
        headers=origin,
    )
    page = await visitor.get(desk + sent.headers["location"])
    assert page.text.count("no bill from") == 50
    assert "50 of 56 shown" in page.text
    assert "Status 55" in page.text
    assert "Mobile 1" in page.text
    form = {"csrf_token": token, "options": hidden(page, "options"), "show": "changed", "rows": "all"}
    whole = await visitor.post(desk + sent.headers["location"], data=form, headers=origin)
    assert whole.text.count("no bill from") == 55
    assert "no messages" in whole.text
    assert "56 of 56 shown" in whole.text


async def test_no_connection_is_held_while_lines_are_placed_however_long_that_takes(
    shop: Shop,
    harness: GatewayHarness,
    client_for: ClientFor,
    gateway_pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place, held = placement.place, []

    def slowly(*arguments: Any) -> Any:
        held.append(gateway_pool.get_size() - gateway_pool.get_idle_size())
        return place(*arguments)

    monkeypatch.setattr(placement, "place", slowly)
    clerk = await client_for(harness.root, "operator")
    report = await seen(clerk, b"code,name,operator,package\nW-1,Rahim,FIELD,Home 10\n")
    assert (report["created"], held) == (1, [0])


@pytest.mark.parametrize("name", ["password_protected.xlsx", "broken_sheet_xml.xlsx"])
async def test_a_file_that_is_none_is_refused_on_the_page_too(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, name: str
) -> None:
    token = await signed_in(await client_for(harness.root, "operator"), visitor)
    answer = await visitor.post(
        "http://desk.test/customers/import",
        data={"csrf_token": token},
        files={"file": (name, content(name))},
        headers={"Origin": "http://desk.test"},
    )
    assert answer.status_code == 422
    assert "form-problem" in answer.text


async def test_the_template_is_a_file_of_ours(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    clerk = await client_for(harness.root, "operator")
    await signed_in(clerk, visitor)
    template = await visitor.get("http://desk.test/customers/import/template.csv")
    report = await seen(clerk, template.content + b"T-9,Name,,,NORTH,Home 20,,,,\r\n")
    assert counts(report) == (1, 0, 0, 0)


async def test_an_undo_says_what_it_would_do_what_came_back_and_who_stayed(
    shop: Shop, harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool
) -> None:
    clerk = await client_for(harness.root, "operator")
    await signed_in(clerk, visitor)
    known = customer("U-1", shop.field, shop.plan)
    await harness.say(known)
    lines = "U-1,Renamed,FIELD,Home 10\nU-2,New,FIELD,Home 10\nU-3,New,FIELD,Home 10\n"
    answer = await begun(clerk, f"code,name,operator,package\n{lines}".encode())
    import_id = answer.json()["id"]
    ids = await gateway_pool.fetchval(
        "SELECT customer_ids FROM customer_import WHERE id = $1", UUID(import_id)
    )
    made = [
        customer(code, shop.field, shop.plan).model_copy(update={"customer_id": customer_id})
        for code, customer_id in zip(("U-2", "U-3"), ids[1:], strict=True)
    ]
    await harness.say_batch([known.model_copy(update={"name": "Renamed", "version": 2}), *made])
    left = [(known.customer_id, 2), *((each.customer_id, 1) for each in made)]
    await ended(harness, gateway_pool, created=2, updated=1, changed=left)
    await harness.say(known.model_copy(update={"name": "By hand", "version": 3}))
    await harness.say(made[0].model_copy(update={"name": "By hand", "version": 2}))
    asked = await visitor.get(f"http://desk.test/customers/imports/{import_id}/undo")
    facts = re.findall(r'<dd class="amount">(\d+)</dd>', asked.text)
    assert facts == ["1", "1", "1", "1"], asked.text
    undone = await clerk.post(f"/imports/{import_id}/undo")
    assert undone.status_code == 202, undone.text
    since = [kept_line(2, "U-1", "name"), kept_line(3, "U-2", "")]
    await ended(
        harness, gateway_pool, updated=1, closed=1, partly=1, restored={"package_id": 1}, refused=since
    )
    await harness.say(made[1].model_copy(update={"status": "closed", "version": 2}))
    report = (await operation(clerk, undone))["resource"]
    assert (report["read"], report["restored"], report["closed"]) == (3, 1, 1)
    assert report["fields"] == {"package": 1}
    assert [each["code"] for each in report["kept"]] == ["U-1", "U-2"]
    csv_file = await clerk.get(f"/imports/{import_id}/kept.csv")
    assert [row.split(",")[0] for row in csv_file.text.splitlines()] == ["code", "U-1", "U-2"]
    page = await visitor.get(f"http://desk.test/customers/imports/{import_id}")
    assert "Changed since the import." in page.text
    assert "U-2" in page.text
