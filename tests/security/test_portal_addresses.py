"""A portal address that went astray can be taken back, alone."""

from __future__ import annotations

import httpx

from gateway.context import Gateway
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer


async def test_a_new_portal_address_closes_the_old_one_and_nobody_elses(
    harness: GatewayHarness, gateway: Gateway, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    one, other = (customer(code, harness.north, harness.plan, "Karim Mia") for code in ("C1", "C2"))
    await harness.say_batch([one, other])
    clerk = await client_for(harness.north, "operator")
    first, others = [
        (await clerk.get(f"/customers/{each.customer_id}")).json()["portal_url"] for each in (one, other)
    ]
    assert (await visitor.get(first)).status_code == 200
    seen = [first]
    for _ in range(2):
        renewed = await clerk.post(f"/customers/{one.customer_id}/portal-url")
        assert renewed.status_code == 200, renewed.text
        fresh = renewed.json()["portal_url"]
        assert fresh not in seen
        assert [(await visitor.get(old)).status_code for old in seen] == [404] * len(seen)
        assert (await visitor.get(fresh)).status_code == 200
        seen.append(fresh)
    assert (await visitor.get(others)).status_code == 200
    viewer = await client_for(harness.north, "viewer")
    assert (await viewer.post(f"/customers/{one.customer_id}/portal-url")).status_code == 403
    stranger = await client_for(harness.south, "operator")
    assert (await stranger.post(f"/customers/{one.customer_id}/portal-url")).status_code == 404
    assert (await visitor.get(seen[-1])).status_code == 200


async def test_the_page_says_what_follows_before_it_makes_a_new_address(
    harness: GatewayHarness, gateway: Gateway, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    clerk = await client_for(harness.north, "operator")
    first = (await clerk.get(f"/customers/{harness.abdul.customer_id}")).json()["portal_url"]
    signed_in = {"email": "operator.north@desk.test", "password": PASSWORD}
    session = (await visitor.post("/session", json=signed_in)).json()
    page = f"http://desk.test/customers/{harness.abdul.customer_id}"
    assert f"/customers/{harness.abdul.customer_id}/portal-url" in (await visitor.get(page)).text
    assert "stops working at once" in (await visitor.get(f"{page}/portal-url")).text
    assert (await visitor.get(first)).status_code == 200
    assert (await visitor.post(f"{page}/portal-url")).status_code == 403
    done = await visitor.post(f"{page}/portal-url", data={"csrf_token": session["csrf_token"]})
    assert done.status_code == 303, done.text
    assert (await visitor.get(first)).status_code == 404
    assert "Portal address renewed" in (await visitor.get("http://desk.test/activity")).text
