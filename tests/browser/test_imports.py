"""Customers of other systems: from their own file to billed customers, and what an import did taken back."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack

INPUTS = Path(__file__).parents[1] / "inputs"


def bring(desk: Page, file: Path) -> None:
    """From the first step to the second, or the third for a file of ours."""
    desk.goto("/customers/import")
    desk.locator("#file").set_input_files(file)
    desk.get_by_role("button", name="Preview file").click()


def check(desk: Page, operator: str, package: str) -> None:
    desk.get_by_label("Operator, when missing").select_option(operator)
    desk.get_by_label("Package, when missing").select_option(package)
    desk.get_by_role("button", name=re.compile("^Check ")).click()
    expect(desk.get_by_text("Nothing is written yet.")).to_be_visible()


def import_it(desk: Page, customers: int) -> None:
    name = re.compile(f"^Import {customers} customers?$")
    desk.get_by_role("button", name=name).click()
    expect(desk.get_by_text("Every line is accounted for.")).to_be_visible()


def bill(desk: Page, query: str, name: str) -> None:
    """Bill one of the imported customers for this month, and see the bill."""
    desk.goto(f"/customers?q={query}")
    desk.get_by_role("link", name=name).first.click()
    desk.get_by_role("link", name="Bill for a month").click()
    dialog = desk.get_by_role("dialog")
    dialog.locator("#decision-submit").click()
    # Leaving at once would take the form back before it is sent.
    expect(dialog).to_be_hidden()
    desk.goto(f"/bills?q={query}")
    expect(desk.locator(".bill-row").first).to_be_visible()


def test_a_phpnuxbill_file_becomes_billed_customers(desk: Page, stack: Stack, tmp_path: Path) -> None:
    prefix = stack.isp.prefix
    head = (INPUTS / "phpnuxbill_semicolon_as_is.csv").read_text().splitlines()[0]
    lines = [
        f'{n};nux{prefix}{n};"Abdur Rahim {prefix} {n}";"House {n}, Road 3";0170000{n:04d};;0.00;PPPoE'
        for n in range(1, 6)
    ]
    lines[4] = lines[4].replace("01700000005", "12345")
    file = tmp_path / "nux.csv"
    file.write_text("\n".join([head, *lines]) + "\n")
    bring(desk, file)
    expect(desk.get_by_label("Column for Code")).to_have_value("username")
    expect(desk.get_by_label("Column for Name")).to_have_value("fullname")
    expect(desk.get_by_label("Column for Mobile")).to_have_value("phonenumber")
    check(desk, f"P{prefix}", f"Home {prefix}")
    expect(desk.locator("body")).to_contain_text("This is no mobile number here")
    expect(desk.locator(".equation dd")).to_have_text(["5", "4", "0", "0", "1"])
    import_it(desk, 4)
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="refused.csv", exact=True).first.click()
    refused = waiting.value.path().read_text()
    rows = list(csv.reader(io.StringIO(refused), delimiter=";"))
    assert rows[0] == [*head.split(";"), "reason"]
    corrected = tmp_path / "refused.csv"
    corrected.write_text(refused.replace(";12345;", ";01700000005;"))
    bring(desk, corrected)
    expect(desk.get_by_text("As you chose them for the last file with these columns")).to_be_visible()
    desk.get_by_role("button", name=re.compile("^Check ")).click()
    import_it(desk, 1)
    bill(desk, f"nux{prefix}1", f"Abdur Rahim {prefix} 1")


def test_a_uisp_file_becomes_billed_customers(desk: Page, stack: Stack, tmp_path: Path) -> None:
    prefix = stack.isp.prefix
    rows = list(csv.reader((INPUTS / "uisp_as_is_200.csv").open()))[:40]
    for row in rows[1:]:
        row[0] = row[0] and f"U{prefix}-{row[0]}"
    clients, services = sum(bool(row[0]) for row in rows[1:]), 0
    second = 0
    for row in rows[1:]:
        services = 0 if row[0] else services + 1
        second += services > 1
    file = tmp_path / "uisp.csv"
    with file.open("w", newline="") as text:
        csv.writer(text).writerows(rows)
    bring(desk, file)
    expect(desk.get_by_label("Column for Name")).to_have_value("First name+Last name")
    expect(desk.get_by_label("Column for Package")).to_have_value("Service")
    desk.get_by_label("Column for Code").select_option("Id")
    desk.get_by_label("Column for Mobile").select_option("")
    check(desk, f"P{prefix}", f"Home {prefix}")
    # Packages of theirs are not ours: chosen once for all of their lines.
    for choice in desk.get_by_label(re.compile("^Ours for “02")).all():
        choice.select_option(f"Home {prefix}")
    desk.get_by_role("button", name="Check again with what was chosen").click()
    good = desk.get_by_role("button", name=re.compile(f"^Import {clients} customers$"))
    expect(good).to_be_visible()
    expect(desk.locator(".equation dd").last).to_have_text(str(second))
    import_it(desk, clients)
    bill(desk, f"U{prefix}-1", "Moni Test1")


def test_an_import_is_taken_back_as_one_action(desk: Page, stack: Stack, tmp_path: Path) -> None:
    prefix = stack.isp.prefix
    file = tmp_path / "ours.csv"
    lines = [f"Z{prefix}-{n},Zaman {n},P{prefix},Home {prefix}" for n in range(3)]
    file.write_text("\n".join(["code,name,operator,package", *lines]))
    bring(desk, file)
    import_it(desk, 3)
    desk.get_by_role("link", name="Take back…").click()
    desk.get_by_role("button", name="Take the import back").click()
    expect(desk.get_by_role("heading", name="Taken back", exact=True)).to_be_visible()
    expect(desk.locator(".settings-side .facts dd")).to_have_text(["3", "0", "0"])
    desk.goto(f"/customers?q=Z{prefix}-1")
    expect(desk.locator("body")).to_contain_text("Closed")


@pytest.mark.parametrize("name", ["password_protected.xlsx", "broken_sheet_xml.xlsx"])
def test_a_file_that_is_none_says_what_to_do(desk: Page, name: str) -> None:
    bring(desk, INPUTS / name)
    expect(desk.get_by_role("alert")).to_contain_text(re.compile("Save it as|save it as"))
