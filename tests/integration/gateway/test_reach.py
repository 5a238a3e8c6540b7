"""A reach is the top of a subtree: a reseller with thousands below says no more of it than a leaf."""

from __future__ import annotations

from gateway.context import Gateway
from gateway.queries import bills as queries
from gateway.schemas.filters import BillFilter, Page
from gateway.store.access import acting_as, reaches
from shared.db import Pool
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, invoice, operator, principal_of


async def test_a_reseller_sees_everyone_below_at_any_depth_and_nobody_beside(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool
) -> None:
    portals = gateway.portals
    below = operator("BELOW", harness.north)
    deep = operator("DEEP", below)
    await harness.say_batch([below, deep])
    seen = [
        invoice(customer(f"D{n}", of, harness.plan), f"{of.code}-1") for n, of in enumerate((below, deep))
    ]
    await harness.say_batch([*seen, invoice(harness.mitu, "SOUTH-1")])
    principal = principal_of(harness.north, "operator")
    async with acting_as(gateway_pool, principal) as tx:
        assert {r["number"] for r in await tx.fetch("SELECT number FROM bill")} == {"BELOW-1", "DEEP-1"}
        assert await tx.fetchval("SELECT count(DISTINCT operator_id) FROM bill_total") == 3
        for sort in ("-issued_on", "balance_minor"):
            for wanted in (BillFilter(), BillFilter(operator_ids=(below.operator_id,)), BillFilter(q="-1")):
                page = Page(50, None, sort)
                if wanted.q is None:
                    listed = await queries.list_bills(tx, principal, wanted, page, "s", portals)
                    assert {item["number"] for item in listed["items"]} == {"BELOW-1", "DEEP-1"}
                    assert listed["totals"]["count"] == 2
        found = await queries.list_bills(tx, principal, BillFilter(q="SOUTH-1"), Page(), "s", portals)
        assert found["items"] == []
        reached = [of for of in (harness.north, below, deep) if await reaches(tx, principal, of.operator_id)]
        assert len(reached) == 3
        for beside in (harness.root.operator_id, harness.south.operator_id, None):
            assert not await reaches(tx, principal, beside)


async def test_row_level_security_alone_keeps_to_the_subtree(
    harness: GatewayHarness, gateway_pool: Pool
) -> None:
    """Whatever a statement forgets: without a top nothing is seen, with one its subtree only."""
    await harness.say(invoice(harness.abdul, "NORTH-1"), invoice(harness.mitu, "SOUTH-1"))
    async with gateway_pool.acquire() as connection, connection.transaction():
        for table in ("bill", "bill_total", "customer", "payment", "run", "held_payment", "partner"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    async with acting_as(gateway_pool, principal_of(harness.south, "viewer")) as tx:
        assert [row["number"] for row in await tx.fetch("SELECT number FROM bill")] == ["SOUTH-1"]
        assert [row["code"] for row in await tx.fetch("SELECT code FROM customer")] == ["S1"]


async def test_what_a_request_says_of_its_reach_does_not_grow_with_the_tree(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    await harness.say_batch([operator(f"SUB{number}", harness.north) for number in range(300)])
    async with acting_as(gateway_pool, principal_of(harness.north, "operator")) as tx:
        said = await tx.fetchval(
            "SELECT length(current_setting('app.reach')) + length(current_setting('app.top'))"
        )
        assert said == 36
    client = await client_for(harness.north, "operator")
    listed = (await client.get("/operators", params={"limit": 200})).json()
    assert len(listed["items"]) == 200
    assert listed["next_cursor"] is not None
