"""A filter is kept under a name, for its user alone."""

from __future__ import annotations

from gateway.context import Gateway
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness


async def test_a_view_is_saved_renamed_and_forgotten_and_no_other_user_sees_it(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    admin = await client_for(harness.root, "admin")
    other = await client_for(harness.root, "viewer")
    body = {
        "name": "Overdue, north",
        "query": f"operator_id={harness.north.operator_id}&overdue=true&limit=200",
    }
    made = (await admin.post("/saved-views", json=body)).json()
    assert made["query"] == f"operator_id={harness.north.operator_id}&overdue=true"
    assert (made["newest_month"], made["is_default"]) == (False, False)
    renamed = await admin.patch(f"/saved-views/{made['id']}", json={"name": "North, late"})
    assert renamed.json()["name"] == "North, late"
    assert [each["name"] for each in (await admin.get("/saved-views")).json()["items"]] == ["North, late"]
    assert (await other.get("/saved-views")).json()["items"] == []
    for answer in (
        await other.patch(f"/saved-views/{made['id']}", json={"name": "Mine"}),
        await other.delete(f"/saved-views/{made['id']}"),
    ):
        assert answer.status_code == 404
    assert (await admin.delete(f"/saved-views/{made['id']}")).status_code == 204
    assert (await admin.get("/saved-views")).json()["items"] == []


async def test_a_name_is_given_once_and_one_view_at_most_opens_first(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    admin = await client_for(harness.root, "admin")
    other = await client_for(harness.root, "viewer")
    first = {
        "name": "Mine",
        "query": "status=unpaid&period=2026-11",
        "newest_month": True,
        "is_default": True,
    }
    made = (await admin.post("/saved-views", json=first)).json()
    assert made["query"] == "status=unpaid"
    twin = await admin.post("/saved-views", json=first)
    assert twin.status_code == 422
    assert twin.json()["errors"][0]["field"] == "name"
    assert (await other.post("/saved-views", json=first)).status_code == 201
    await admin.post("/saved-views", json={"name": "Next", "query": "", "is_default": True})
    shown = (await admin.get("/saved-views")).json()["items"]
    assert [(each["name"], each["is_default"]) for each in shown] == [("Mine", False), ("Next", True)]
    again = await admin.patch(f"/saved-views/{made['id']}", json={"is_default": True})
    assert again.json()["is_default"] is True
    shown = (await admin.get("/saved-views")).json()["items"]
    assert [each["is_default"] for each in shown] == [True, False]


async def test_a_filter_that_the_list_would_refuse_is_not_saved(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    admin = await client_for(harness.root, "admin")
    refused = {
        "period=2026-13": "period",
        "period=1999-12": "period",
        "period=2026-11&from=2026-11-01": "period",
        "status=lost": "status",
        "sort=name": "sort",
        "from=2026-02-02&to=2026-01-01": "from",
        "due_from=2026-02-02&due_to=2026-01-01": "due_from",
        "q=ab": "q",
        "colour=red": "colour",
        "operator_id=north": "operator_id",
    }
    for query, field in refused.items():
        answer = await admin.post("/saved-views", json={"name": query, "query": query})
        assert answer.status_code == 422, query
        assert [each["field"] for each in answer.json()["errors"]] == [field], query
    north = await client_for(harness.north, "operator")
    out_of_reach = {"name": "South", "query": f"operator_id={harness.south.operator_id}"}
    assert (await north.post("/saved-views", json=out_of_reach)).status_code == 404


async def test_so_many_views_and_no_more_are_kept(
    gateway: Gateway, harness: GatewayHarness, client_for: ClientFor
) -> None:
    admin = await client_for(harness.root, "admin")
    for number in range(50):
        assert (await admin.post("/saved-views", json={"name": f"View {number}"})).status_code == 201
    refused = await admin.post("/saved-views", json={"name": "One more"})
    assert refused.status_code == 422
