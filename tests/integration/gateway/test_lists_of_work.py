"""What was done is listed with what it was done to: bulk actions by bill, the log by name, money by day."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import httpx

from gateway.store import bulk_actions as bulk_action_store
from shared import clock
from shared.contracts.payments import PaymentRecorded
from shared.db import Pool, in_transaction
from shared.ids import new_id
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid
from tests.integration.gateway.test_pages_answer import SWAP, signed_in

KEY = {"Idempotency-Key": "a-key-of-the-tests"}
CSV = {"Accept": "text/csv"}


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


async def test_a_bulk_action_lists_its_bills_with_outcome_and_links_the_failed_first(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool
) -> None:
    owed, settled = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(owed, settled, paid(settled, settled.total_minor))
    desk = await signed_in(visitor, client_for, harness)
    root = await client_for(harness.root, "operator")
    body = {
        "action": "mark_paid",
        "selection": {"bill_ids": [str(owed.invoice_id), str(settled.invoice_id), str(new_id())]},
        "parameters": {"paid_on": "2026-11-20"},
    }
    action = (await root.post("/bulk-actions", json=body, headers=KEY)).json()
    page = (await desk.get(f"/bulk-actions/{action['id']}")).text
    assert page.index("Not found") < page.index("Already paid") < page.rindex("NORTH-000001")
    assert f'href="/bills/{settled.invoice_id}"' in page
    assert "Abdul Rahman" in page
    assert "1–3 of 3" in text_of(page)
    assert f"/bulk-actions/{action['id']}/export.xlsx" in page
    for kind in ("csv", "xlsx"):
        file = await desk.get(f"/bulk-actions/{action['id']}/export.{kind}")
        again = await desk.get(f"/bulk-actions/{action['id']}/export.{kind}")
        assert (file.status_code, file.content) == (200, again.content)
    text = (await desk.get(f"/bulk-actions/{action['id']}/export.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Bill"], row["Outcome"], row["What happened"]) for row in rows] == [
        ("", "Failed", "Not found"),
        ("SOUTH-000001", "Skipped", "Already paid"),
        ("NORTH-000001", "Pending", ""),
    ]
    assert rows[1]["Customer"] == "Mitu Rahman"
    for_programs = await root.get(f"/bulk-actions/{action['id']}/items?state=skipped", headers=CSV)
    [row] = csv.DictReader(io.StringIO(for_programs.text))
    assert (row["bill_id"], row["outcome"]) == (str(settled.invoice_id), "already-paid")
    stranger = await client_for(harness.south, "operator")
    assert (await stranger.get(f"/bulk-actions/{action['id']}/items", headers=CSV)).status_code == 404
    skipped = (await desk.get(f"/bulk-actions/{action['id']}/items?state=skipped", headers=SWAP)).text
    assert "SOUTH-000001" in skipped
    assert "NORTH-000001" not in skipped
    async with in_transaction(gateway_pool) as tx:
        await tx.execute("SELECT set_config('app.reach', 'all', true)")
        first = await bulk_action_store.item_page(tx, action["id"], None, 0, 2)
        rest = await bulk_action_store.item_page(tx, action["id"], None, first[-1]["place"], 2)
    assert [row["state"] for row in (*first, *rest)] == ["failed", "skipped", "pending"]


async def test_the_log_names_the_bill_the_customer_and_the_count(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool
) -> None:
    owed, other = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(owed, other)
    root = await client_for(harness.root, "operator")
    body = {"amount_minor": 5_000, "paid_on": "2026-11-20"}
    operation = await root.post(f"/bills/{owed.invoice_id}/payments", json=body, headers=KEY)
    assert operation.status_code == 202
    void = {"reason": "Wrong package"}
    await root.post(f"/bills/{other.invoice_id}/void", json=void, headers={"Idempotency-Key": "another"})
    selection = {"bill_ids": [str(owed.invoice_id), str(other.invoice_id)]}
    bulk = {"action": "mark_paid", "selection": selection, "parameters": {"paid_on": "2026-11-20"}}
    await root.post("/bulk-actions", json=bulk, headers={"Idempotency-Key": "a third"})
    file = b"code,name,operator,package\nQ-1,Rahim Uddin,NORTH,Home 20\n"
    csv = {"Content-Type": "text/csv", "Idempotency-Key": "a fourth"}
    imported = await root.post("/customers/import", content=file, headers=csv)
    assert imported.status_code == 202, imported.text
    desk = await signed_in(visitor, client_for, harness)
    for forgets in (False, True):
        if forgets:
            # A month later the bytes of the commands are gone: the void still says which bill it was.
            await gateway_pool.execute("UPDATE operation SET payload = NULL")
        shown = text_of((await desk.get("/activity")).text)
        assert "SOUTH-000001 · Mitu Rahman (S1)" in shown, forgets
        assert "2 bills" in shown, forgets
        assert "1 line " in shown, forgets
        assert ("BDT 50.00 · NORTH-000001 · Abdul Rahman (N1)" in shown) is not forgets
    assert "Wrong package" not in shown


async def test_the_dashboard_counts_by_the_day_paid_and_says_what_was_recorded(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    now, today = clock.now(), clock.today("Asia/Dhaka")
    bills = [invoice(harness.abdul, f"NORTH-{number:06}", period=f"2026-{number:02}") for number in (1, 2, 3)]
    await harness.say(*bills)

    def money(bill: int, amount: int, days_ago: int) -> PaymentRecorded:
        said = paid(bills[bill], amount, version=bill + 1)
        payment = said.payments[0].model_copy(
            update={"paid_on": today - timedelta(days=days_ago), "recorded_at": now}
        )
        return said.model_copy(update={"payments": (payment,)})

    await harness.say(money(0, 10_000, 0), money(1, 20_000, 1), money(2, 40_000, 0))
    desk = await signed_in(visitor, client_for, harness)
    shown = text_of((await desk.get("/")).text)
    assert re.search(r"Collected today 2 payments BDT 500\.00 recorded today: BDT 700\.00", shown), shown


async def test_overdue_is_told_by_age_and_each_age_leads_to_its_bills(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    today = clock.today("Asia/Dhaka")
    days = {1: "A", 30: "B", 31: "C", 60: "D", 61: "E", 90: "F", 91: "G", 200: "H", 0: "I"}
    bills = []
    for place, late in enumerate(days):
        due_on = today - timedelta(days=late)
        bill = invoice(harness.abdul, f"NORTH-{place:06}", period=f"{due_on:%Y-%m}")
        bills.append(
            bill.model_copy(
                update={"due_on": due_on, "issued_on": due_on - timedelta(days=10), "period": bill.period}
            )
        )
    await harness.say(*bills)
    desk = await signed_in(visitor, client_for, harness)
    page = (await desk.get("/")).text
    links = re.findall(r'class="due-age"><a href="([^"]+)">([^<]+)</a></td><td>([^<]+)<', page)
    assert [(words, many) for _address, words, many in links] == [
        (words, "2 bills") for words in ("1–30 days", "31–60 days", "61–90 days", "over 90 days")
    ]
    shown: list[set[str]] = []
    for address, _words, _many in links:
        found = (await desk.get(address.replace("&amp;", "&"))).text
        assert "<strong>2</strong> bills match" in found
        shown.append(set(re.findall(r"NORTH-\d{6}", found)))
    for statuses, is_told in (("", True), ("&status=unpaid&status=partial", True), ("&status=paid", False)):
        totals = (await desk.get(f"/bills?q=abdul{statuses}")).text
        assert ("8 overdue" in totals) is is_told, statuses
    numbers = [each.number for each in bills]
    assert shown == [set(numbers[at : at + 2]) for at in (0, 2, 4, 6)]
    root = await client_for(harness.root, "operator")
    oldest = (today - timedelta(days=91)).isoformat()
    for sort in ("-issued_on", "due_on", "-balance_minor", "total_minor"):
        query = {"overdue": "true", "due_to": oldest, "sort": sort}
        listed = (await root.get("/bills", params=query)).json()
        assert {each["number"] for each in listed["items"]} == set(numbers[6:8]), sort
        assert listed["totals"]["count"] == 2
    searched = (await root.get("/bills", params={"q": "abdul", "due_to": oldest})).json()
    assert searched["totals"]["count"] == 2
    odd = {"due_from": "2026-02-02", "due_to": "2026-02-01"}
    refused = await root.get("/bills", params=odd)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "due_from")
