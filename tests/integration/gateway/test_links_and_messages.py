"""Links, messages and gateways as anybody sees them: the newest state, on the bill, within reach."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.store import rebuild
from shared.contracts.notifications import (
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageSent,
    SmsTemplateChanged,
)
from shared.contracts.payments import (
    CheckoutChanged,
    OnlineSettingsChanged,
    PaymentLinkCreated,
    PaymentLinkOpened,
    PaymentLinkRevoked,
    ReminderRuleChanged,
)
from shared.db import Pool
from shared.ids import new_id
from shared.links import Links
from shared.sealing import open_sealed
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, customer, invoice, paid
from tests.integration.gateway.online import link, message, payment_gateway, sms_gateway
from tests.integration.gateway.test_isp_profiles import said as profile_said
from tests.keys import KEYS


async def test_what_happened_to_link_and_message_stands_on_bill_and_list(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    clerk = await client_for(harness.north, "collector")
    fresh = (await clerk.get(f"/bills/{issued.invoice_id}")).json()
    assert (fresh["link"], fresh["message"]) == (None, None)

    first, second, sent = new_id(), new_id(), new_id()
    opened = link(PaymentLinkOpened, issued, link_id=second, version=2, opened_at=NOW + timedelta(minutes=3))
    await harness.say(
        link(PaymentLinkCreated, issued, link_id=first),
        link(PaymentLinkRevoked, issued, "revoked", first, 2),
        link(PaymentLinkCreated, issued, link_id=second),
        opened,
        link(PaymentLinkCreated, issued, link_id=second),  # once more, late
        message(MessageQueued, issued, "queued", sent),
        message(MessageDelivered, issued, "delivered", sent, 3, 5),
        message(MessageSent, issued, "sent", sent, 2, 4),  # overtaken
    )
    for shown in (
        (await clerk.get(f"/bills/{issued.invoice_id}")).json(),
        (await clerk.get("/bills")).json()["items"][0],
    ):
        address = Links("the link key of the tests", "http://pay.test").url(second)
        assert shown["link"]["url"].rsplit("/", 1)[1] == address.rsplit("/", 1)[1]
        assert (shown["link"]["state"], shown["link"]["opened_at"]) == ("active", "2026-12-05T06:03:00Z")
        assert shown["message"] == {
            "id": shown["message"]["id"], "state": "delivered", "at": "2026-12-05T06:05:00Z", "code": None,
            "detail": None,
        }  # fmt: skip


async def test_the_newest_message_counts_however_late_an_older_one_fails(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    older = new_id()
    await harness.say(
        issued,
        message(MessageQueued, issued, "queued", older),
        message(MessageSent, issued, "sent", minutes=10, provider="bulksmsbd"),
        message(
            MessageFailed, issued, "failed", older, 2, 60, provider="bulksmsbd", code="1007", detail="Balance"
        ),
    )
    clerk = await client_for(harness.north, "collector")
    assert (await clerk.get(f"/bills/{issued.invoice_id}")).json()["message"]["state"] == "sent"


async def test_a_rebuild_fills_everything_that_its_owners_say_again(harness: GatewayHarness) -> None:
    """The shadow is written with every row; a table that is no projection would stay empty after it."""
    issued = invoice(harness.abdul, "NORTH-000001")
    said = [
        issued,
        link(PaymentLinkCreated, issued),
        message(MessageSent, issued, "sent"),
        sms_gateway(harness.root),
        payment_gateway(harness.root),
        CheckoutChanged(
            checkout_id=new_id(),
            link_id=new_id(),
            invoice_id=issued.invoice_id,
            customer_id=issued.customer_id,
            operator_id=issued.operator_id,
            provider="sandbox",
            reference="r1",
            amount_minor=105_000,
            currency="BDT",
            state="unknown",
            created_at=NOW,
            version=1,
        ),
        SmsTemplateChanged(
            template="reminder",
            operator_id=harness.root.operator_id,
            language="bn",
            text="বিল {number} {link}",
            changed_by="nasrin@desk.test",
            changed_at=NOW,
            version=1,
        ),
        ReminderRuleChanged(
            rule_id=new_id(),
            operator_id=harness.root.operator_id,
            days=-3,
            template="reminder",
            enabled=True,
            exclude_operator_ids=(harness.south.operator_id,),
            version=1,
        ),
        OnlineSettingsChanged(send_receipts=True, version=1),
    ]
    for each in said:
        await harness.say(each)
    tables = ("payment_link", "message", "sms_gateway", "payment_gateway", "checkout", "sms_template")
    for table in (*tables, "reminder_rule", "online_settings"):
        assert table in rebuild.PROJECTIONS
        assert await harness.pool.fetchval(f"SELECT count(*) FROM {table}") == 1, table


async def test_nobody_sees_links_messages_and_gateways_of_others(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    mine, theirs = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(mine, theirs)
    for issued in (mine, theirs):
        await harness.say(link(PaymentLinkCreated, issued), message(MessageSent, issued, "sent"))
    clerk = await client_for(harness.north, "collector")
    listed = (await clerk.get("/bills")).json()["items"]
    assert [bill["number"] for bill in listed] == ["NORTH-000001"]
    assert listed[0]["link"] is not None


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def _slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rsplit("/", 1)[1]


async def test_a_link_is_made_where_the_nearest_operators_above_have_gateways(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    issued, theirs = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(issued, theirs)
    admin, path = await client_for(harness.root, "admin"), f"/bills/{issued.invoice_id}/payment-link"
    await harness.say(sms_gateway(harness.north))
    missing = await admin.post(path, json={"send_sms": True}, headers=_key())
    assert (_slug(missing), "portal_url" in missing.json()) == ("online-payments-not-configured", True)
    await harness.say(payment_gateway(harness.north), payment_gateway(harness.south, enabled=False))
    beside = await admin.post(
        f"/bills/{theirs.invoice_id}/payment-link", json={"send_sms": False}, headers=_key()
    )
    assert _slug(beside) == "online-payments-not-configured"

    answer = await admin.post(path, json={"send_sms": True, "language": "bn"}, headers=_key())
    said = await gateway_pool.fetchrow("SELECT message_id, payload FROM outbox")
    command = json.loads(said["payload"])
    assert [command[name] for name in ("send_sms", "mobile", "language", "invoice_id")] == [
        True, "+8801712345678", "bn", str(issued.invoice_id)
    ]  # fmt: skip
    await harness.say(
        link(PaymentLinkCreated, issued, link_id=UUID(command["link_id"])), because=said["message_id"]
    )
    done = (await admin.get(answer.headers["location"].removeprefix("/api/v1"))).json()["resource"]
    assert done["url"].startswith("http://")
    assert (done["state"], done["bill_id"]) == ("active", str(issued.invoice_id))


@pytest.mark.parametrize("mobile", [None, "01712345678 / 01812345678", "N/A", "  "])
async def test_a_link_goes_to_one_known_mobile_or_nowhere(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool, mobile: str | None
) -> None:
    nobody = harness.abdul.model_copy(update={"mobile": mobile, "version": 2})
    issued = invoice(nobody, "NORTH-000001")
    await harness.say(nobody, issued, sms_gateway(harness.root), payment_gateway(harness.root))
    clerk = await client_for(harness.north, "collector")
    answer = await clerk.post(f"/bills/{issued.invoice_id}/payment-link", json={}, headers=_key())
    assert (answer.status_code, _slug(answer)) == (422, "no-mobile")
    portal = await clerk.post(f"/customers/{nobody.customer_id}/portal-message", json={}, headers=_key())
    assert (portal.status_code, _slug(portal)) == (422, "no-mobile")
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_links_in_bulk_fail_one_by_one_and_not_at_all_where_nothing_could_be_sent(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    nobody = customer("N2", harness.north, harness.plan).model_copy(update={"mobile": None})
    mine, paid_one = invoice(harness.abdul, "NORTH-000001"), invoice(harness.abdul, "NORTH-000002", "2026-11")
    silent, theirs = invoice(nobody, "NORTH-000003"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(nobody, mine, paid_one, silent, theirs, paid(paid_one, 105_000))
    admin = await client_for(harness.root, "admin")
    ids = [str(each.invoice_id) for each in (mine, paid_one, silent, theirs)]
    body = {"action": "send_payment_link", "selection": {"bill_ids": ids}}
    nothing = await admin.post("/bulk-actions", json=body, headers=_key())
    assert (nothing.status_code, _slug(nothing)) == (409, "sms-gateway-not-configured")
    await harness.say(sms_gateway(harness.north), payment_gateway(harness.root))
    action = (await admin.post("/bulk-actions", json=body, headers=_key())).json()
    items = (await admin.get(f"/bulk-actions/{action['id']}/items")).json()["items"]
    assert [(item["state"], item["outcome"]) for item in items] == [
        ("pending", None),
        ("skipped", "already-paid"),
        ("failed", "no-mobile"),
        ("failed", "sms-gateway-not-configured"),
    ]
    assert await bulk_action_commands.dispatch(gateway_pool)
    said = await gateway_pool.fetchrow("SELECT message_id, lane, payload FROM outbox")
    command = json.loads(said["payload"])
    assert (said["lane"], command["bulk_action_id"], command["send_sms"]) == (1, action["id"], True)
    await harness.say(
        link(PaymentLinkCreated, mine, link_id=UUID(command["link_id"])), because=said["message_id"]
    )
    assert (await admin.get(f"/bulk-actions/{action['id']}")).json()["succeeded"] == 1


async def test_the_portal_address_is_sealed_for_who_sends_it(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    clerk = await client_for(harness.north, "collector")
    path = f"/customers/{harness.abdul.customer_id}/portal-message"
    assert _slug(await clerk.post(path, json={}, headers=_key())) == "sms-gateway-not-configured"
    await harness.say(sms_gateway(harness.root), profile_said(harness.root, name="Sundarban Fibre"))
    assert (await clerk.post(path, json={}, headers=_key())).status_code == 202
    payload = await gateway_pool.fetchval("SELECT payload FROM outbox")
    command = json.loads(payload)
    assert command["values"]["isp"] == "Sundarban Fibre"
    opened = open_sealed(
        KEYS["notifications"],
        command["sealed_url"],
        service="notifications",
        operator_id=harness.north.operator_id,
        provider="link",
    )
    assert opened.secret["url"].startswith("http://desk.test/portal/")
    assert "/portal/" not in payload


async def test_a_receipt_goes_out_by_sms_from_the_payment(
    harness: GatewayHarness, client_for: ClientFor, visitor: httpx.AsyncClient, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    said = paid(issued, 60_000)
    await harness.say(issued, said)
    clerk = await client_for(harness.north, "operator")
    own = f"/payments/{said.payments[0].payment_id}"
    path = f"{own}/receipt-message"
    assert _slug(await clerk.post(path, json={}, headers=_key())) == "sms-gateway-not-configured"
    email = (await clerk.get("/me")).json()["email"]
    await visitor.post("/session", json={"email": email, "password": PASSWORD})
    assert "receipt-message" not in (await visitor.get(f"http://desk.test{own}")).text
    await harness.say(sms_gateway(harness.root), profile_said(harness.root, name="Sundarban Fibre"))
    assert (await clerk.post(path, json={"language": "bn"}, headers=_key())).status_code == 202
    command = json.loads(await gateway_pool.fetchval("SELECT payload FROM outbox"))
    assert (command["template"], command["mobile"]) == ("payment-received", "+8801712345678")
    assert command["values"]["isp"] == "Sundarban Fibre"
    assert command["values"]["amount"] == "৬০০.০০"
    assert command["values"]["balance"] == "৪৫০.০০"
    for page in (own, "/payments?from="):
        assert path in (await visitor.get(f"http://desk.test{page}")).text
    assert "Send by SMS" in (await visitor.get(f"http://desk.test{path}")).text
    viewer = await client_for(harness.north, "viewer")
    assert (await viewer.post(path, json={}, headers=_key())).status_code == 403
    elsewhere = await client_for(harness.south, "operator")
    assert (await elsewhere.post(path, json={}, headers=_key())).status_code == 404
