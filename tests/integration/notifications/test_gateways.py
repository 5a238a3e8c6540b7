"""Gateways are looked at before they are kept: keys are sealed, addresses lead out, settings stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications import workers
from shared.contracts.envelope import CommandCompleted
from shared.contracts.invoicing import Republish
from shared.contracts.notifications import (
    RemoveSmsGateway,
    SaveSmsTemplate,
    SmsGatewayChanged,
    SmsTemplateChanged,
)
from shared.ids import new_id
from tests.integration.installation import leave_unsent
from tests.integration.notifications.harness import (
    CLERK,
    NEIGHBOUR,
    PALLABI,
    ROOT,
    ZONE,
    NotificationsHarness,
    sealed,
)

HTTP = {"url": "https://sms.example/send"}


async def test_a_gateway_is_said_without_its_key_and_keeps_what_is_not_named(
    harness: NotificationsHarness,
) -> None:
    made = await harness.configure(
        "bulksmsbd", sending_from="09:00", sending_until="20:00", per_minute=100, priority=3
    )
    assert harness.simulator.api_key not in made.model_dump_json()
    assert made.secret_sealed_at is not None
    change = harness.configuring(
        "bulksmsbd", gateway_id=made.gateway_id, settings=None, sealed=None, base_url=None,
        cost_per_segment_minor=None, enabled=False,
    )  # fmt: skip
    changed = await harness.ask(change)
    kept = made.model_copy(
        update={
            "enabled": False,
            "version": 2,
            "changed_at": changed.changed_at,
            "changed_by": "clerk@isp.test",
        }
    )
    assert changed == kept
    cleared = await harness.ask(
        change.model_copy(
            update={"clear": ("sending_hours", "per_minute", "base_url", "cost_per_segment_minor")}
        )
    )
    assert (cleared.sending_from, cleared.sending_until, cleared.per_minute, cleared.base_url) == (None,) * 4
    assert cleared.cost_per_segment_minor is None


@pytest.mark.parametrize(
    ("provider", "settings", "field"),
    [
        ("bulksmsbd", {}, "sender_id"),
        ("bulksmsbd", {"sender_id": ""}, "sender_id"),
        ("bulksmsbd", {"sender_id": "X", "api_key": "in the open"}, "api_key"),
        ("twilio", {"account_sid": "AC"}, "from"),
        ("http", {}, "url"),
        ("http", {"url": "ftp://sms.example/"}, "url"),
        ("http", {"url": "https://user:pass@sms.example/"}, "url"),
        ("http", {"url": "https://{to}.example/?t={text}"}, "url"),
        ("http", HTTP | {"method": "DELETE"}, "method"),
        ("http", HTTP | {"success_pattern": "(unclosed"}, "success_pattern"),
        ("http", HTTP | {"headers": {"X-A": "a\r\nX-B: b"}}, "headers"),
        ("http", HTTP | {"headers": {"X A": "b"}}, "headers"),
        ("http", HTTP | {"body": "to={to}"}, "body"),
        ("http", HTTP | {"query": {"t": "{text}"}}, "body"),
    ],
)
async def test_a_wrong_setting_is_refused_with_its_field(
    harness: NotificationsHarness, provider: Any, settings: dict[str, Any], field: str
) -> None:
    refusal = await harness.refusal(harness.configuring(provider, settings=settings))
    assert (refusal.code, refusal.field) == ("wrong-settings", field)
    assert await harness.pool.fetchval("SELECT count(*) FROM sms_gateway") == 0


@pytest.mark.parametrize(
    "sealed_wrongly",
    [
        sealed({"api_key": "k"}, "bulksmsbd", NEIGHBOUR),
        sealed({"api_key": "k"}, "twilio", ROOT),
        sealed({"auth_token": "k"}, "bulksmsbd", ROOT),
        "bm90LXNlYWxlZA==",
    ],
)
async def test_a_key_that_was_sealed_for_another_place_is_refused(
    harness: NotificationsHarness, sealed_wrongly: str
) -> None:
    refusal = await harness.refusal(harness.configuring("bulksmsbd", sealed=sealed_wrongly))
    assert refusal.code == "secret-unreadable"


async def test_an_older_key_does_not_come_back_in_place_of_a_newer(harness: NotificationsHarness) -> None:
    made = await harness.configure("bulksmsbd")
    old = sealed({"api_key": "old"}, "bulksmsbd", ROOT, datetime.now(UTC) - timedelta(days=1))
    refusal = await harness.refusal(harness.configuring("bulksmsbd", gateway_id=made.gateway_id, sealed=old))
    assert refusal.code == "secret-unreadable"


async def test_a_provider_without_its_key_is_refused(harness: NotificationsHarness) -> None:
    assert (await harness.refusal(harness.configuring("bulksmsbd", sealed=None))).code == "secret-missing"
    empty = sealed({"api_key": "  "}, "bulksmsbd", ROOT)
    assert (await harness.refusal(harness.configuring("bulksmsbd", sealed=empty))).code == "secret-missing"
    needs = HTTP | {"headers": {"X-Key": "{secret}"}}
    assert (await harness.refusal(harness.configuring("http", settings=needs))).code == "secret-missing"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"provider": "bulksmsbd", "base_url": "https://127.0.0.1:8080"}, "address-refused"),
        ({"provider": "bulksmsbd", "base_url": "https://169.254.169.254"}, "address-refused"),
        ({"provider": "bulksmsbd", "base_url": "https://10.0.0.4"}, "address-refused"),
        ({"provider": "http", "settings": {"url": "https://localhost/{to}?t={text}"}}, "address-refused"),
        ({"provider": "http", "settings": {"url": "https://0x7f000001/"}}, "address-refused"),
        ({"provider": "bulksmsbd", "base_url": "http://sms.example"}, "address-in-the-open"),
        ({"provider": "http", "settings": {"url": "http://sms.example/"}}, "address-in-the-open"),
        ({"provider": "sandbox"}, "sandbox-in-development-only"),
    ],
)
async def test_outside_development_no_address_leads_inside_or_shows_the_key(
    harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], code: str
) -> None:
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "production")
    provider = more.pop("provider")
    assert (await harness.refusal(harness.configuring(provider, **({"base_url": None} | more)))).code == code


async def test_outside_development_a_gateway_that_leads_inside_all_the_same_is_not_called(
    harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.configure("bulksmsbd")  # at this machine, as it is allowed in development
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "production")
    message = harness.message()
    await harness.send(message)
    said = await harness.last(message.message_id)
    assert (said.state, said.code) == ("failed", "address-refused")
    assert harness.simulator.bulksmsbd.requests == []


async def test_a_gateway_keeps_its_provider_and_operator_and_is_within_reach(
    harness: NotificationsHarness,
) -> None:
    made = await harness.configure("bulksmsbd", operator_id=ZONE)
    for other in ({"provider": "sandbox"}, {"provider": "bulksmsbd", "operator_id": PALLABI}):
        provider = other.pop("provider")
        change = harness.configuring(provider, gateway_id=made.gateway_id, **other)  # type: ignore[arg-type]
        assert (await harness.refusal(change)).code == "provider-fixed"
    foreign = harness.configuring("sandbox", operator_id=ROOT, scope=ZONE)
    assert (await harness.refusal(foreign)).code == "not-found"
    removal = RemoveSmsGateway(actor=CLERK, gateway_id=made.gateway_id, scope=NEIGHBOUR)
    assert (await harness.refusal(removal)).code == "not-found"


async def test_a_gateway_that_is_gone_takes_its_key_along(harness: NotificationsHarness) -> None:
    made = await harness.configure("bulksmsbd")
    removal = RemoveSmsGateway(actor=CLERK, gateway_id=made.gateway_id)
    gone = await harness.ask(removal)
    assert (gone.removed, gone.enabled, gone.version) == (True, False, 2)
    assert await harness.ask(removal) == gone
    assert await harness.pool.fetchval("SELECT sealed FROM sms_gateway") is None
    assert (
        await harness.refusal(harness.configuring("bulksmsbd", gateway_id=made.gateway_id))
    ).code == "not-found"
    unknown = RemoveSmsGateway(actor=CLERK, gateway_id=new_id())
    assert (await harness.refusal(unknown)).code == "not-found"


async def test_half_of_the_sending_hours_is_refused(harness: NotificationsHarness) -> None:
    assert (
        await harness.refusal(harness.configuring("sandbox", sending_from="09:00"))
    ).field == "sending_until"


async def test_everything_is_said_again_on_request_without_secrets(harness: NotificationsHarness) -> None:
    gateway = await harness.configure("sandbox")
    text = SaveSmsTemplate(actor=CLERK, template="reminder", operator_id=ZONE, language="bn", text="{link}")
    saved = await harness.ask(text)
    message = harness.message()
    await harness.send(message)
    last = await harness.last(message.message_id)
    command_id = await harness.tell(Republish(actor=CLERK, service="notifications"))
    said = await harness.republished()
    assert {type(each) for each in said} == {SmsGatewayChanged, SmsTemplateChanged, type(last)}
    assert gateway in said
    assert saved in said
    assert last in said
    await harness.pool.execute("DELETE FROM outbox")
    await harness.republished()
    assert isinstance((await harness.ends(command_id))[0], CommandCompleted)


async def test_the_next_piece_of_a_republish_waits_behind_what_has_not_left_the_outbox(
    harness: NotificationsHarness,
) -> None:
    await harness.tell(Republish(actor=CLERK, service="notifications"))
    unsent = await leave_unsent(harness.pool, "notifications.messages")
    assert not await workers.republish(harness.pool)
    await harness.pool.execute("DELETE FROM outbox WHERE id = $1", unsent)
    assert await workers.republish(harness.pool)
