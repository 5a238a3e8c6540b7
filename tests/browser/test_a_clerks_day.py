"""A clerk's day: filter, take part, take the rest, reverse, pay in bulk, undo, generate, export."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests import patience
from tests.browser.conftest import Stack
from tests.browser.isp import letters


def view(stack: Stack, **filters: str) -> str:
    """The bills of Pallabi in the month that was billed."""
    pairs = {"operator_id": stack.isp.pallabi, "period": stack.isp.period, **filters}
    return "/bills?" + "&".join(f"{name}={value}" for name, value in pairs.items())


def open_payment(page: Page, number: int, stack: Stack) -> None:
    page.goto(view(stack, q=f"{stack.isp.prefix} {number:03d}"))
    page.get_by_role("link", name=re.compile("^Mark as paid")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.fixture
def api(stack: Stack, session: Any) -> Iterator[httpx.Client]:
    cookies = {each["name"]: each["value"] for each in session["cookies"]}
    with httpx.Client(
        base_url=stack.address + "/api/v1", cookies=cookies, timeout=patience.SECONDS
    ) as client:
        client.headers["X-CSRF-Token"] = client.get("/me").json()["csrf_token"]
        yield client


def test_every_filter_lives_in_the_address(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack))
    admin.locator("label[for=status-unpaid]").click()
    admin.wait_for_url(re.compile("status=unpaid"))
    admin.get_by_role("searchbox", name=re.compile("^Search bills")).fill(f"{stack.isp.prefix} 008")
    admin.wait_for_url(re.compile(f"q={stack.isp.prefix}"))
    expect(admin.locator(".bill-row")).to_have_count(1)
    shown = admin.url
    admin.goto("/bulk-actions")
    admin.goto(shown)
    expect(admin.locator(".bill-row")).to_have_count(1)
    expect(admin.locator("#status-unpaid")).to_be_checked()


def test_part_is_paid_then_the_rest_then_the_rest_is_taken_back(admin: Page, stack: Stack) -> None:
    open_payment(admin, 2, stack)
    admin.get_by_label("Amount received").fill("600")
    expect(admin.get_by_text("BDT 450.00 stays open. The bill becomes Partial.")).to_be_visible()
    admin.get_by_role("button", name="Record BDT 600.00").click()
    row = admin.locator(".bill-row").first
    expect(row.locator(".bill-status")).to_have_text("Partial")
    expect(row.locator(".col-balance")).to_have_text("450.00")
    expect(admin.locator(".desk-toast", has_text="BDT 600.00 recorded")).to_be_visible()
    expect(row).to_be_focused()

    row.get_by_role("link", name=re.compile("^Mark as paid")).click()
    admin.get_by_role("button", name="Record BDT 450.00").click()
    expect(admin.locator(".bill-row").first.locator(".bill-status")).to_have_text("Paid")

    admin.locator(".bill-row .col-number a").first.click()
    admin.get_by_role("link", name="Reverse the payment of BDT 450.00").click()
    admin.get_by_label("Reason").fill("Counted twice")
    admin.get_by_role("button", name="Reverse BDT 450.00").click()
    expect(admin.locator("h1 .bill-status")).to_have_text("Partial")
    expect(admin.locator("#bill-timeline")).to_contain_text("Counted twice")


def test_an_amount_that_the_hint_does_not_understand_cannot_be_sent(admin: Page, stack: Stack) -> None:
    open_payment(admin, 4, stack)
    admin.get_by_label("Reference").fill("MR-77")
    admin.get_by_label("Amount received").fill("1.000,00")
    expect(admin.locator("#amount-hint")).to_contain_text("Write 1,000.00")
    expect(admin.locator("#dialog [data-desk-submit]")).to_be_disabled()
    admin.keyboard.press("Enter")
    expect(admin.get_by_label("Reference")).to_have_value("MR-77")


def test_a_wrong_field_keeps_what_was_typed(admin: Page, stack: Stack) -> None:
    open_payment(admin, 4, stack)
    admin.get_by_label("Reference").fill("4111 1111 1111 1111")
    admin.get_by_label("Amount received").fill("10")
    admin.locator("#dialog [data-desk-submit]").click()
    expect(admin.locator("#reference-error")).to_contain_text("card number")
    expect(admin.get_by_label("Amount received")).to_have_value("10")


def test_more_than_the_balance_says_where_the_rest_goes_first(admin: Page, stack: Stack) -> None:
    open_payment(admin, 6, stack)
    admin.get_by_label("Amount received").fill("1,500.00")
    expect(admin.get_by_text(re.compile("BDT 450.00 more than the balance"))).to_be_visible()
    admin.get_by_role("button", name="Record BDT 1,500.00").click()
    expect(admin.locator(".bill-row").first.locator(".bill-status")).to_have_text("Paid")
    admin.locator(".bill-row .col-number a").first.click()
    expect(admin.locator(".facts")).to_contain_text("450.00")


def test_many_are_paid_at_once_then_all_of_it_is_undone(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 02", status="unpaid"))
    boxes = admin.locator(".bill-row input[name=bill_ids]")
    expect(boxes).to_have_count(5)
    admin.get_by_label("Select all bills on this page").check()
    admin.get_by_role("button", name="Mark as paid", exact=True).click()
    expect(admin.get_by_role("dialog")).to_contain_text("5 bills, each with its full balance")
    expect(admin.get_by_role("dialog")).to_contain_text("5,250.00")
    admin.get_by_role("button", name="Record 5 payments").click()
    drawer = admin.locator(".desk-drawer")
    expect(drawer.locator(".progress-head")).to_contain_text("Done")
    expect(drawer.locator(".count-grid dd").first).to_have_text("5")
    expect(admin.locator(".empty-title")).to_have_text("No bills match")

    drawer.get_by_role("link", name="Undo…").click()
    admin.get_by_label("Reason").fill("Wrong collection sheet")
    admin.get_by_role("button", name="Reverse 5 payments").click()
    expect(drawer.locator(".drawer-title")).to_have_text("Undo of mark as paid")
    expect(drawer.locator(".progress-head")).to_contain_text("Done")
    expect(admin.locator(".bill-row")).to_have_count(5)


def test_one_that_was_voided_meanwhile_fails_alone_and_can_be_retried(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 05", status="unpaid"))
    expect(admin.locator(".bill-row")).to_have_count(5)
    voided = admin.locator(".bill-row input[name=bill_ids]").first.input_value()
    admin.get_by_label("Select all bills on this page").check()
    admin.get_by_role("button", name="Mark as paid", exact=True).click()
    expect(admin.get_by_role("dialog")).to_be_visible()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    api.post(f"/bills/{voided}/void", json={"reason": "Moved away"}, headers=key).raise_for_status()
    admin.get_by_role("button", name="Record 5 payments").click()
    drawer = admin.locator(".desk-drawer")
    expect(drawer.locator(".progress-head")).to_contain_text("Done")
    expect(drawer.locator(".count-grid dd").nth(0)).to_have_text("4")
    expect(drawer.locator(".count-grid dd").nth(2)).to_have_text("1")
    expect(drawer.locator(".item-list").first).to_contain_text("has been voided")
    drawer.get_by_role("button", name="Retry failed").click()
    expect(drawer.locator(".count-grid dd").nth(2)).to_have_text("1")


def test_all_that_match_go_beyond_the_page(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, limit="25", q=stack.isp.prefix))
    admin.get_by_label("Select all bills on this page").check()
    admin.get_by_role("button", name=re.compile("^Select all [0-9]+ that match")).click()
    expect(admin.locator("[data-desk-count]")).to_have_text(re.compile("^All 30"))
    admin.get_by_role("button", name="Clear the selection").click()
    expect(admin.locator("#bills-toolbar")).not_to_have_class(re.compile("has-selection"))


def test_figures_agree_after_paying_inside_a_filter(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, status="unpaid"))
    total = admin.locator(".total-count .total-value")
    before = int(total.inner_text())
    admin.get_by_role("link", name=re.compile("^Mark as paid")).last.click()
    admin.get_by_role("button", name=re.compile("^Record BDT")).click()
    expect(admin.locator(".desk-toast", has_text="recorded")).to_be_visible()
    expect(total).to_have_text(str(before - 1))
    expect(admin.locator("#bills-matching strong")).to_have_text(str(before - 1))
    expect(admin.locator("#pager-total")).to_have_text(str(before - 1))


def hear_nothing(route: Route) -> None:
    """Leave out what is told live, as for a clerk who was quicker than the news."""
    if route.request.resource_type == "eventsource":
        route.abort()
    else:
        route.fallback()


def test_a_bill_that_somebody_else_has_paid_is_shown_as_paid_behind_the_refusal(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    admin.route("**/*", hear_nothing)
    admin.goto(view(stack, status="unpaid"))
    row = admin.locator(".bill-row").last
    bill_id = row.locator("input[name=bill_ids]").input_value()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"amount_minor": 105_000, "paid_on": f"{stack.isp.period}-01", "method": "cash"}
    api.post(f"/bills/{bill_id}/payments", json=body, headers=key).raise_for_status()
    row.get_by_role("link", name=re.compile("^Mark as paid")).click()
    expect(admin.get_by_role("dialog")).to_contain_text("paid in the meantime")
    admin.get_by_role("dialog").get_by_text("Close", exact=True).last.click()
    expect(admin.locator(f"#bill-{bill_id} .bill-status")).to_have_text("Paid")


def add_customer(api: httpx.Client, stack: Stack, **facts: str) -> str:
    """A customer of Pallabi's that only this test knows; returns the code."""
    code = f"P{stack.isp.prefix}-{letters(6)}"
    body = {
        "code": code, "name": f"Newcomer {code}", "operator_id": stack.isp.pallabi,
        "package_id": stack.isp.package, "since": "2026-01-01", **facts,
    }  # fmt: skip
    made = api.post("/customers", json=body)
    assert made.status_code in (201, 202), made.text
    return code


def test_missing_bills_are_previewed_then_made_also_for_who_joined_within_the_month(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    early, late = add_customer(api, stack), add_customer(api, stack, since=f"{stack.isp.period}-02")
    admin.goto(view(stack))
    admin.get_by_role("link", name="Generate missing bills").first.click()
    admin.get_by_role("button", name="Preview").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text("2 bills would be generated")
    expect(dialog.locator(".pay-balance")).to_contain_text("2,100.00")
    expect(dialog.locator(".preview-table tbody tr")).to_have_count(1)
    expect(dialog.locator(".preview-table tbody .amount")).to_have_text(["2", "2,100.00"])
    admin.get_by_role("button", name="Generate 2 bills").click()
    expect(admin.locator(".desk-drawer")).to_contain_text("Reconciliation")
    for code in (early, late):
        admin.goto(view(stack, q=code))
        expect(admin.locator(".bill-row")).to_have_count(1)


def test_the_filter_is_exported_and_no_cell_is_a_formula(admin: Page, stack: Stack) -> None:
    answer = admin.request.get(view(stack).replace("/bills?", "/bills/export.csv?"))
    lines = answer.text().splitlines()
    assert answer.ok
    assert len(lines) >= 31
    cells = [cell for line in lines for cell in line.split(",")]
    assert not [cell for cell in cells if re.match("=|@|[+-](?![0-9 ]+$)", cell)]
    workbook = admin.request.get(view(stack).replace("/bills?", "/bills/export.xlsx?"))
    assert workbook.body().startswith(b"PK")


def test_a_bill_is_voided_and_reissued(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 014"))
    admin.locator(".bill-row .col-number a").first.click()
    admin.get_by_label("More actions").click()
    admin.get_by_role("link", name="Void…").click()
    admin.get_by_label("Reason").fill("Wrong package")
    admin.get_by_label(re.compile("^Reissue now")).check()
    admin.get_by_role("button", name=re.compile("^Void ")).click()
    expect(admin.locator("h1 .bill-status")).to_have_text("Void")
    expect(admin.locator(".facts").last).to_contain_text("Reissued as")


def test_what_was_undone_says_so_and_offers_no_second_undo(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 02", status="unpaid"))
    admin.get_by_label("Select all bills on this page").check()
    admin.get_by_role("button", name="Mark as paid", exact=True).click()
    admin.get_by_role("button", name=re.compile("^Record [0-9]+ payment")).click()
    drawer = admin.locator(".desk-drawer")
    expect(drawer.locator(".progress-head")).to_contain_text("Done")
    action = drawer.get_by_role("link", name="Open").get_attribute("href")
    assert action is not None
    drawer.get_by_role("link", name="Undo…").click()
    admin.get_by_label("Reason").press_sequentially("Wrong sheet", delay=10)
    admin.get_by_role("button", name=re.compile("^Reverse [0-9]+ payment")).click()
    expect(drawer.locator(".drawer-title")).to_have_text("Undo of mark as paid")
    expect(drawer.locator(".progress-head")).to_contain_text("Done")
    admin.goto(action)
    expect(admin.locator(".desk-header .bill-status")).to_have_text("Undone")
    expect(admin.locator(".drawer-footer")).to_contain_text("recorded, then undone")
    expect(admin.get_by_role("link", name="Undo…")).to_have_count(0)


def test_stopping_is_asked_in_a_dialog_that_names_what_follows(admin: Page, stack: Stack) -> None:
    """What has ended by then says that there is nothing left to cancel."""
    actions: list[str] = []
    admin.on("dialog", lambda dialog: actions.append(dialog.message))
    admin.goto("/bulk-actions")
    first = admin.locator("tbody a", has_text="Mark as paid").first.get_attribute("href")
    admin.goto(f"{first}/cancel")
    expect(admin.get_by_role("alert")).to_contain_text("nothing left to cancel")
    assert actions == []
