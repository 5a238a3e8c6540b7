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


def bring(admin: Page, file: Path) -> None:
    """From the first step to the second, or the third for a file of ours."""
    admin.goto("/customers/import")
    admin.locator("#file").set_input_files(file)
    admin.get_by_role("button", name="Preview file").click()


def check(admin: Page, operator: str, package: str) -> None:
    admin.get_by_label("Operator, when missing").select_option(operator)
    admin.get_by_label("Package, when missing").select_option(package)
    admin.get_by_role("button", name=re.compile("^Check ")).click()
    expect(admin.get_by_text("Nothing is written yet.")).to_be_visible()


def import_it(admin: Page, customers: int) -> None:
    name = re.compile(f"^Import {customers} customers?$")
    admin.get_by_role("button", name=name).click()
    expect(admin.get_by_text("Every line is accounted for.")).to_be_visible()


def bill(admin: Page, query: str, name: str) -> None:
    """Bill one of the imported customers for this month, and see the bill."""
    admin.goto(f"/customers?q={query}")
    admin.get_by_role("link", name=name).first.click()
    admin.get_by_role("link", name="Bill for a month").click()
    dialog = admin.get_by_role("dialog")
    dialog.locator("#decision-submit").click()
    # Leaving at once would take the form back before it is sent.
    expect(dialog).to_be_hidden()
    admin.goto(f"/bills?q={query}")
    expect(admin.locator(".bill-row").first).to_be_visible()


def test_a_phpnuxbill_file_becomes_billed_customers(admin: Page, stack: Stack, tmp_path: Path) -> None:
    prefix = stack.isp.prefix
    head = (INPUTS / "phpnuxbill_semicolon_as_is.csv").read_text().splitlines()[0]
    lines = [
        f'{n};nux{prefix}{n};"Abdur Rahim {prefix} {n}";"House {n}, Road 3";0170000{n:04d};;0.00;PPPoE'
        for n in range(1, 6)
    ]
    lines[4] = lines[4].replace("01700000005", "12345")
    file = tmp_path / "nux.csv"
    file.write_text("\n".join([head, *lines]) + "\n")
    bring(admin, file)
    expect(admin.get_by_label("Column for Code")).to_have_value("username")
    expect(admin.get_by_label("Column for Name")).to_have_value("fullname")
    expect(admin.get_by_label("Column for Mobile")).to_have_value("phonenumber")
    check(admin, f"P{prefix}", f"Home {prefix}")
    expect(admin.locator("body")).to_contain_text("This is not a mobile number here")
    expect(admin.locator(".equation dd")).to_have_text(["5", "4", "0", "0", "1"])
    heads = admin.locator(".change-table thead th").all_inner_texts()
    cells = admin.locator(".change-table tbody tr").first.locator("td").all_inner_texts()
    assert dict(zip(heads, cells, strict=True))["Billing cycle"] == "Monthly"
    import_it(admin, 4)
    with admin.expect_download() as waiting:
        admin.get_by_role("link", name="refused.csv", exact=True).first.click()
    refused = waiting.value.path().read_text()
    rows = list(csv.reader(io.StringIO(refused), delimiter=";"))
    assert rows[0] == [*head.split(";"), "reason"]
    corrected = tmp_path / "refused.csv"
    corrected.write_text(refused.replace(";12345;", ";01700000005;"))
    bring(admin, corrected)
    expect(admin.get_by_text("As you chose them for the last file with these columns")).to_be_visible()
    admin.get_by_role("button", name=re.compile("^Check ")).click()
    import_it(admin, 1)
    bill(admin, f"nux{prefix}1", f"Abdur Rahim {prefix} 1")


def test_a_uisp_file_becomes_billed_customers(admin: Page, stack: Stack, tmp_path: Path) -> None:
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
    bring(admin, file)
    expect(admin.get_by_label("Column for Name")).to_have_value("First name+Last name")
    expect(admin.get_by_label("Column for Package")).to_have_value("Service")
    admin.get_by_label("Column for Code").select_option("Id")
    admin.get_by_label("Column for Mobile").select_option("")
    check(admin, f"P{prefix}", f"Home {prefix}")
    # Packages of theirs are not ours: chosen once for all of their lines.
    for choice in admin.get_by_label(re.compile("^Ours for “02")).all():
        choice.select_option(f"Home {prefix}")
    admin.get_by_role("button", name="Check again with what was chosen").click()
    good = admin.get_by_role("button", name=re.compile(f"^Import {clients} customers$"))
    expect(good).to_be_visible()
    expect(admin.locator(".equation dd").last).to_have_text(str(second))
    import_it(admin, clients)
    bill(admin, f"U{prefix}-1", "Moni Test1")


def test_an_import_is_taken_back_as_one_action(admin: Page, stack: Stack, tmp_path: Path) -> None:
    prefix = stack.isp.prefix
    file = tmp_path / "ours.csv"
    lines = [f"Z{prefix}-{n},Zaman {n},P{prefix},Home {prefix}" for n in range(3)]
    file.write_text("\n".join(["code,name,operator,package", *lines]))
    bring(admin, file)
    import_it(admin, 3)
    admin.get_by_role("link", name="Take back…").click()
    admin.get_by_role("button", name="Take the import back").click()
    expect(admin.get_by_role("heading", name="Taken back", exact=True)).to_be_visible()
    expect(admin.locator(".settings-side .facts dd")).to_have_text(["3", "0", "0"])
    admin.goto(f"/customers?q=Z{prefix}-1")
    expect(admin.locator("body")).to_contain_text("Closed")


@pytest.mark.parametrize("name", ["password_protected.xlsx", "broken_sheet_xml.xlsx"])
def test_a_file_that_is_none_says_what_to_do(admin: Page, name: str) -> None:
    bring(admin, INPUTS / name)
    expect(admin.get_by_role("alert")).to_contain_text(re.compile("Save it as|save it as"))
