"""An answer that goes on and on ends with the right to it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from gateway.app import create_app
from gateway.commands import passwords
from gateway.context import Gateway
from gateway.http import requests
from gateway.store import users as user_store
from shared import clock
from shared.db import in_transaction
from shared.ids import new_id
from tests import patience
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness, customer, invoice

ENDINGS: dict[str, dict[str, Any]] = {
    "deactivated": {"active": False},
    "reset": {"password": "seven blue kettles"},
}


@pytest.mark.parametrize("ending", [*ENDINGS, "revoked"])
@pytest.mark.parametrize("way", ["token", "page"])
async def test_a_stream_ends_with_the_token_or_the_session_that_asked_for_it(
    harness: GatewayHarness,
    gateway: Gateway,
    client_for: ClientFor,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    way: str,
) -> None:
    monkeypatch.setattr(requests, "LOOKED_AGAIN_SECONDS", 0.2)
    one = customer("C1", harness.north, harness.plan, "Karim Mia")
    await harness.say_batch([one])
    await harness.say_batch([invoice(one, "NORTH-000001")])
    admin = await client_for(harness.root, "admin")
    user = {
        "id": new_id(),
        "email": "leaving@desk.test",
        "name": "Nasrin",
        "role": "admin",
        "operator_id": harness.root.operator_id,
        "password_hash": await passwords.hash_password(PASSWORD),
    }
    async with in_transaction(gateway.pool) as tx:
        await user_store.add_user(tx, user, clock.now())
    body = {"action": "mark_paid", "selection": {"filter": {}}, "parameters": {"method": "cash"}}
    action = (await admin.post("/bulk-actions", json=body, headers={"Idempotency-Key": "k-1"})).json()
    transport = httpx.ASGITransport(app=create_app(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        signed_in = {"email": user["email"], "password": PASSWORD}
        session = (await browser.post("/api/v1/session", json=signed_in)).json()
        csrf = {"X-CSRF-Token": session["csrf_token"]}
        made = (await browser.post("/api/v1/tokens", json={"name": "script"}, headers=csrf)).json()
        bearer = {"Authorization": f"Bearer {made['token']}"}
        address, headers = f"/bulk-actions/{action['id']}/events", {}
        if way == "token":
            address, headers = f"/api/v1{address}", bearer
        streaming = asyncio.create_task(browser.get(address, headers=headers))
        await asyncio.sleep(0.6)
        assert not streaming.done()
        if ending in ENDINGS:
            changed = await admin.patch(f"/users/{user['id']}", json=ENDINGS[ending])
        elif way == "token":
            changed = await browser.delete(f"/api/v1/tokens/{made['id']}", headers=csrf)
        else:
            changed = await browser.delete("/api/v1/session", headers=csrf)
        assert changed.status_code in (200, 204), changed.text
        async with asyncio.timeout(patience.SECONDS):
            assert (await streaming).status_code == 200
