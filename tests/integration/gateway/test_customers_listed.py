"""The list of customers: how many, what they owe, in which order, and whom a question means."""

from __future__ import annotations

from typing import Any

import httpx
import pytest_asyncio

from shared.contracts.catalog import CustomerChanged
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, invoice, paid, voided
from tests.integration.gateway.test_lists_of_work import text_of
from tests.integration.gateway.test_pages_answer import SWAP, signed_in


@pytest_asyncio.fixture
async def crowd(harness: GatewayHarness) -> list[CustomerChanged]:
    """Five of NORTH: two owe, one has paid, one is not billed, one's bill is void."""
    names = ["Zahir Uddin", "Amena Begum", "Kamal Hossain", "Bilkis Akter", "Mitu Akter"]
    made = [customer(f"C{at}", harness.north, harness.plan, name) for at, name in enumerate(names)]
    made[3] = made[3].model_copy(update={"billing_cycle": "none", "mobile": "+8801911000486"})
    await harness.say_batch(made)
    bills = [invoice(each, f"NORTH-{at:06}") for at, each in enumerate(made)]
    second = invoice(made[1], "NORTH-000009", period="2026-11")
    await harness.say(bills[0], bills[1], second, bills[2], bills[4])
    await harness.say(paid(bills[2], 105_000), paid(bills[0], 5_000), voided(bills[4]))
    return made


async def codes(client: httpx.AsyncClient, **query: Any) -> list[str]:
    return [each["code"] for each in (await client.get("/customers", params=query)).json()["items"]]


async def test_customers_are_counted_with_what_they_owe_and_sorted_by_it_page_by_page(
    harness: GatewayHarness, crowd: list[CustomerChanged], client_for: ClientFor
) -> None:
    north = await client_for(harness.north, "viewer")
    listed = (await north.get("/customers")).json()
    assert listed["totals"] == {"count": 6, "balance_minor": 310_000, "currency": "BDT"}
    owed = {each["code"]: each["balance_minor"] for each in listed["items"]}
    assert owed == {"N1": 0, "C0": 100_000, "C1": 210_000, "C2": 0, "C3": 0, "C4": 0}
    for sort, order in (
        ("-balance", ["C1", "C0"]), ("name", ["N1", "C1", "C3", "C2", "C4", "C0"]),
    ):  # fmt: skip
        walked, cursor = [], None
        while True:
            query = {"sort": sort, "limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await north.get("/customers", params=query)).json()
            walked += [each["code"] for each in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert walked[: len(order)] == order
        assert sorted(walked) == sorted(owed)
    assert (await codes(north, sort="balance"))[-2:] == ["C0", "C1"]
    other = await client_for(harness.south, "viewer")
    assert (await other.get("/customers")).json()["totals"]["count"] == 1
    for wrong in ({"sort": "age"}, {"cursor": ""}):
        assert (await north.get("/customers", params=wrong)).status_code == 422


async def test_customers_are_filtered_by_owing_and_by_cycle_in_the_list_and_in_its_file(
    harness: GatewayHarness, crowd: list[CustomerChanged], client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    root = await client_for(harness.root, "operator")
    assert sorted(await codes(root, owing="true")) == ["C0", "C1"]
    assert await codes(root, owing="true", sort="-balance") == ["C1", "C0"]
    assert sorted(await codes(root, owing="false", q="akter")) == ["C3", "C4"]
    assert await codes(root, billing_cycle="none") == ["C3"]
    listed = (await root.get("/customers", params={"owing": "true"})).json()
    assert (listed["totals"]["count"], listed["totals"]["balance_minor"]) == (2, 310_000)
    file = (await root.get("/customers", params={"owing": "true"}, headers={"Accept": "text/csv"})).text
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == ["C0", "C1"]

    desk = await signed_in(visitor, client_for, harness)
    page = text_of((await desk.get("/customers?owing=true&sort=-balance")).text)
    assert "1–2 of 2" in page
    assert "BDT 3,100.00" in page
    assert page.index("Amena Begum") < page.index("Zahir Uddin")
    exported = (await desk.get("/customers/export.csv?billing_cycle=none")).text
    assert "Bilkis Akter" in exported
    assert "Zahir Uddin" not in exported


async def test_why_billed_takes_a_code_a_name_or_a_mobile(
    harness: GatewayHarness, crowd: list[CustomerChanged], client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    desk = await signed_in(visitor, client_for, harness)

    async def asked(words: str) -> str:
        answer = await desk.get("/runs/why", params={"code": words, "period": "2026-12"}, headers=SWAP)
        assert answer.status_code == 200
        return text_of(answer.text)

    assert "Amena Begum" in await asked("C1")
    assert "Kamal Hossain" not in await asked("C1")
    assert "Kamal Hossain" in await asked("kamal")
    assert "Bilkis Akter" in await asked("01911-000486")
    both = await asked("akter")
    assert "Bilkis Akter" in both
    assert "Mitu Akter" in both
    assert "Nobody here has the code, name or mobile “nobody”." in await asked("nobody")
