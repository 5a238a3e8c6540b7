"""Whatever a file of ours holds comes back from it, for every text."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.http.sheets import Column, Writing, written
from gateway.schemas.import_columns import COLUMNS
from gateway.schemas.import_tables import Table
from gateway.schemas.imports import Place, read_customers
from gateway.schemas.neutral import neutral, original
from gateway.schemas.unpacking import text_table
from shared.values.texts import is_filler, read_name, several_lines
from shared.values.unreadable import Unreadable

DHAKA = Place("BD", ZoneInfo("Asia/Dhaka"))
TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=40)
FORMULA_LIKE = st.builds(str.__add__, st.sampled_from(["", "'", "''", "'''"]), TEXTS)


@given(FORMULA_LIKE)
@example("=1+1")
@example("'=1+1")
@example("''=1+1")
@example("+1-1")
@example("-5")
@example("'-5")
@example("\tx")
def test_what_is_neutralised_comes_back_exactly(text: str) -> None:
    assert original(neutral(text)) == text


@given(FORMULA_LIKE)
def test_nothing_that_is_neutralised_runs(text: str) -> None:
    said = neutral(text)
    is_number = said.lstrip("+-").replace(",", "").replace(".", "").isdigit()
    assert is_number or not said.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(FORMULA_LIKE, TEXTS)
@example("x", "-")
def test_a_name_and_an_address_come_back_from_our_csv(name: str, address: str) -> None:
    try:
        name, address = read_name(name), several_lines(address)
    except Unreadable:
        return
    if is_filler(name) or name.casefold() == "(clear)" or address.casefold() == "(clear)":
        return
    writing = Writing(2, ZoneInfo("Asia/Dhaka"), True, "yes", "no")
    row = {"code": "C-1", "name": name, "address": address, "operator": "ISP", "package": "Home"}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerow([written(Column(column, column), row.get(column), writing) for column in COLUMNS])
    reading = read_customers(Table.of(text_table(b"\xef\xbb\xbf" + text.getvalue().encode())), DHAKA)
    if reading.refused:
        errors = {each["field"] for each in reading.refused[0]["reasons"]}
        assert errors <= {"name", "address"}  # an error of a spreadsheet as a name
        return
    [line] = reading.lines
    assert line.name == name
    # A dash by itself is neutralised, and so no filler any more.
    assert (line.address or "") in ({address, ""} if is_filler(address) else {address})
