"""Lists that a clerk works in all day: where one is, what a click opens, what others do meanwhile."""

from __future__ import annotations

import re
import uuid
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Stack, following, open_context, reload_until
from tests.browser.test_a_clerks_day import api, view

__all__ = ["api"]

# On a phone the whole page lies beneath a note: there it must not cover the row that it speaks of.
COVERED = """() => {
  const note = document.querySelector('.desk-toast').getBoundingClientRect();
  const crosses = box => box.left < note.right && box.right > note.left
    && box.top < note.bottom && box.bottom > note.top;
  const figures = document.querySelectorAll('#bills-totals .total-value, .bill-row .col-money .amount');
  return [...figures]
    .filter(each => innerWidth > 700 || each.closest(':focus, #bills-totals'))
    .map(each => [each.textContent, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.bottom > 0 && box.top < innerHeight && crosses(box))
    .map(([text]) => text);
}"""


def of_uttara(stack: Stack, **filters: str) -> str:
    """The bills of Uttara: what is paid here, no other test counts on."""
    return view(stack, **filters).replace(stack.isp.pallabi, stack.isp.uttara)


def pay(api: httpx.Client, bill: dict[str, Any]) -> None:
    """Record a payment of the whole balance, as somebody else at another desk."""
    body = {"amount_minor": bill["balance_minor"], "paid_on": bill["issued_on"], "method": "cash"}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    answer = api.post(f"/bills/{bill['id']}/payments", json=body, headers=key)
    assert answer.status_code == 201, answer.text


def test_the_pager_says_which_rows_are_shown_on_the_way_there_and_back(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    filters = {"operator_id": stack.isp.pallabi, "period": stack.isp.period, "limit": 1}
    count = api.get("/bills", params=filters).json()["totals"]["count"]
    admin.goto(view(stack, limit="25"))
    shown = admin.locator(".bills-pager > span").first
    expect(shown).to_have_text(f"1–25 of {count}")
    admin.get_by_role("link", name="Next").click()
    expect(shown).to_have_text(f"26–{min(count, 50)} of {count}")
    admin.reload()
    expect(shown).to_have_text(f"26–{min(count, 50)} of {count}")
    admin.get_by_role("link", name="Previous").click()
    expect(shown).to_have_text(f"1–25 of {count}")


def test_a_row_opens_by_a_click_and_by_enter_and_its_text_can_be_copied(admin: Page, stack: Stack) -> None:
    admin.goto(view(stack, q=f"{stack.isp.prefix} 01"))
    row = admin.locator(".bill-row").first
    name = row.locator(".col-customer .cell-main")
    box = name.bounding_box()
    assert box is not None
    admin.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    admin.mouse.down()
    admin.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=4)
    admin.mouse.up()
    assert admin.evaluate("getSelection().toString()") != ""
    expect(admin).to_have_url(re.compile(r"/bills\?"))
    row.locator("input[name=bill_ids]").check()
    expect(admin).to_have_url(re.compile(r"/bills\?"))
    name.click()
    admin.wait_for_url(re.compile("/bills/[0-9a-f-]{36}$"))

    admin.goto(f"/customers?q={stack.isp.prefix}+01")
    admin.locator("tbody tr").first.locator("td").nth(2).click()
    admin.wait_for_url(re.compile("/customers/[0-9a-f-]{36}$"))
    admin.goto(f"/customers?q={stack.isp.prefix}+01")
    admin.locator("body").press("j")
    admin.keyboard.press("j")
    expect(admin.locator("tbody tr").nth(1)).to_be_focused()
    admin.keyboard.press("Enter")
    admin.wait_for_url(re.compile("/customers/[0-9a-f-]{36}$"))


def test_what_others_change_is_told_and_moves_nothing_until_it_is_asked_for(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    with following(admin):
        admin.goto(of_uttara(stack, status="unpaid", limit="10"))
    shown = admin.locator(".bill-row .col-number").all_inner_texts()
    expect(admin.locator(".bill-row")).to_have_count(10)
    news = admin.locator("#bills-news")
    expect(news).to_be_hidden()
    filters = {"operator_id": stack.isp.uttara, "period": stack.isp.period, "status": "unpaid"}
    listed = api.get("/bills", params={**filters, "limit": 200}).json()["items"]
    elsewhere = [bill for bill in listed if bill["number"] not in shown]
    for bill in elsewhere[:3]:
        pay(api, bill)
    expect(news).to_have_text("3 bills changed: show")
    assert admin.locator(".bill-row .col-number").all_inner_texts() == shown
    news.click()
    expect(admin.locator("#bills-news")).to_be_hidden()
    expect(admin.locator("#bills-matching strong")).to_have_text(str(len(listed) - 3))

    # One that is looked at changes where it stands, and is no news.
    seen = next(bill for bill in listed if bill["number"] == shown[0])
    pay(api, seen)
    row = admin.locator(f"#bill-{seen['id']}")
    expect(row.locator(".bill-status")).to_have_text("Paid")
    admin.wait_for_timeout(4_000)
    expect(admin.locator("#bills-news")).to_be_hidden()
    expect(admin.locator(".bill-row").first).to_have_id(f"bill-{seen['id']}")


def test_a_faults_text_goes_when_it_is_corrected_and_an_address_keeps_its_lines(
    admin: Page, stack: Stack
) -> None:
    admin.goto("/customers/new")
    admin.locator("#name").fill("Two Lines")
    admin.locator("#code").fill(f"TL-{stack.isp.prefix}")
    admin.locator("#mobile").fill("call me")
    admin.locator("#address").fill("House 7, Road 2\nPallabi, Dhaka")
    admin.locator("#operator_id").select_option(stack.isp.uttara)
    admin.locator("#package_id").select_option(stack.isp.package)
    admin.locator("#billing_cycle").select_option("none")
    admin.locator("[data-desk-submit]").click()
    expect(admin.locator("#mobile-error")).to_be_visible()
    admin.locator("#mobile").press_sequentially("0")
    expect(admin.locator("#mobile-error")).to_have_count(0)
    expect(admin.locator("#mobile")).not_to_have_class(re.compile("is-invalid"))
    admin.locator("#mobile").fill("01711000998")
    admin.locator("[data-desk-submit]").click()
    admin.wait_for_url("**/customers/*?note=created")
    address = admin.locator("dd.several-lines")
    assert address.inner_text().split("\n") == ["House 7, Road 2", "Pallabi, Dhaka"]
    admin.get_by_role("link", name="Edit").click()
    expect(admin.locator("#dialog #address")).to_have_value("House 7, Road 2\nPallabi, Dhaka")


def test_a_note_after_a_payment_covers_no_figure(browser: Browser, stack: Stack, session: Any) -> None:
    for width, height in ((1440, 900), (390, 844)):
        context = open_context(
            browser, stack, storage_state=session, viewport={"width": width, "height": height}
        )
        page = context.new_page()
        page.goto(of_uttara(stack, status="unpaid", limit="25", sort="issued_on"))
        page.locator(".bill-row .row-pay").last.click()
        page.locator("#dialog [data-desk-submit]").click()
        toast = page.locator(".desk-toast")
        expect(toast).to_be_visible()
        changed = page.locator(".bill-row.is-changed, .bill-row:focus").first
        expect(changed).to_be_focused()
        covered = page.evaluate(COVERED)
        assert covered == [], width
        context.close()


def test_a_filter_is_saved_under_a_name_opened_renamed_made_first_and_deleted(
    admin: Page, stack: Stack
) -> None:
    name = f"Unpaid of Pallabi {stack.isp.prefix}"
    admin.goto(view(stack, status="unpaid"))
    menu = admin.locator("#bills-toolbar summary[aria-label='Saved views']")
    menu.click()
    admin.get_by_role("link", name="Save this view…").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog.get_by_label(re.compile("^Always the newest month"))).to_be_checked()
    dialog.get_by_label("Name").press_sequentially(name)
    dialog.get_by_role("button", name="Save view").click()
    expect(menu).to_have_text(name)

    admin.goto("/bills?period=")
    expect(menu).to_have_text("Saved views")
    menu.click()
    admin.get_by_role("link", name=re.compile(f"^{name}")).click()
    admin.wait_for_url(re.compile("status=unpaid"))
    expect(menu).to_have_text(name)

    menu.click()
    admin.get_by_role("link", name=f"Rename: {name}").click()
    dialog.get_by_label("Name").fill(f"First {stack.isp.prefix}")
    dialog.get_by_label("Open Customer Bills on this view").check()
    dialog.get_by_role("button", name="Save").click()
    expect(menu).to_have_text(f"First {stack.isp.prefix}")
    admin.goto("/bills")
    expect(menu).to_have_text(f"First {stack.isp.prefix}")
    expect(admin.locator("#status-unpaid")).to_be_checked()

    menu.click()
    admin.get_by_role("link", name=f"Delete: First {stack.isp.prefix}").click()
    dialog.get_by_role("button", name="Delete view").click()
    expect(menu).to_have_text("Saved views")
    admin.goto("/bills")
    expect(admin.locator("#status-unpaid")).not_to_be_checked()


def test_a_view_is_saved_without_javascript(browser: Browser, stack: Stack, session: Any) -> None:
    context = open_context(browser, stack, storage_state=session, java_script_enabled=False)
    page = context.new_page()
    page.goto(view(stack, status="paid"))
    page.locator("#bills-toolbar summary[aria-label='Saved views']").click()
    page.get_by_role("link", name="Save this view…").click()
    page.get_by_label("Name").fill(f"Paid {stack.isp.prefix}")
    page.get_by_role("button", name="Save view").click()
    page.wait_for_url(re.compile("/bills.*status=paid"))
    page.locator("#bills-toolbar summary[aria-label='Saved views']").click()
    page.get_by_role("link", name=f"Delete: Paid {stack.isp.prefix}").click()
    page.get_by_role("button", name="Delete view").click()
    context.close()


def test_a_bulk_action_shows_what_became_of_each_bill_and_opens_it(admin: Page, stack: Stack) -> None:
    admin.goto(of_uttara(stack, status="unpaid", limit="25"))
    boxes = admin.locator("input[name=bill_ids]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    numbers = admin.locator(".bill-row .col-number").all_inner_texts()[:2]
    admin.get_by_role("button", name="Mark as paid", exact=True).click()
    admin.get_by_role("button", name=re.compile("^Record 2 payments")).click()
    admin.locator("#drawer").get_by_role("link", name="Open", exact=True).click()
    table = admin.locator("#bulk-items")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table.locator("tbody .bill-status-paid").first).to_be_visible()
    assert set(table.locator("tbody tr td:first-child").all_inner_texts()) == set(numbers)
    table.get_by_role("link", name=re.compile("^Succeeded")).click()
    expect(table.locator("tbody tr")).to_have_count(2)
    table.locator("tbody tr").first.locator("td").nth(1).click()
    admin.wait_for_url(re.compile("/bills/[0-9a-f-]{36}$"))
    admin.goto("/activity?kind=bulk-mark-paid")
    expect(admin.locator("tbody tr").first).to_contain_text("2 bills")


def test_customers_are_sorted_by_what_they_owe_and_filtered_by_owing_and_cycle(
    admin: Page, stack: Stack
) -> None:
    admin.goto(f"/customers?operator_id={stack.isp.uttara}&q={stack.isp.prefix}")
    region = admin.locator("#customers-region")
    expect(region.locator(".total-value").first).to_have_text(re.compile("^3[0-9]$"))
    region.get_by_role("link", name=re.compile("^Owed, BDT")).click()
    admin.wait_for_url(re.compile("sort=-balance"))
    expect(region.locator("th[aria-sort=descending]")).to_contain_text("Owed")
    expect(region.locator("tbody tr .is-owed").first).to_have_text("1,050.00")
    region.locator("label[for=owing]").click()
    admin.wait_for_url(re.compile("owing=true"))
    expect(admin).to_have_url(re.compile("sort=-balance"))
    region.locator("label[for=cycle-none]").click()
    admin.wait_for_url(re.compile("billing_cycle=none"))
    expect(region).to_contain_text("No customers match")


def test_a_month_that_was_missed_is_told_looked_at_and_run(
    admin: Page, stack: Stack, api: httpx.Client
) -> None:
    settings = api.get("/settings/billing").json()
    year, month = map(int, stack.isp.period.split("-"))
    before = f"{year - (month == 1)}-{month - 1 or 12:02d}"
    small = _small_operator(stack, api)
    try:
        assert api.put("/settings/billing", json={"billing_from": before}).status_code in (200, 202)
        admin.goto("/")
        found = admin.get_by_role("link", name="Look at it and run it")
        reload_until(admin, found)
        found.click()
        card = admin.locator(".missed-month").first
        expect(card).to_contain_text("has not been billed")
        card.get_by_role("link", name=re.compile("customers$")).click()
        expect(admin.get_by_role("heading", level=1)).to_contain_text("Not billed for")
        told = admin.locator("main > p").first
        expect(told).to_contain_text("customers would be billed")
        many = int(told.inner_text().split()[0])
        admin.get_by_role("link", name="Run this month…").click()
        dialog = admin.get_by_role("dialog")
        dialog.locator("#operator_id").select_option(small)
        dialog.locator("[data-desk-submit]").click()
        admin.wait_for_url(re.compile("/runs/[0-9a-f-]{36}$"))
        expect(admin.locator("#run")).to_contain_text("Complete")
        admin.goto(f"/runs/missed/{before}")
        expect(told).to_contain_text(f"{many - 1} customers would be billed")
    finally:
        api.put("/settings/billing", json={"billing_from": settings["billing_from"]})


def _small_operator(stack: Stack, api: httpx.Client) -> str:
    """Return a reseller of its own with one customer."""
    root = api.get("/me").json()["operator_id"]
    code = f"M{stack.isp.prefix}"
    made = api.post(
        "/operators", json={"code": code, "name": f"Mirpur {stack.isp.prefix}", "parent_id": root}
    )
    operator_id = str(made.json()["id"])
    body = {
        "code": f"{code}-1", "name": "Late One", "operator_id": operator_id, "package_id": stack.isp.package,
        "since": "2026-01-01",
    }  # fmt: skip
    assert api.post("/customers", json=body).status_code == 201
    return operator_id
