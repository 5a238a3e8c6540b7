"""Partner systems are changed, paused and removed by who may, and whoever does it is told what follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx

from gateway.context import Gateway
from shared.contracts.payments import PartnerChanged
from shared.db import Pool
from shared.ids import new_id
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness


def partner(operator_id: UUID, **differs: Any) -> PartnerChanged:
    facts: dict[str, Any] = {"partner_id": new_id(), "name": "paywell", "active": True, "version": 1}
    return PartnerChanged(operator_id=operator_id, **(facts | differs))


async def _command(pool: Pool) -> tuple[UUID, Mapping[str, Any]]:
    row = await pool.fetchrow("SELECT message_id, payload FROM outbox ORDER BY id DESC LIMIT 1")
    return row["message_id"], json.loads(row["payload"])


async def test_a_partner_is_paused_moved_and_removed_and_each_stands_in_the_activity_log(
    harness: GatewayHarness, client_for: ClientFor, gateway: Gateway, gateway_pool: Pool
) -> None:
    known = partner(harness.north.operator_id)
    await harness.say(known)
    admin = await client_for(harness.root, "admin")
    path = f"/partners/{known.partner_id}"
    shown = (await admin.get(path)).json()
    assert (shown["paused"], shown["key_changed_at"]) == (False, None)
    assert shown["limits"] == {"bytes_per_second": 5_000_000, "request_percentage": 50}
    changes: list[tuple[str, dict[str, Any] | None, dict[str, Any]]] = [
        ("PATCH", {"paused": True}, {"paused": True, "version": 2}),
        ("PATCH", {"paused": False}, {"version": 3}),
        ("PATCH", {"operator_id": str(harness.south.operator_id)}, {"version": 4}),
        ("DELETE", None, {"active": False, "key_changed_at": NOW, "version": 5}),
    ]
    for method, body, after in changes:
        answer = await admin.request(method, path, json=body)
        assert answer.status_code == 202, answer.text
        command_id, command = await _command(gateway_pool)
        assert command["partner_id"] == str(known.partner_id)
        assert all(command[name] == value for name, value in (body or {}).items())
        await harness.say(known.model_copy(update=after), because=command_id)
        operation = await admin.get(answer.headers["location"].removeprefix("/api/v1"))
        assert operation.json()["resource"]["id"] == str(known.partner_id)
    again = await admin.patch(path, json={"paused": True})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "partner-removed")
    kinds = await gateway_pool.fetch("SELECT kind FROM operation WHERE kind LIKE 'partner-%' ORDER BY id")
    assert [each["kind"] for each in kinds] == [
        "partner-paused", "partner-resumed", "partner-changed", "partner-removed",
    ]  # fmt: skip
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as desk:
        login = {"email": "admin.isp@desk.test", "password": PASSWORD}
        await desk.post("/api/v1/session", json=login)
        log = (await desk.get("/activity")).text
        assert "Partner paused" in log
        assert "paywell" in log
        page = (await desk.get("/partners")).text
        assert "Removed" in page
        assert "Its user on Kafka is still there." in page
        for word, said in (
            ("change", "Its name stands in the names of its topics"),
            ("pause", "each is held, with a receipt that says so"),
            ("resume", "What was held meanwhile is recorded now"),
            ("remove", "ispbills partners remove paywell"),
            ("access", "ispbills partners rotate paywell"),
        ):
            for headers in ({}, {"HX-Request": "true"}):
                dialog = await desk.get(f"{path}/{word}", headers=headers)
                assert dialog.status_code == 200, (word, dialog.text[-800:])
                assert said in dialog.text, (word, dialog.text[-800:])


async def test_a_partner_of_another_subtree_is_as_good_as_unknown(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    known = partner(harness.north.operator_id)
    await harness.say(known)
    south = await client_for(harness.south, "admin")
    for method, body in (("GET", None), ("PATCH", {"paused": True}), ("DELETE", None)):
        assert (await south.request(method, f"/partners/{known.partner_id}", json=body)).status_code == 404
    viewer = await client_for(harness.root, "viewer")
    assert (await viewer.patch(f"/partners/{known.partner_id}", json={"paused": True})).status_code == 403
