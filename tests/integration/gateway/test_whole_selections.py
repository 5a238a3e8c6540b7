"""What is done with a filter is done with all of it, and a file is read for as long as its reader likes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest

from gateway.context import Gateway
from gateway.queries import bills as queries
from gateway.schemas.filters import BillFilter
from gateway.store import bills
from gateway.store.access import acting_as
from gateway.store.bills import MOST_FOUND
from shared.db import Pool
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, invoice, principal_of
from tests.integration.gateway.test_runs_from_above import run_of_the_isp

MANY = MOST_FOUND + 25
KEY = {"Idempotency-Key": "k-1"}


async def _crowd(harness: GatewayHarness, size: int = MANY) -> None:
    """So many customers of one name, each with a bill."""
    crowd = [customer(f"C{number}", harness.north, harness.plan, "Karim Mia") for number in range(size)]
    await harness.say_batch(crowd)
    await harness.say_batch([invoice(each, f"NORTH-{place:06d}") for place, each in enumerate(crowd, 1)])


async def _mark_paid(client: httpx.AsyncClient, wanted: dict[str, Any]) -> httpx.Response:
    body = {"action": "mark_paid", "selection": {"filter": wanted}, "parameters": {"method": "cash"}}
    return await client.post("/bulk-actions", json=body, headers=KEY)


async def test_a_search_for_many_customers_marks_all_of_them_paid(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    await _crowd(harness)
    client = await client_for(harness.root, "admin")
    answer = await _mark_paid(client, {"q": "karim"})
    assert (answer.status_code, answer.json()["total"]) == (202, MANY)


async def test_a_search_for_more_than_can_be_taken_is_refused_in_words(
    harness: GatewayHarness, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bills, "MOST_SELECTED", 10)
    await _crowd(harness, 12)
    client = await client_for(harness.root, "admin")
    refused = [await _mark_paid(client, {"q": "karim"})]
    refused += [await client.get("/bills", params={"q": "karim"}, headers={"Accept": "text/csv"})]
    refused += [await client.get("/customers", params={"q": "karim"})]
    for answer in refused:
        problem = answer.json()
        assert (answer.status_code, problem["type"].rsplit("/")[-1]) == (422, "too-many")
        assert "The search matches more than 10 customers" in problem["detail"]


async def test_a_file_holds_all_that_a_search_matches(harness: GatewayHarness, client_for: ClientFor) -> None:
    await _crowd(harness)
    client = await client_for(harness.root, "admin")
    answer = await client.get("/bills", params={"q": "karim"}, headers={"Accept": "text/csv"})
    assert len(answer.text.splitlines()) == MANY + 1


async def test_a_list_of_customers_goes_on_to_the_last_that_a_search_matches(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    await _crowd(harness)
    client = await client_for(harness.north, "operator")
    codes: set[str] = set()
    parameters: dict[str, Any] = {"q": "karim", "limit": 200}
    while True:
        page = (await client.get("/customers", params=parameters)).json()
        codes |= {item["code"] for item in page["items"]}
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
    assert len(codes) == MANY


@pytest.mark.parametrize("asked", [{"q": "karim"}, {"status": ["unpaid"]}, {"overdue": True}])
async def test_what_says_nothing_of_missing_bills_is_refused_and_not_ignored(
    harness: GatewayHarness, client_for: ClientFor, asked: dict[str, Any]
) -> None:
    client = await client_for(harness.root, "admin")
    body = {
        "action": "generate_missing",
        "selection": {"filter": asked},
        "parameters": {"period": "2026-11"},
    }
    answer = await client.post("/bulk-actions", json=body, headers=KEY)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "selection.filter")


async def test_missing_bills_are_made_once_each_of_them_is_an_item(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    client = await client_for(harness.root, "admin")
    body = {"action": "generate_missing", "parameters": {"period": "2026-01"}}
    action = (await client.post("/bulk-actions", json=body, headers=KEY)).json()
    run = run_of_the_isp(
        harness, run_id=UUID(action["run_id"]), kind="generate_missing", expected=2, skipped={}
    )
    bills = [
        invoice(each, number).model_copy(update={"run_id": run.run_id})
        for each, number in ((harness.abdul, "NORTH-000001"), (harness.mitu, "SOUTH-000001"))
    ]
    await harness.say(run, bills[0])
    assert (await client.get(f"/bulk-actions/{action['id']}")).json()["state"] == "running"
    await harness.say(bills[1])
    assert (await client.get(f"/bulk-actions/{action['id']}")).json()["state"] == "completed"
    assert len((await client.get(f"/bulk-actions/{action['id']}/items")).json()["items"]) == 2


async def test_readers_that_pause_hold_no_connection_and_miss_nothing(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 5)
    await _crowd(harness, 23)
    principal = principal_of(harness.root, "admin")
    async with acting_as(gateway_pool, principal) as tx:
        selection = await queries.select_all(tx, principal, BillFilter(), await queries.today(tx))
    many = gateway_pool.get_max_size() + 2
    readers = [queries.stream_bills(gateway_pool, principal, selection, "-issued_on") for _ in range(many)]
    firsts = [await anext(reader) for reader in readers]
    assert gateway_pool.get_idle_size() == gateway_pool.get_size()
    assert (
        await gateway_pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
        )
        == 0
    )
    rest = await asyncio.gather(*(_rest(reader) for reader in readers))
    for first, others in zip(firsts, rest, strict=True):
        assert len({first["id"], *(each["id"] for each in others)}) == 23


async def _rest(reader: Any) -> Sequence[Any]:
    return [each async for each in reader]
