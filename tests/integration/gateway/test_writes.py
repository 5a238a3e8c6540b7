"""Writes: one operation each, one answer a key, and nothing that is wrong gets past the door."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.projection import handlers
from shared.contracts.envelope import CommandRefused
from shared.db import Pool, in_transaction
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import GatewayHarness, invoice, paid, received


def _slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[1]


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def test_a_payment_answers_202_and_completes_once_the_bill_shows_it(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk = await client_for(harness.north, "collector")
    answer = await clerk.post(
        f"/bills/{issued.invoice_id}/payments", json={"amount_minor": 5_000}, headers=_key()
    )
    assert answer.status_code == 202
    location = answer.headers["location"].removeprefix("/api/v1")
    assert (await clerk.get(location)).json()["state"] == "pending"
    said = await gateway_pool.fetchrow("SELECT topic, key, message_id, lane FROM outbox")
    assert (said["topic"], said["key"], said["lane"]) == ("payments.commands", str(issued.customer_id), 0)
    await harness.say(paid(issued, 5_000, payment_id=said["message_id"]), because=said["message_id"])
    done = (await clerk.get(location)).json()
    assert done["state"] == "completed"
    assert done["resource"]["allocated_minor"] == 5_000
    shown = (await clerk.get(f"/bills/{issued.invoice_id}")).json()
    assert (shown["status"], shown["balance_minor"]) == ("partial", 100_000)


async def test_one_key_stands_for_one_command_even_for_twins_at_once(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk, key = await client_for(harness.north, "collector"), _key()
    path, body = f"/bills/{issued.invoice_id}/payments", {"amount_minor": 5_000}
    answers = await asyncio.gather(*(clerk.post(path, json=body, headers=key) for _ in range(5)))
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 1
    other = await clerk.post(path, json={"amount_minor": 6_000}, headers=key)
    assert (other.status_code, _slug(other)) == (422, "idempotency-key-reused")
    assert _slug(await clerk.post(path, json=body)) == "idempotency-key-missing"


async def test_a_refusal_of_the_owner_becomes_the_problem_of_the_operation(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk, key = await client_for(harness.north, "operator"), _key()
    path, body = f"/bills/{issued.invoice_id}/void", {"reason": "wrong"}
    answer = await clerk.post(path, json=body, headers=key)
    refusal = CommandRefused(service="invoicing", code="has-payments", detail="Money is on it.")
    operation_id = UUID(answer.headers["location"].rsplit("/", 1)[1])
    async with in_transaction(harness.pool) as tx:
        await handlers.end_refused([received(refusal, because=operation_id)], tx)
    again = await clerk.post(path, json=body, headers=key)
    assert (again.status_code, _slug(again)) == (409, "has-payments")
    operation = (await clerk.get(f"/operations/{operation_id}")).json()
    assert (operation["state"], operation["problem"]["status"]) == ("refused", 409)


async def test_what_is_settled_is_refused_at_once(harness: GatewayHarness, client_for: ClientFor) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued, paid(issued, 105_000))
    clerk, key = await client_for(harness.north, "collector"), _key()
    for _ in range(2):
        answer = await clerk.post(
            f"/bills/{issued.invoice_id}/payments", json={"amount_minor": 1}, headers=key
        )
        assert (answer.status_code, _slug(answer)) == (409, "already-paid")


async def test_a_link_cannot_be_sent_without_a_gateway(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk = await client_for(harness.north, "collector")
    path = f"/bills/{issued.invoice_id}/payment-link"
    by_sms = await clerk.post(path, json={"send_sms": True}, headers=_key())
    assert (_slug(by_sms), "portal_url" in by_sms.json()) == ("sms-gateway-not-configured", True)
    assert (
        _slug(await clerk.post(path, json={"send_sms": False}, headers=_key()))
        == "online-payments-not-configured"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount_minor": 1, "paid_on": "2999-01-01"}, "paid_on"),
        ({"amount_minor": 1, "paid_on": "yesterday"}, "paid_on"),
        ({"amount_minor": 1, "note": "4111 1111 1111 1111"}, "note"),
        ({"amount_minor": 1, "colour": "red"}, "colour"),
        ({"amount_minor": 2**53}, "amount_minor"),
        ({}, "amount_minor"),
    ],
)
async def test_a_wrong_body_names_the_field(
    harness: GatewayHarness, client_for: ClientFor, body: dict[str, object], field: str
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk = await client_for(harness.north, "collector")
    answer = await clerk.post(f"/bills/{issued.invoice_id}/payments", json=body, headers=_key())
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "period=2026-13",
        "period=x",
        "cursor=x",
        "status=due",
        "q=ab",
        "q=%00aaa",
        "from=2026-02-30",
        "from=2026-W09-1",
        "overdue=1",
        "sort=colour",
        "operator_id=x",
        "from=2026-12-02&to=2026-12-01",
        "q=%FF%FFa",
    ],
)
async def test_a_wrong_query_is_422(harness: GatewayHarness, client_for: ClientFor, query: str) -> None:
    answer = await (await client_for(harness.root, "viewer")).get(f"/bills?{query}")
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


async def test_pages_follow_one_another_without_gap_or_repeat(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    await harness.say_batch(
        [invoice(harness.abdul, f"NORTH-{n:06d}", f"2026-{1 + n % 4:02d}") for n in range(23)]
    )
    client = await client_for(harness.root, "viewer")
    for sort in (
        "-issued_on",
        "issued_on",
        "due_on",
        "-due_on",
        "balance_minor",
        "-balance_minor",
        "-total_minor",
    ):
        for extra in (
            {},
            {"operator_id": str(harness.north.operator_id)},
            {"q": "NORTH-0"},
            {"status": "unpaid"},
        ):
            seen: list[str] = []
            params: dict[str, str] = {"limit": "5", "sort": sort, **extra}
            while True:
                page = (await client.get("/bills", params=params)).json()
                seen += [bill["number"] for bill in page["items"]]
                if page["next_cursor"] is None:
                    break
                params["cursor"] = page["next_cursor"]
            assert (len(seen), len(set(seen))) == (23, 23), (sort, extra)


async def test_a_spreadsheet_never_runs_a_cell(harness: GatewayHarness, client_for: ClientFor) -> None:
    evil = harness.abdul.model_copy(update={"name": "=cmd()"})
    await harness.say(invoice(evil, "NORTH-000001"))
    client = await client_for(harness.root, "viewer")
    answer = await client.get("/bills", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "'=cmd()" in answer.text
    assert ",+8801712345678," in answer.text


async def test_bulk_items_end_one_by_one(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    from gateway.commands import bulk_actions as bulk_action_commands

    mine, settled = invoice(harness.abdul, "NORTH-000001"), invoice(harness.abdul, "NORTH-000002", "2026-11")
    theirs = invoice(harness.mitu, "SOUTH-000001")
    await harness.say(mine, settled, theirs, paid(settled, 105_000))
    clerk = await client_for(harness.north, "collector")
    ids = [str(each.invoice_id) for each in (mine, settled, theirs)]
    body = {"action": "mark_paid", "selection": {"bill_ids": ids}}
    action = (await clerk.post("/bulk-actions", json=body, headers=_key())).json()
    assert [action[name] for name in ("total", "pending", "failed", "skipped")] == [3, 1, 1, 1]
    assert await bulk_action_commands.dispatch(gateway_pool)
    assert not await bulk_action_commands.dispatch(gateway_pool)
    said = await gateway_pool.fetchrow("SELECT message_id, lane FROM outbox")
    assert said["lane"] == 1
    await harness.say(paid(mine, 105_000, payment_id=said["message_id"]), because=said["message_id"])
    done = (await clerk.get(f"/bulk-actions/{action['id']}")).json()
    assert (done["state"], done["succeeded"]) == ("completed", 1)
    items = (await clerk.get(f"/bulk-actions/{action['id']}/items")).json()["items"]
    assert [(item["state"], item["outcome"]) for item in items] == [
        ("succeeded", "done"),
        ("skipped", "already-paid"),
        ("failed", "not-found"),
    ]


async def test_a_failed_item_tells_its_problem_as_every_answer_does(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    from gateway.commands import bulk_actions as bulk_action_commands

    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk = await client_for(harness.north, "collector")
    body = {"action": "mark_paid", "selection": {"bill_ids": [str(issued.invoice_id)]}}
    action = (await clerk.post("/bulk-actions", json=body, headers=_key())).json()
    assert await bulk_action_commands.dispatch(gateway_pool)
    command_id = await gateway_pool.fetchval("SELECT message_id FROM outbox")
    refusal = CommandRefused(service="payments", code="balance-changed", detail="It is another one now.")
    async with in_transaction(harness.pool) as tx:
        await handlers.end_refused([received(refusal, because=command_id)], tx)
    item = (await clerk.get(f"/bulk-actions/{action['id']}/items?state=failed")).json()["items"][0]
    assert item["outcome"] == "balance-changed"
    assert (item["problem"]["type"].rsplit("/", 1)[1], item["problem"]["status"]) == ("balance-changed", 409)


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"selection": {}},
        {"selection": {"filter": {"q": "   "}}},
        {"selection": {"filter": {"from": "2026-12-02", "to": "2026-12-01"}}},
    ],
)
async def test_nothing_is_paid_that_was_not_selected(
    harness: GatewayHarness, client_for: ClientFor, selection: dict[str, object]
) -> None:
    await harness.say(invoice(harness.abdul, "NORTH-000001"))
    clerk = await client_for(harness.north, "collector")
    answer = await clerk.post("/bulk-actions", json={"action": "mark_paid", **selection}, headers=_key())
    assert (answer.status_code, _slug(answer)) == (422, "invalid")
    assert [each["field"].split(".")[0] for each in answer.json()["errors"]] == ["selection"]


async def test_signing_in_needs_the_password_and_then_the_csrf_token(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient
) -> None:
    await client_for(harness.north, "operator")
    stranger = await visitor.get("/me")
    assert _slug(stranger) == "not-signed-in"
    assert "frame-ancestors 'none'" in stranger.headers["content-security-policy"]
    wrong = await visitor.post("/session", json={"email": "operator.north@desk.test", "password": "x"})
    assert (wrong.status_code, _slug(wrong)) == (401, "not-signed-in")
    answer = await visitor.post("/session", json={"email": "Operator.NORTH@desk.test", "password": PASSWORD})
    assert answer.status_code == 201
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    csrf = {"X-CSRF-Token": answer.json()["csrf_token"]}
    assert (await visitor.get("/me")).json()["user"]["role"] == "operator"
    assert _slug(await visitor.delete("/session")) == "csrf"
    assert _slug(await visitor.delete("/session", headers=csrf | {"Origin": "http://evil.test"})) == "csrf"
    assert (await visitor.delete("/session", headers=csrf)).status_code == 204
    assert (await visitor.get("/me")).status_code == 401


async def test_the_eleventh_wrong_try_within_a_minute_waits(visitor: httpx.AsyncClient) -> None:
    tries = [await visitor.post("/session", json={"email": "n@x", "password": "x"}) for _ in range(11)]
    assert [answer.status_code for answer in tries[:10]] == [401] * 10
    assert (tries[10].status_code, int(tries[10].headers["retry-after"]) > 0) == (429, True)


async def test_the_turn_of_the_minute_gives_no_new_tries(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sign_in(clock_shows: str) -> httpx.Response:
        moment = datetime.fromisoformat(f"2030-01-01T{clock_shows}+00:00")
        monkeypatch.setattr("shared.clock.now", lambda: moment)
        return await visitor.post("/session", json={"email": "nobody@desk.test", "password": "x"})

    assert {(await sign_in("12:00:50")).status_code for _ in range(10)} == {401}
    refused = await sign_in("12:01:05")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "45")
    assert (await sign_in("12:01:50")).status_code == 401


async def test_a_lump_sum_names_the_customer_and_no_bill(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk = await client_for(harness.north, "collector")
    path, body = f"/customers/{issued.customer_id}/payments", {"amount_minor": 5_000, "method": "cheque"}
    assert _slug(await clerk.post(path, json=body)) == "idempotency-key-missing"
    answer = await clerk.post(path, json=body, headers=_key())
    said = await gateway_pool.fetchrow("SELECT key, message_id, payload FROM outbox")
    command = json.loads(said["payload"])
    assert (said["key"], command["invoice_id"], command["amount_minor"], command["method"]) == (
        str(issued.customer_id), None, 5_000, "cheque"
    )  # fmt: skip
    recorded = paid(issued, 5_000, payment_id=said["message_id"])
    await harness.say(recorded, because=said["message_id"])
    done = (await clerk.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert (done["allocated_minor"], done["customer"]["code"], done["external_id"]) == (5_000, "N1", None)
    stranger = await client_for(harness.south, "collector")
    assert (await stranger.post(path, json=body, headers=_key())).status_code == 404
    viewer = await client_for(harness.north, "viewer")
    assert (await viewer.post(path, json=body, headers=_key())).status_code == 403
