"""SMS gateways, payment gateways, texts and reminders: what is named is set, a secret is never read back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.contracts.notifications import MessageFailed, SmsTemplateChanged
from shared.contracts.payments import PlannedReminder, ReminderRuleChanged, RemindersPlanned
from shared.db import Pool
from shared.ids import new_id
from shared.sealing import open_sealed
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, invoice
from tests.integration.gateway.online import message, payment_gateway, sms_gateway
from tests.keys import KEYS


def _slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[1]


async def _last(pool: Pool) -> tuple[UUID, dict[str, Any]]:
    """The command that was said last."""
    said = await pool.fetchrow("SELECT message_id, payload FROM outbox ORDER BY id DESC LIMIT 1")
    assert said is not None
    return said["message_id"], json.loads(said["payload"])


def _opened(service: str, command: dict[str, Any]) -> dict[str, Any]:
    return dict(
        open_sealed(
            KEYS[service],
            command["sealed"],
            service=service,
            operator_id=UUID(command["operator_id"]),
            provider=command["provider"],
        ).secret
    )


async def test_an_sms_gateway_is_set_up_with_a_secret_that_only_its_service_opens(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    admin = await client_for(harness.root, "admin")
    empty = (await admin.get("/settings/sms-gateway")).json()
    assert (empty["provider"], empty["gateways"]) == (None, [])
    body = {"provider": "bulksmsbd", "api_key": "k-very-secret", "sender_id": "8809617"}
    answer = await admin.put("/settings/sms-gateway", json=body)
    command_id, command = await _last(gateway_pool)
    assert command["settings"] == {"sender_id": "8809617"}
    assert _opened("notifications", command) == {"api_key": "k-very-secret"}
    kept = await gateway_pool.fetch("SELECT payload, facts::text FROM operation")
    assert not any("k-very-secret" in str(row) for row in kept)
    await harness.say(
        sms_gateway(
            harness.root, "bulksmsbd", gateway_id=UUID(command["gateway_id"]), settings=command["settings"],
            secret_sealed_at=NOW,
        ),
        because=command_id,
    )  # fmt: skip
    done = (await admin.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert (done["provider"], done["settings"], done["has_secret"]) == (
        "bulksmsbd", {"sender_id": "8809617"}, True
    )  # fmt: skip
    assert "k-very-secret" not in (await admin.get("/settings/sms-gateway")).text

    await admin.put("/settings/sms-gateway", json={"provider": "bulksmsbd", "per_minute": 60})
    _, again = await _last(gateway_pool)
    assert (again["gateway_id"], again["sealed"], again["settings"], again["per_minute"]) == (
        command["gateway_id"], None, {"sender_id": "8809617"}, 60
    )  # fmt: skip


async def test_another_provider_takes_the_place_and_another_place_is_another_gateway(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    admin, first = await client_for(harness.root, "admin"), sms_gateway(harness.root)
    await harness.say(first)
    await admin.put("/settings/sms-gateway", json={"provider": "http", "url": "https://sms.example/send"})
    types = [r["type"] for r in await gateway_pool.fetch("SELECT type FROM outbox ORDER BY id")]
    assert types == ["sms-gateway.remove.v1", "sms-gateway.configure.v1"]
    await admin.put(
        "/settings/sms-gateway", json={"provider": "http", "url": "https://b.example/", "priority": 1}
    )
    _, command = await _last(gateway_pool)
    assert command["gateway_id"] != str(first.gateway_id)
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "pigeon"}, "provider"),
        ({"provider": "bulksmsbd", "sender_id": "1"}, "api_key"),
        ({"provider": "bulksmsbd", "api_key": "k"}, "sender_id"),
        ({"provider": "sandbox", "api_key": "k"}, "api_key"),
        ({"provider": "http", "url": "http://169.254.169.254/latest"}, "url"),
        ({"provider": "http", "url": "ftp://x"}, "url"),
        ({"provider": "twilio", "account_sid": "AC", "auth_token": "t"}, "from"),
        ({"provider": "sandbox", "per_minute": 0}, "per_minute"),
        ({"provider": "sandbox", "enabled": None}, "enabled"),
        ({"provider": "sandbox", "colour": "red"}, "colour"),
        ({}, "provider"),
    ],
)
async def test_a_wrong_gateway_names_the_field(
    harness: GatewayHarness, client_for: ClientFor, body: dict[str, object], field: str
) -> None:
    admin = await client_for(harness.root, "admin")
    answer = await admin.put("/settings/sms-gateway", json=body)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [field])


async def test_a_test_ends_with_the_providers_own_answer(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    admin = await client_for(harness.root, "admin")
    nobody = await admin.post("/settings/sms-gateway/test", json={"to": "01712345678"})
    assert (nobody.status_code, _slug(nobody)) == (409, "sms-gateway-not-configured")
    for typed in ("N/A", "01712345678, 01812345678", "12"):
        wrong = await admin.post("/settings/sms-gateway/test", json={"to": typed})
        assert (wrong.status_code, _slug(wrong)) == (422, "no-mobile"), typed
    await harness.say(sms_gateway(harness.root, "bulksmsbd"))
    answer = await admin.post("/settings/sms-gateway/test", json={"to": "01712345678"})
    command_id, command = await _last(gateway_pool)
    assert command["to"] == "+8801712345678"
    failed = message(
        MessageFailed, invoice(harness.abdul, "X-1"), "failed", command_id, 3,
        provider="bulksmsbd", code="1007", detail="Balance Insufficient",
    )  # fmt: skip
    of_test = {"operator_id": harness.root.operator_id, "customer_id": None, "template": "test"}
    failed = failed.model_copy(update=of_test)
    await harness.say(failed, because=command_id)
    done = (await admin.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert (done["state"], done["code"], done["detail"]) == ("failed", "1007", "Balance Insufficient")


async def test_a_reseller_sets_its_own_and_sees_by_whose_it_goes_but_not_how(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    above = sms_gateway(harness.root, "http", settings={"url": "https://sms.example/?key=in-the-open"})
    await harness.say(above)
    reseller = await client_for(harness.north, "admin")
    shown = await reseller.get("/settings/sms-gateway")
    assert shown.json()["inherited_from"]["name"] == "Operator ISP"
    assert "in-the-open" not in shown.text
    path = "/settings/sms-gateway"
    theirs = {"provider": "sandbox", "operator_id": str(harness.south.operator_id)}
    assert (await reseller.put(path, json=theirs)).status_code == 404
    assert (
        await reseller.get(path, params={"operator_id": str(harness.root.operator_id)})
    ).status_code == 404
    over = {"provider": "http", "url": "https://x.example", "gateway_id": str(above.gateway_id)}
    assert (await reseller.put(path, json=over)).status_code == 404
    params = {"gateway_id": str(above.gateway_id)}
    assert (await reseller.delete(path, params=params)).status_code == 404
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 0
    assert (await reseller.put(path, json={"provider": "sandbox"})).status_code == 202
    _, command = await _last(gateway_pool)
    assert (command["operator_id"], command["scope"]) == (str(harness.north.operator_id),) * 2
    operator = await client_for(harness.north, "operator")
    assert (await operator.get(path)).status_code == 403


async def test_a_payment_gateway_keeps_what_is_not_named_and_names_what_is_missing(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    admin, path = await client_for(harness.root, "admin"), "/settings/payment-gateways/bkash"
    secrets = {"app_key": "k", "app_secret": "s", "username": "u", "password": "p"}
    lacking = await admin.put(path, json={"app_key": "k", "app_secret": "s", "username": "u"})
    assert (lacking.status_code, lacking.json()["errors"][0]["field"]) == (422, "password")
    foreign = await admin.put(path, json={**secrets, "store_id": "x"})
    assert (foreign.status_code, foreign.json()["errors"][0]["field"]) == (422, "store_id")
    assert (await admin.put("/settings/payment-gateways/pigeon", json=secrets)).status_code == 404
    answer = await admin.put(path, json=secrets)
    command_id, command = await _last(gateway_pool)
    assert _opened("payments", command) == secrets
    await harness.say(
        payment_gateway(harness.root, "bkash", gateway_id=UUID(command["gateway_id"]), unverified=True),
        because=command_id,
    )
    done = (await admin.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert (done["configured"], done["unverified"], done["enabled"]) == (True, True, True)
    await admin.put(path, json={"enabled": False, "password": "p2"})
    _, again = await _last(gateway_pool)
    assert (again["gateway_id"], again["enabled"]) == (command["gateway_id"], False)
    assert _opened("payments", again) == {"password": "p2"}
    reseller = await client_for(harness.north, "admin")
    inherited = (await reseller.get(path)).json()
    assert (inherited["configured"], inherited["inherited_from"]) == (
        False, {"id": str(harness.root.operator_id)}
    )  # fmt: skip


async def test_texts_are_the_nearest_and_one_that_cannot_be_sent_is_refused(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    reseller, path = await client_for(harness.north, "admin"), "/settings/sms-templates"
    await harness.say(
        SmsTemplateChanged(
            template="reminder", operator_id=harness.root.operator_id, language="en", text="Pay {link}",
            changed_by="a@b", changed_at=NOW, version=1,
        )
    )  # fmt: skip
    shown = (await reseller.get(path)).json()["items"]
    reminder = next(each for each in shown if (each["template"], each["language"]) == ("reminder", "en"))
    assert (reminder["text"], reminder["is_own"]) == ("Pay {link}", False)
    for text in ("Hello", "Pay {link} {nothing}", "", "x" * 700 + "{link}"):
        body = {"template": "payment-link", "language": "en", "text": text}
        answer = await reseller.put(path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "text"), text
    body = {"template": "payment-link", "language": "bn", "text": "দিন {link}"}
    assert (await reseller.put(path, json=body)).status_code == 202
    _, command = await _last(gateway_pool)
    assert (command["operator_id"], command["text"]) == (str(harness.north.operator_id), "দিন {link}")


async def test_a_reminder_rule_is_off_at_first_and_its_dry_run_says_who_would_hear(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    admin, path = await client_for(harness.root, "admin"), "/settings/reminders"
    answer = await admin.post(
        path, json={"days": -3, "exclude_operator_ids": [str(harness.south.operator_id)]}
    )
    command_id, command = await _last(gateway_pool)
    assert command["enabled"] is False
    rule = ReminderRuleChanged(
        rule_id=UUID(command["rule_id"]), operator_id=harness.root.operator_id, days=-3, template="reminder",
        enabled=False, exclude_operator_ids=(harness.south.operator_id,), version=1,
    )  # fmt: skip
    await harness.say(rule, because=command_id)
    made = (await admin.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    await admin.patch(f"{path}/{made['id']}", json={"enabled": True})
    _, changed = await _last(gateway_pool)
    assert (changed["enabled"], changed["days"], len(changed["exclude_operator_ids"])) == (True, -3, 1)
    asked = await admin.post(f"{path}/dry-run", json={"days": -3})
    command_id, _ = await _last(gateway_pool)
    planned = PlannedReminder(
        invoice_id=new_id(), customer_id=new_id(), number="NORTH-000001", customer_name="Abdul",
        mobile_tail="678", balance_minor=5, due_on=NOW.date(),
    )  # fmt: skip
    await harness.say(
        RemindersPlanned(
            rule_id=command_id, day=NOW.date(), total=1, reminders=(planned,), skipped={"no-mobile": 2}
        ),
        because=command_id,
    )
    plan = (await admin.get(asked.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert (plan["total"], plan["skipped"], plan["reminders"][0]["number"]) == (
        1, {"no-mobile": 2}, "NORTH-000001"
    )  # fmt: skip
    assert (await admin.post(path, json={"days": -61})).status_code == 422
    assert (await admin.patch(f"{path}/{uuid4()}", json={"days": 1})).status_code == 404
