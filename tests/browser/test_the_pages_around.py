"""What billing stands on: customers, files of them, operators, packages, people, runs, settings, money."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Stack, ispbills, open_context, sign_in
from tests.browser.partners import in_another_thread, payment_for, publish
from tests.journeys.stack import cloud_event
from tests.patience import MILLISECONDS

HOLD = re.compile(r"\d+ promises hold")


def submit(page: Page) -> None:
    page.locator("#dialog [data-desk-submit]").click()


def test_a_customer_is_added_changed_suspended_and_reactivated(admin: Page, stack: Stack) -> None:
    prefix = stack.isp.prefix
    admin.goto("/customers/new")
    admin.locator("#name").fill("Rahima Khatun")
    admin.locator("#code").fill(f"NEW-{prefix}")
    admin.locator("#mobile").fill("call me")
    admin.locator("#operator_id").select_option(stack.isp.pallabi)
    admin.locator("#package_id").select_option(stack.isp.package)
    admin.locator("[data-desk-submit]").click()
    expect(admin.locator("#mobile-error")).to_contain_text("is not a mobile number. Write it as")
    expect(admin.locator("#name")).to_have_value("Rahima Khatun")
    admin.locator("#mobile").fill("01711-000999")
    admin.locator("[data-desk-submit]").click()
    admin.wait_for_url("**/customers/*?note=created")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Rahima Khatun")
    admin.get_by_role("link", name="Edit").click()
    admin.locator("#billing_cycle").select_option("none")
    submit(admin)
    expect(admin.locator("dl.facts")).to_contain_text("No billing")
    for action, shown in (("Suspend…", "Suspended"), ("Reactivate…", "Active")):
        admin.locator("summary[aria-label='More actions']").click()
        admin.get_by_role("link", name=action).click()
        submit(admin)
        expect(admin.locator("h1 + .bill-status, h1 .bill-status")).to_have_text(shown)


def test_a_workbook_is_looked_at_before_it_changes_anything(
    admin: Page, stack: Stack, tmp_path: Path
) -> None:
    prefix, file, book = stack.isp.prefix, tmp_path / "customers.xlsx", Workbook()
    sheet = book.worksheets[0]
    sheet.append(
        ("code", "name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since")
    )
    row = (f"P{prefix}", f"Home {prefix}", "active", "none", "2026-01-01")
    sheet.append((f"X-{prefix}", "From a workbook", "+8801711777001", "Road 1", *row))
    sheet.append((f"Y-{prefix}", "Nowhere", "+8801711777002", "Road 1", "NOBODY", *row[1:]))
    book.save(file)
    admin.goto("/customers/import")
    admin.locator("#file").set_input_files(file)
    admin.get_by_role("button", name="Preview file").click()
    expect(admin.get_by_text("Nothing is written yet.")).to_be_visible()
    expect(admin.locator("body")).to_contain_text("Operator “NOBODY” is not known here")
    admin.get_by_role("button", name="Import 1 customer").click()
    expect(admin.get_by_text("Every line is accounted for.")).to_be_visible()
    expect(admin.locator(".equation dd")).to_have_text(["2", "1", "0", "0", "1"])
    admin.goto(f"/customers?q=X-{prefix}")
    expect(admin.get_by_role("link", name="From a workbook")).to_be_visible()


def test_operators_and_packages_are_made_where_they_belong(admin: Page, stack: Stack) -> None:
    prefix = stack.isp.prefix
    admin.goto(f"/operators/new?parent_id={stack.isp.pallabi}")
    admin.locator("#name").fill(f"Below {prefix}")
    admin.locator("#code").fill(f"P{prefix}")
    admin.locator("[data-desk-submit]").click()
    expect(admin.locator("#code-error")).to_have_text("This code is taken. Choose another one.")
    admin.locator("#code").fill(f"B{prefix}")
    admin.locator("[data-desk-submit]").click()
    admin.wait_for_url("**/operators?note=created")
    expect(admin.get_by_role("row", name=f"Level 3: Below {prefix}")).to_be_visible()
    admin.get_by_role("link", name=f"Rename Below {prefix}").click()
    admin.locator("#name").fill(f"Under {prefix}")
    submit(admin)
    expect(admin.get_by_role("row", name=f"Level 3: Under {prefix}")).to_be_visible()
    admin.goto("/packages/new")
    admin.locator("#name").fill(f"Night {prefix}")
    admin.locator("#price").fill("free")
    admin.locator("[data-desk-submit]").click()
    expect(admin.locator("#price-error")).to_be_visible()
    admin.locator("#price").fill("1,05,000.50")
    admin.locator("[data-desk-submit]").click()
    admin.wait_for_url("**/packages?note=created")
    expect(admin.get_by_role("row", name=f"Night {prefix}")).to_contain_text("1,05,000.50")


def test_a_user_is_let_in_and_everything_is_in_the_log(admin: Page, browser: Browser, stack: Stack) -> None:
    email = f"{uuid.uuid4().hex[:8]}@desk.test"
    admin.goto("/users/new")
    admin.locator("#name").fill("Kamal the Collector")
    admin.locator("#email").fill(email)
    admin.locator("#role").select_option("collector")
    admin.locator("#operator_id").select_option(stack.isp.pallabi)
    admin.locator("#password").fill("short")
    admin.locator("[data-desk-submit]").click()
    expect(admin.locator("#password-error")).to_contain_text("at least 12 characters")
    admin.locator("#password").fill("long enough for anybody")
    admin.locator("[data-desk-submit]").click()
    admin.wait_for_url("**/users?note=*")
    context = open_context(browser, stack)
    page = context.new_page()
    sign_in(page, email, "long enough for anybody")
    for path in ("/users", "/activity", "/settings/billing", "/partners", "/customers/new", "/runs/new"):
        assert page.request.get(path).status == 403, path
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.goto("/account")
    page.locator("#current_password").fill("not this one at all")
    page.locator("#new_password").fill("another long password")
    page.locator("#again").fill("another long password")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator("#current_password-error")).to_have_text("This is not your current password.")
    page.locator("#token-name").fill("Counter printer")
    page.get_by_role("button", name="Create token").click()
    token = page.locator("#token").input_value()
    answer = page.request.get("/api/v1/me", headers={"Authorization": f"Bearer {token}", "Cookie": ""})
    assert answer.json()["role"] == "collector"
    context.close()
    admin.goto("/activity")
    log = admin.locator("table")
    expect(log).to_contain_text("API token created")
    expect(log).to_contain_text("User created")
    expect(log).to_contain_text(email)
    expect(log).to_contain_text("127.0.0.1")


def test_a_run_says_whom_it_did_not_bill_and_why(admin: Page, stack: Stack) -> None:
    admin.goto("/runs/new")
    admin.locator("#operator_id").select_option(stack.isp.pallabi)
    admin.locator("[name=dry_run]").check()
    admin.locator("[data-desk-submit]").click()
    admin.wait_for_url("**/runs/*")
    expect(admin.get_by_text("already billed", exact=False).first).to_be_visible()
    admin.goto("/runs")
    admin.locator("#q").fill(f"P{stack.isp.prefix}-000")
    admin.get_by_role("button", name="Look up").click()
    expect(admin.locator("#why")).to_contain_text("Billed")
    admin.locator("#q").fill("nobody")
    admin.get_by_role("button", name="Look up").click()
    expect(admin.locator("#why")).to_contain_text("Nobody here has the code, name or mobile “nobody”.")


def test_settings_say_what_is_wrong_and_keep_what_was_typed(admin: Page) -> None:
    admin.goto("/settings/billing")
    due_days = admin.locator("#due_days").input_value()
    admin.locator("#due_days").fill("soon")
    admin.locator("#time_zone").fill("Mars/Olympus")
    admin.get_by_role("button", name="Save settings").click()
    expect(admin.locator(".invalid-feedback").first).to_be_visible()
    expect(admin.locator("#time_zone")).to_have_value("Mars/Olympus")
    admin.locator("#due_days").fill(due_days)
    admin.locator("#time_zone").fill("Asia/Dhaka")
    admin.get_by_role("button", name="Save settings").click()
    expect(admin.locator(".notice-ok")).to_have_text("Saved.")


def test_held_money_is_placed_by_hand_or_refused_with_a_reason(admin: Page, stack: Stack) -> None:
    name = f"agents-{stack.isp.prefix.lower()}"
    ispbills(stack.state_dir, "partners", "add", name, "--operator", f"P{stack.isp.prefix}")
    for_nobody = [payment_for("NOBODY", 5_000) for _ in range(2)]
    in_another_thread(publish(stack.kafka, name, [cloud_event(each) for each in for_nobody]))
    numbers = [each["payment_id"] for each in for_nobody]
    for number in numbers:
        row = admin.get_by_role("row").filter(has_text=number)
        while not row.count():
            admin.goto("/held")
    admin.get_by_role("link", name=f"Attach… {numbers[0]}").click()
    admin.locator("#target").fill("NOBODY-1")
    submit(admin)
    expect(admin.locator("#target-error")).to_contain_text("There is no bill with this number")
    admin.locator("#target").fill(f"P{stack.isp.prefix}-058")
    submit(admin)
    admin.wait_for_url("**/held?note=placed")
    expect(admin.locator("body")).not_to_contain_text(numbers[0])
    admin.get_by_role("link", name=f"Reject… {numbers[1]}").click()
    admin.locator("#reason").fill("Not one of ours")
    submit(admin)
    admin.wait_for_url("**/held?note=rejected")
    expect(admin.locator("body")).not_to_contain_text(numbers[1])


def test_the_promises_are_audited_by_a_key_and_what_came_of_it_stays_on_the_page(admin: Page) -> None:
    admin.goto("/operations")
    admin.get_by_role("button", name="Audit the promises").focus()
    admin.keyboard.press("Enter")
    dialog = admin.get_by_role("dialog")
    expect(dialog.locator("#audit-standing")).to_contain_text(HOLD, timeout=MILLISECONDS)
    expect(dialog.locator("#audit-said")).to_have_text(HOLD)
    dialog.get_by_role("link", name="Close").press("Enter")
    expect(dialog).to_be_hidden()
    newest = admin.get_by_role("link", name="all promises hold")
    expect(newest).to_contain_text("Audited", timeout=MILLISECONDS)
    newest.click()
    expect(dialog).to_contain_text("Asked for by")
    admin.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_dashboard_adds_up_what_was_billed(admin: Page, stack: Stack) -> None:
    admin.goto("/")
    for words in (
        "Billed",
        "Collected",
        "Outstanding",
        "Due today",
        "Overdue",
        f"Pallabi {stack.isp.prefix}",
    ):
        expect(admin.locator("#content")).to_contain_text(words)
