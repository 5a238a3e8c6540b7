"""One sees one's own subtree: by filter, by id, by search, and underneath by row-level security."""

from __future__ import annotations

from uuid import uuid4

import httpx

from shared.db import Pool, in_transaction
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid


def _slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"]).rsplit("/", 1)[1]


async def test_a_reseller_sees_their_own_bills_and_totals(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    await harness.say(invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001"))
    root, north = await client_for(harness.root, "admin"), await client_for(harness.north, "operator")
    assert (await root.get("/bills")).json()["totals"]["count"] == 2
    found = (await north.get("/bills")).json()
    assert [bill["number"] for bill in found["items"]] == ["NORTH-000001"]
    assert found["totals"]["total_minor"] == 105_000


async def test_what_is_out_of_reach_is_not_found_exactly_as_an_unknown_id(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    theirs = invoice(harness.mitu, "SOUTH-000001")
    money = paid(theirs, 5_000)
    await harness.say(theirs, money)
    north = await client_for(harness.north, "operator")
    for path in (
        "/bills/{}",
        "/bills/{}/payments",
    ):
        foreign, unknown = (
            await north.get(path.format(theirs.invoice_id)),
            await north.get(path.format(uuid4())),
        )
        assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    for path in (
        f"/customers/{harness.mitu.customer_id}",
        f"/payments/{money.payments[0].payment_id}",
        f"/operators/{harness.south.operator_id}",
        f"/bills?operator_id={harness.south.operator_id}",
        f"/customers?operator_id={harness.south.operator_id}",
        f"/bills?package_id={uuid4()}",
        "/bills/no-uuid",
    ):
        answer = await north.get(path)
        assert (answer.status_code, _slug(answer)) == (404, "not-found"), path


async def test_search_stays_within_the_subtree(harness: GatewayHarness, client_for: ClientFor) -> None:
    await harness.say(invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001"))
    root, north = await client_for(harness.root, "admin"), await client_for(harness.north, "viewer")
    assert (await root.get("/bills", params={"q": "rahman"})).json()["totals"]["count"] == 2
    found = (await north.get("/bills", params={"q": "rahman"})).json()
    assert [bill["customer"]["code"] for bill in found["items"]] == ["N1"]
    assert (await north.get("/bills", params={"q": "SOUTH-0"})).json()["items"] == []
    assert (await root.get("/bills", params={"q": "SOUTH-0"})).json()["totals"]["count"] == 1


async def test_without_a_reach_the_gateway_sees_no_row(harness: GatewayHarness, gateway_pool: Pool) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued, paid(issued, 5_000))
    tables = ("bill", "bill_total", "customer", "customer_account", "payment", "payment_allocation")
    for table in tables:
        assert await gateway_pool.fetchval(f"SELECT count(*) FROM {table}") == 0
    async with in_transaction(gateway_pool) as tx:
        await tx.execute("SELECT set_config('app.reach', $1, true)", f"{{{harness.south.operator_id}}}")
        assert [await tx.fetchval(f"SELECT count(*) FROM {table}") for table in tables] == [0, 0, 1, 0, 0, 0]


async def test_the_role_is_checked_first_for_any_id(harness: GatewayHarness, client_for: ClientFor) -> None:
    viewer, collector = (
        await client_for(harness.north, "viewer"),
        await client_for(harness.north, "collector"),
    )
    for client, path in (
        (viewer, f"/bills/{uuid4()}/payments"),
        (viewer, "/bills/no-uuid/payments"),
        (collector, f"/bills/{uuid4()}/void"),
        (collector, "/customers"),
        (collector, "/users"),
        (await client_for(harness.north, "operator"), "/packages"),
    ):
        answer = await client.post(path, content=b"not json")
        assert (answer.status_code, _slug(answer)) == (403, "forbidden"), path


async def test_nobody_grants_more_than_their_own_role_or_subtree(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    north = await client_for(harness.north, "operator")
    wanted = {
        "email": "new@desk.test",
        "name": "New",
        "password": "correct-horse-battery",
        "role": "collector",
        "operator_id": str(harness.north.operator_id),
    }
    assert (await north.post("/users", json=wanted | {"role": "admin"})).status_code == 403
    assert (
        await north.post("/users", json=wanted | {"operator_id": str(harness.root.operator_id)})
    ).status_code == 404
    assert (await north.post("/users", json=wanted)).status_code == 201
    assert _slug(await north.post("/users", json=wanted)) == "email-taken"
