"""Customers files as people really send them."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from gateway.http.refused_lines import refused_csv
from gateway.problems import Problem
from gateway.schemas.import_columns import guess, likely_header
from gateway.schemas.import_tables import Table, unique_names
from gateway.schemas.imports import CHUNK_LINES, COLUMNS, Options, Place, Reading
from gateway.schemas.imports import read_customers as read_in
from gateway.schemas.unpacking import Refused, sheet_of, table_of, text_table

# Files of before there was an alternate mobile.
HEADER = "code,name,mobile,address,operator,package,status,billing_cycle,since"
INPUTS = Path(__file__).parents[3] / "inputs"
DHAKA = Place("BD", ZoneInfo("Asia/Dhaka"))


def read_customers(raw: bytes) -> Reading:
    return read_in(Table.of(text_table(raw)), DHAKA)


def _file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


LINE = "C1,Abdul Rahman,+8801712345678,Dhaka,ISP,Home 20,active,monthly,2026-01-01"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_separator_is_understood(separator: str) -> None:
    raw = b"\xef\xbb\xbf" + _file(LINE).replace(b",", separator.encode())
    reading = read_customers(raw)
    assert [line.name for line in reading.lines] == ["Abdul Rahman"]
    assert reading.refused == []


def test_quotes_hold_separators_and_line_breaks() -> None:
    reading = read_customers(
        _file('C1,"Rahman, Abdul",,"House 1\nRoad 2",ISP,Home 20,active,monthly,2026-01-01')
    )
    assert reading.lines[0].name == "Rahman, Abdul"
    assert reading.lines[0].address == "House 1\nRoad 2"
    assert reading.lines[0].mobile is None


@pytest.mark.parametrize(
    "header", ["name,mobile", "code,code", HEADER + ",extra", HEADER.replace("since", "joined")]
)
def test_wrong_columns_refuse_the_whole_file_naming_the_header(header: str) -> None:
    with pytest.raises(Problem) as refused:
        read_customers(_file(LINE, header=header))
    assert refused.value.status == 422
    assert refused.value.errors[0][0] == "header"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(Refused):
        read_customers(b"\xff\x00\x80code")


def test_a_code_that_comes_again_is_refused_on_the_later_line() -> None:
    reading = read_customers(_file(LINE, LINE.replace("Abdul", "Other")))
    assert [line.line for line in reading.lines] == [2]
    assert [(each["line"], each["code"]) for each in reading.refused] == [(3, "C1")]


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("+8801712345678", "01712"),
        LINE.replace("active", "gone"),
        LINE.replace("2026-01-01", "31/02/2026"),
        LINE.replace("2026-01-01", "46031"),
        LINE.replace("C1", ""),
        LINE + ",more",
        LINE.replace("Abdul Rahman", "A" * 201),
    ],
)
def test_a_line_that_is_wrong_is_refused_and_its_neighbours_are_not(line: str) -> None:
    reading = read_customers(_file(line, LINE.replace("C1", "C2")))
    assert [each["line"] for each in reading.refused] == [2]
    assert [each.code for each in reading.lines] == ["C2"]


def test_many_lines_travel_in_chunks() -> None:
    reading = read_customers(_file(*(LINE.replace("C1", f"C{n}") for n in range(CHUNK_LINES + 1))))
    assert [len(chunk) for chunk in reading.chunks()] == [CHUNK_LINES, 1]


def test_cells_are_read_as_pages_and_api_read_them() -> None:
    [line] = read_customers(
        _file("C1, Abdul\u00a0 Rahman ,01712-345678,Dhaka,isp,home 20,ACTIVE,Monthly,09/01/2026")
    ).lines
    assert (line.name, line.mobile, line.status, line.since) == (
        "Abdul Rahman",
        "+8801712345678",
        "active",
        date(2026, 1, 9),
    )


@pytest.mark.parametrize("filler", ["", " ", "-", "N/A", "#N/A", "null", "NULL"])
def test_an_empty_cell_says_nothing(filler: str) -> None:
    [line] = read_customers(_file(",".join(["C1", *[filler] * 8]))).lines
    assert {getattr(line, name) for name in COLUMNS if name != "code"} == {None}
    assert line.clear == ()


def test_only_the_code_and_what_changes_must_be_there() -> None:
    [line] = read_customers(_file("C1,01712345678", header="Code,mobile")).lines
    assert (line.mobile, line.name, line.operator) == ("+8801712345678", None, None)


def test_a_header_is_known_whatever_its_case_and_blanks() -> None:
    [line] = read_customers(_file("C1,daily", header=" CODE ,Billing  Cycle")).lines
    assert (line.code, line.billing_cycle) == ("C1", "daily")


def test_clear_empties_what_can_be_empty() -> None:
    reading = read_customers(_file("C1,,(clear),(CLEAR),,,,,", "C2,(clear),,,,,,,"))
    assert [line.clear for line in reading.lines] == [("mobile", "address")]
    assert [(each["line"], each["reasons"][0]["field"]) for each in reading.refused] == [(3, "name")]


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    [refused] = read_customers(_file("C 1,A,0170,Dhaka,ISP,Home 20,gone,weekly,31/02/2026")).refused
    assert [reason["field"] for reason in refused["reasons"]] == [
        "code",
        "mobile",
        "status",
        "billing_cycle",
        "since",
    ]
    assert all(reason["detail"] in refused["reason"] for reason in refused["reasons"])
    assert "There is no day 31/02/2026." in refused["reason"]


def test_what_was_understood_with_a_doubt_is_told() -> None:
    reading = read_customers(_file("C1,1712345678", "C2,01712345678 / 01812345678", header="code,mobile"))
    assert [line.mobile for line in reading.lines] == ["+8801712345678"] * 2
    assert [(each["line"], each["code"]) for each in reading.warnings] == [(2, "C1"), (3, "C2")]
    assert "leading zero" in reading.warnings[0]["detail"]
    assert "+8801812345678 the alternate" in reading.warnings[1]["detail"]


def test_the_second_of_two_numbers_is_kept_as_the_alternate() -> None:
    both = "C2,01712345678 / 01812345678"
    [line] = read_customers(_file(both, header="code,mobile")).lines
    assert (line.mobile, line.alternate_mobile) == ("+8801712345678", "+8801812345678")
    named = "code,mobile,Alternate Mobile"
    for header, cells in ((named, "01912345678"), ("code,mobile,বিকল্প মোবাইল", "০১৯১২-৩৪৫৬৭৮")):
        [line] = read_customers(_file(f"{both},{cells}", header=header)).lines
        assert (line.mobile, line.alternate_mobile) == ("+8801712345678", "+8801912345678")
    [line] = read_customers(_file("C2,01712345678,", header=named)).lines
    assert (line.mobile, line.alternate_mobile) == ("+8801712345678", None)
    [line] = read_customers(_file("C2,,(clear)", header=named)).lines
    assert line.clear == ("alternate_mobile",)
    [refused] = read_customers(_file("C2,01712345678,0171", header=named)).refused
    assert [reason["field"] for reason in refused["reasons"]] == ["alternate_mobile"]


def test_the_apostrophe_of_our_own_files_is_taken_off_again() -> None:
    [line] = read_customers(_file("C1,'=Name,'-5 Road", header="code,name,address")).lines
    assert (line.name, line.address) == ("=Name", "-5 Road")


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_a_cell_of_a_workbook_is_a_date_only_where_it_says_so(epoch: datetime) -> None:
    book = Workbook()
    book.epoch = epoch
    rows = (("code", "mobile", "since"), ("C1", 1712345678, date(2026, 1, 9)), ("C2", 8801712345678, 46031))
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    reading = read_in(Table.of(sheet_of(content.getvalue())), DHAKA)
    assert [(line.mobile, line.since) for line in reading.lines] == [("+8801712345678", date(2026, 1, 9))]
    assert [(each["line"], each["reasons"][0]["field"]) for each in reading.refused] == [(3, "since")]


def test_a_header_that_comes_again_is_no_customer() -> None:
    reading = read_customers(b"code,name\nA-1,Rahim\ncode,name\nA-2,Karim\n")
    assert [line.code for line in reading.lines] == ["A-1", "A-2"]
    assert "repeat the header" in reading.warnings[0]["detail"]


def test_a_customer_whose_name_begins_with_total_is_no_total() -> None:
    reading = read_customers(b"code,name\nT-2,Total Gas Ltd\nTotal,1\n")
    assert [line.code for line in reading.lines] == ["T-2"]


def test_a_quotation_mark_that_is_never_closed_is_placed_where_it_opens() -> None:
    reading = read_customers(b'code,name,address\nA-1,R,"House 7\nA-2,K,x\nA-3,S,"Flat 2\nRoad 4"\nA-4,J,y\n')
    assert [line.line for line in reading.lines] == [3, 4, 5]
    assert [(each["line"], "never closed" in each["reason"]) for each in reading.refused] == [(2, True)]


def test_nothing_of_a_refused_line_is_lost_and_it_is_refused_until_it_is_right() -> None:
    table = Table.of(text_table(b"code,name\nA-1,Rahim,01700000001\nA-2,Karim\n"))
    reading = read_in(table, DHAKA)
    reasons = {line["line"]: line["reason"] for line in reading.refused}
    again = refused_csv(table, Options(), reading.refused, reasons)
    assert b"01700000001" in again
    assert [each["line"] for each in read_customers(again).refused] == [2]


@pytest.mark.parametrize(
    "raw",
    [
        "\ufeffsep=;\ncode;name\nA-1;Rahim\n".encode(),
        "code\tname\nA-1\tRahim\n".encode("utf-16"),
        b"\n,,\nShapla Net\n\ncode,name\n\nA-1,Rahim\n",
        "কোড,নাম\nA-1,Rahim\n".encode(),
        b"code,name\rA-1,Rahim\r",
    ],
)
def test_whatever_stands_above_or_between_the_header_is_found(raw: bytes) -> None:
    assert [(line.code, line.name) for line in read_customers(raw).lines] == [("A-1", "Rahim")]


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (b"<html><table><tr><td>code</td></tr></table></html>", "markup"),
        (b"%PDF-1.7\n%\xe2\xe3", "not-a-table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\x00" * 9, "word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\x00" * 9, "old-xls"),
    ],
)
def test_what_is_none_is_told_by_what_it_is(raw: bytes, verdict: str) -> None:
    with pytest.raises(Refused, match=verdict):
        table_of(raw)


GUESSES = {
    "phpnuxbill_semicolon_as_is.csv": {"code": "username", "name": "fullname", "mobile": "phonenumber"},
    "uisp_as_is_200.csv": {
        "code": "Id", "name": "First name+Last name", "mobile": "Phones", "address": "Street 1+City",
        "package": "Service", "since": "Service active from",
    },
    "invoiceninja_clients_as_is.csv": {"code": "ID Number", "name": "Name", "mobile": "Phone"},
    "ispdigital_as_is.csv": {
        "code": "CustomerId", "name": "CustomerName", "mobile": "MobileNumber", "package": "Package",
        "address": "HouseNo+RoadNo+Thana+District", "status": "Status", "since": "ClientJoiningDate",
    },
    "mikrotik_sample_as_is.csv": {
        "code": "customer_code", "name": "name", "mobile": "phone", "package": "profile",
        "status": "disabled",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", GUESSES)
def test_the_columns_of_other_systems_are_guessed(name: str) -> None:
    table = Table.of(table_of((INPUTS / name).read_bytes()))
    header = likely_header(table)
    assert header is not None
    guessed = {ours: found.column for ours, found in guess(unique_names(header.cells)).items()}
    assert {ours: guessed.get(ours) for ours in GUESSES[name]} == GUESSES[name]


def test_splynx_panels_and_lists_kept_by_hand_are_guessed() -> None:
    splynx = [
        "ID",
        "Status",
        "Portal login",
        "Full name",
        "Phone number",
        "Internet tariffs",
        "Street",
        "Date add",
    ]
    found = {ours: each.column for ours, each in guess(splynx).items()}
    assert (found["code"], found["name"], found["mobile"]) == ("Portal login", "Full name", "Phone number")
    assert (found["package"], found["status"], found["since"]) == ("Internet tariffs", "Status", "Date add")
    cable = ["Sub ID", "Subscriber", "Cell", "Plan", "Joined"]
    found = {ours: each.column for ours, each in guess(cable).items()}
    assert (found["code"], found["name"], found["since"]) == ("Sub ID", "Subscriber", "Joined")
    panel = ["customer_id", "name", "mobile", "package", "joining_date", "password"]
    found = {ours: each.column for ours, each in guess(panel).items()}
    assert (found["code"], found["since"]) == ("customer_id", "joining_date")
    assert "password" not in found.values()
