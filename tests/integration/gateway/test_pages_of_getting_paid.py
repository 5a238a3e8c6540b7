"""Pages and dialogs of getting paid, shown and sent as a browser does, over the real schema."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.context import Gateway
from shared import blobs
from shared.contracts.notifications import (
    MessageDelivered,
    MessageFailed,
    MessageSent,
    MessageUnknown,
    RetryMessage,
)
from shared.contracts.payments import (
    CheckoutChanged,
    CreatePaymentLink,
    CreditRefunded,
    PaymentHeld,
    PaymentLinkCreated,
    PaymentLinkOpened,
    PaymentLinkPaid,
    PlannedReminder,
    RefundStarted,
    RefundThroughGateway,
    ReminderRuleChanged,
    RemindersPlanned,
)
from shared.db import Pool
from shared.ids import new_id
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import PASSWORD, ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness, customer, invoice, paid
from tests.integration.gateway.online import link, message, payment_gateway, sms_gateway
from tests.integration.gateway.test_isp_profiles import logo
from tests.integration.gateway.test_isp_profiles import said as profile_said

SWAP = {"HX-Request": "true"}


@pytest_asyncio.fixture
async def admin(
    gateway: Gateway, client_for: ClientFor, harness: GatewayHarness
) -> AsyncIterator[httpx.AsyncClient]:
    """The root's admin, signed in by cookie at the pages."""
    await client_for(harness.root, "admin")
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        login = {"email": "admin.isp@desk.test", "password": PASSWORD}
        answer = await client.post("/api/v1/session", json=login)
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


async def _shown(admin: httpx.AsyncClient, path: str, *texts: str, status: int = 200) -> str:
    for headers in ({}, SWAP):
        answer = await admin.get(path, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-600:])
        for text in texts:
            assert text in answer.text, (path, text)
    return answer.text


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_every_page_and_dialog_opens_with_nothing_set_up(
    admin: httpx.AsyncClient, harness: GatewayHarness, language: str
) -> None:
    admin.cookies.set("desk_language", language)
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    for path in (
        "/settings/sms-gateway", "/settings/payment-gateways", "/settings/sms-templates",
        "/settings/reminders", "/settings/reminders/new", "/settings/sms-gateway/test", "/held",
        "/partners", "/settings/webhooks", "/settings/webhooks/new", "/",
        f"/bills/{issued.invoice_id}", "/bills?period=2026-12", f"/customers/{issued.customer_id}",
        f"/customers/{issued.customer_id}/portal-message", f"/bills/{issued.invoice_id}/payment-link",
        *(f"/settings/sms-gateway/new?provider={each}" for each in ("http", "bulksmsbd", "twilio")),
        *(f"/settings/payment-gateways/{each}" for each in ("bkash", "sslcommerz", "stripe", "sandbox")),
        *(f"/settings/sms-templates?template={each}&language=bn" for each in ("reminder", "test")),
    ):  # fmt: skip
        await _shown(admin, path)


async def test_a_link_is_previewed_sent_and_followed_on_the_bill(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(
        issued,
        sms_gateway(harness.root, cost_per_segment_minor=35),
        payment_gateway(harness.root),
        profile_said(harness.root, name="Delta"),
    )
    path = f"/bills/{issued.invoice_id}/payment-link"
    # Signed as payments will sign it: by the name at the head of the customer's bills.
    dialog = await _shown(admin, path, "Dear Abdul Rahman", "1,050.00", "- Delta</div>", "1 SMS, GSM-7")
    await _shown(admin, f"{path}?language=bn", "UCS-2")
    await admin.post(path, data={"language": "en", "idempotency_key": _key(dialog)}, headers=SWAP)
    said = await gateway_pool.fetchval("SELECT type FROM outbox")
    assert said == "payment-link.create.v1"
    await harness.say(
        link(PaymentLinkOpened, issued, version=2, opened_at=NOW + timedelta(minutes=1)),
        message(MessageFailed, issued, "failed", provider="bulksmsbd", code="1007", detail="Balance low"),
    )
    await _shown(admin, f"/bills/{issued.invoice_id}", "Balance low", "1007", "Payment link opened")
    await _shown(admin, "/bills?period=2026-12", "link-opened")


def _key(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', html)
    assert found is not None
    return found[1]


async def test_links_for_a_selection_are_counted_before_they_are_sent(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    nobody = customer("N2", harness.north, harness.plan).model_copy(update={"mobile": "N/A"})
    first, second = invoice(harness.abdul, "NORTH-000001"), invoice(nobody, "NORTH-000002")
    third = invoice(harness.mitu, "SOUTH-000001")
    await harness.say(nobody, first, second, third)
    chosen = {"selection": "bills", "bill_ids": [str(each.invoice_id) for each in (first, second, third)]}
    ask = "/bulk-actions/new?action=send_payment_link"
    missing = await admin.post(ask, data=chosen, headers=SWAP)
    assert "No SMS gateway is set up." in missing.text
    assert "/settings/sms-gateway" in missing.text
    await harness.say(sms_gateway(harness.root, cost_per_segment_minor=35), payment_gateway(harness.root))
    shown = (await admin.post(ask, data=chosen, headers=SWAP)).text
    for text in ("Send 2 links", "No valid mobile number", "0.70"):
        assert text in shown, text
    sent = {**chosen, "language": "en", "idempotency_key": _key(shown)}
    answer = await admin.post("/bulk-actions/links", data=sent, headers=SWAP)
    assert answer.status_code == 200, answer.text[-500:]
    assert await gateway_pool.fetchval("SELECT total FROM bulk_action") == 3
    whole = {"selection": "filter", "filter": "period=2026-12"}
    assert "Send 2 links" in (await admin.post(ask, data=whole, headers=SWAP)).text


async def test_gateways_texts_and_rules_are_shown_and_changed_by_typing(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    settings = {"url": "https://sms.example/", "headers": {"X-A": "b"}}
    http = sms_gateway(harness.root, "http", settings=settings, secret_sealed_at=NOW)
    rule = ReminderRuleChanged(
        rule_id=new_id(), operator_id=harness.root.operator_id, days=-3, template="reminder", enabled=True,
        exclude_operator_ids=(harness.south.operator_id,), version=1,
    )  # fmt: skip
    await harness.say(
        http, rule, payment_gateway(harness.root, "bkash", unverified=True, minimum_minor=1_000)
    )
    await _shown(admin, "/settings/sms-gateway", "Any provider, by HTTP")
    own = f"/settings/sms-gateway/{http.gateway_id}"
    dialog = await _shown(admin, own, "https://sms.example/", "X-A: b", "leave empty to keep it")
    await _shown(admin, f"{own}/remove", "Remove gateway")
    await _shown(admin, "/settings/payment-gateways", "Not checked yet", "<strong>own</strong>")
    await _shown(admin, "/settings/payment-gateways/bkash", "10.00")
    await _shown(
        admin, f"/settings/payment-gateways/bkash/{harness.root.operator_id}/remove", "Remove gateway"
    )
    await _shown(admin, "/settings/reminders", "3 days before the due date", "Operator SOUTH")
    await _shown(admin, f"/settings/reminders/{rule.rule_id}", "days before the due date")
    typed = {
        "provider": "http", "url": "https://sms.example/2", "method": "POST", "headers": "X-A: b\nX-C: d",
        "number_format": "e164", "priority": "0", "enabled": "true", "secret": "s3cret",
        "idempotency_key": _key(dialog),
    }  # fmt: skip
    wrong = await admin.post(own, data={**typed, "url": "http://169.254.169.254/"}, headers=SWAP)
    assert (wrong.status_code, "url-error" in wrong.text, "s3cret" in wrong.text) == (422, True, False)
    await admin.post(own, data=typed, headers=SWAP)
    assert await gateway_pool.fetchval("SELECT type FROM outbox") == "sms-gateway.configure.v1"
    text = {"template": "reminder", "language": "en", "text": "Pay"}
    await admin.post("/settings/sms-templates", data={**text, "text": "Pay {x}"}, headers=SWAP)
    await _shown(
        admin, "/settings/sms-templates/preview?template=reminder&language=en&text=Pay+%E0%A7%B3", "UCS-2"
    )
    saved = await admin.post("/settings/sms-templates", data=text)
    assert saved.status_code in (200, 303)
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox WHERE type LIKE 'sms-template%'") == 1


async def test_what_needs_a_person_is_listed_counted_and_decided(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    held = PaymentHeld(
        held_id=new_id(), source="provider:bkash", payment_id="TRX1", operator_id=harness.north.operator_id,
        amount_minor=5_000, currency="BDT", reason="amount-mismatch", received_at=NOW, state="held",
        customer_id=issued.customer_id, invoice_id=issued.invoice_id, checkout_id=new_id(), version=1,
    )  # fmt: skip
    unknown = CheckoutChanged(
        checkout_id=new_id(), link_id=new_id(), invoice_id=issued.invoice_id, customer_id=issued.customer_id,
        operator_id=issued.operator_id, provider="bkash", reference="REF-9", amount_minor=105_000,
        currency="BDT", state="unknown", created_at=NOW, version=1,
    )  # fmt: skip
    sent = message(MessageUnknown, issued, "unknown", provider="http")
    await harness.say(issued)
    await harness.say(held)
    await harness.say(unknown, sent, message(MessageSent, issued, "sent", minutes=9))
    page = await _shown(admin, "/held", "TRX1", "REF-9", "NORTH-000001", "Another amount", "It was not sent")
    assert 'aria-label="3 waiting"' in page
    await _shown(admin, "/", "need attention")
    own = f"/held-payments/{held.held_id}"
    for path, text in (
        ("accept", "NORTH-000001"),
        ("place", "TRX1"),
        ("refund", "bKash"),
        ("reject", "bKash"),
    ):
        await _shown(admin, f"{own}/{path}", text if path in ("accept", "place") else "50.00")
    await admin.post(f"{own}/accept", headers=SWAP)
    await admin.post(f"{own}/refund", data={"reason": "Too much"}, headers=SWAP)
    await admin.post(f"/checkouts/{unknown.checkout_id}/settle", data={"action": "ask"}, headers=SWAP)
    await admin.post(f"/messages/{sent.message_id}/settle", data={"outcome": "failed"}, headers=SWAP)
    types = [row["type"] for row in await gateway_pool.fetch("SELECT type FROM outbox ORDER BY id")]
    assert types == [
        "held-payment.place.v1", "held-payment.refund.v1", "checkout.settle.v1", "message.settle.v1"
    ]  # fmt: skip


async def test_a_dry_run_names_who_would_hear(admin: httpx.AsyncClient, harness: GatewayHarness) -> None:
    planned = PlannedReminder(
        invoice_id=new_id(), customer_id=new_id(), number="NORTH-000009", customer_name="Mitu",
        mobile_tail="678", balance_minor=5_000, due_on=NOW.date(),
    )  # fmt: skip
    asked = await admin.post("/settings/reminders/try", data={"days": "-3"}, headers=SWAP)
    waiting = re.search(r"/operations/([0-9a-f-]{36})", str(asked.headers) + asked.text)
    assert waiting is not None
    plan = RemindersPlanned(
        rule_id=new_id(), day=NOW.date(), total=1, reminders=(planned,), skipped={"no-mobile": 2}
    )
    await harness.say(plan, because=UUID(waiting[1]))
    operation = (await admin.get(f"/api/v1/operations/{waiting[1]}")).json()
    assert (operation["state"], operation["resource"]["total"]) == ("completed", 1)


async def test_the_portal_leads_on_to_the_link_that_there_is_and_a_get_makes_none(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    portal = gateway.portals.url(harness.abdul.customer_id, 0).removeprefix("http://desk.test")
    assert "customer code" in (await admin.get(portal)).text
    await harness.say(payment_gateway(harness.root))
    assert f"/bills/{issued.invoice_id}/pay" in (await admin.get(portal)).text
    assert (await admin.get(f"{portal}/bills/{issued.invoice_id}/pay")).status_code in (404, 405)
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 0
    active = link(PaymentLinkOpened, issued, version=2)
    await harness.say(active.model_copy(update={"expires_at": NOW + timedelta(days=9_000)}))
    led = await admin.post(f"{portal}/bills/{issued.invoice_id}/pay")
    assert led.status_code == 303
    assert led.headers["location"] == gateway.portals.links.url(active.link_id)
    stranger = invoice(harness.mitu, "SOUTH-000001")
    await harness.say(stranger)
    assert (await admin.post(f"{portal}/bills/{stranger.invoice_id}/pay")).status_code == 404


async def _said_to_payments(pool: Pool) -> tuple[UUID, CreatePaymentLink]:
    """The link that the portal asks payments for, once it does."""
    while (row := await pool.fetchrow("SELECT message_id, payload FROM outbox")) is None:
        await asyncio.sleep(0.02)
    return row["message_id"], CreatePaymentLink.model_validate_json(row["payload"])


async def test_the_portal_pays_all_bills_up_to_the_chosen_one_by_one_link(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool
) -> None:
    months = ("2026-10", "2026-11", "2026-12")
    oldest, middle, newest = (
        invoice(harness.abdul, f"NORTH-00000{number}", month) for number, month in enumerate(months)
    )
    await harness.say(newest, oldest, middle, payment_gateway(harness.root))
    portal = gateway.portals.url(harness.abdul.customer_id, 0).removeprefix("http://desk.test")
    page = (await admin.get(portal)).text
    assert re.findall(r'name="upto" value="([^"]+)"', page) == [
        str(each.invoice_id) for each in (oldest, middle, newest)
    ]
    for amount in ("1,050.00", "2,100.00", "3,150.00"):
        assert amount in page
    paying = asyncio.create_task(admin.post(f"{portal}/pay", data={"upto": str(middle.invoice_id)}))
    command_id, command = await _said_to_payments(gateway_pool)
    assert command.invoice_ids == (oldest.invoice_id, middle.invoice_id)
    assert not command.send_sms
    made = link(PaymentLinkCreated, oldest, link_id=command.link_id).model_copy(
        update={"further_invoice_ids": (middle.invoice_id,), "expires_at": NOW + timedelta(days=9_000)}
    )
    await harness.say(made, because=command_id)
    led = await paying
    assert (led.status_code, led.headers["location"]) == (303, gateway.portals.links.url(made.link_id))
    again = await admin.post(f"{portal}/pay", data={"upto": str(middle.invoice_id)})
    assert again.headers["location"] == led.headers["location"]
    assert (await admin.get(f"/api/v1/bills/{oldest.invoice_id}")).json()["link"] is None
    for wrong in ("", "no-id", str(new_id()), str(invoice(harness.mitu, "SOUTH-1").invoice_id)):
        assert (await admin.post(f"{portal}/pay", data={"upto": wrong})).status_code == 404
    assert (await admin.get(f"{portal}/pay")).status_code in (404, 405)
    await harness.say(
        CheckoutChanged(
            checkout_id=new_id(),
            link_id=made.link_id,
            invoice_id=oldest.invoice_id,
            further_invoice_ids=(middle.invoice_id,),
            customer_id=harness.abdul.customer_id,
            operator_id=harness.north.operator_id,
            provider="sandbox",
            reference="R" * 22,
            amount_minor=210_000,
            currency="BDT",
            state="open",
            created_at=NOW,
            version=1,
        )
    )
    for bill in (oldest, middle):
        assert "2,100.00" in (await admin.get(f"/bills/{bill.invoice_id}")).text
    assert "2,100.00" not in (await admin.get(f"/bills/{newest.invoice_id}")).text


def _png() -> bytes:
    made = io.BytesIO()
    Image.effect_noise((640, 320), 90).convert("RGB").save(made, "PNG")
    return made.getvalue()


async def test_a_link_leads_to_its_papers_and_the_customers_page_for_as_long_as_it_lasts(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway: Gateway
) -> None:
    issued, other = invoice(harness.abdul, "NORTH-000001"), invoice(harness.abdul, "NORTH-000002", "2026-11")
    active = link(PaymentLinkCreated, issued).model_copy(update={"expires_at": NOW + timedelta(days=9_000)})
    await harness.say(issued, other, active)
    token = gateway.portals.links.token(active.link_id)
    papers = f"/links/{active.link_id}/{token}"
    visitor = httpx.AsyncClient(transport=admin._transport, base_url="http://desk.test")
    led = await visitor.get(f"{papers}/portal")
    own = gateway.portals.url(harness.abdul.customer_id, 0)
    assert (led.status_code, led.headers["location"]) == (303, own)
    bengali = await visitor.get(f"{papers}/portal?language=bn")
    assert bengali.headers["location"] == f"{own}?language=bn"
    waiting = await visitor.get(f"{papers}/bills/{issued.invoice_id}/invoice.pdf")
    assert (waiting.status_code, "refresh" in waiting.text) == (200, True)
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    for path in (
        f"{papers}/bills/{other.invoice_id}/invoice.pdf", f"/links/{new_id()}/{token}/portal",
        f"/links/{active.link_id}/{altered}/portal",
        f"/links/{active.link_id}/{altered}/bills/{issued.invoice_id}/invoice.pdf",
        "/links/x/y/portal",
    ):  # fmt: skip
        assert (await visitor.get(path)).status_code == 404, path
    await harness.say(active.model_copy(update={"version": 2, "state": "revoked"}))
    for path in (f"{papers}/portal", f"{papers}/bills/{issued.invoice_id}/invoice.pdf"):
        ended = await visitor.get(path)
        assert ended.status_code == 410
        for text in ("Abdul", "NORTH", own):
            assert text not in ended.text
    await visitor.aclose()


async def test_a_logo_is_public_small_and_the_nearest_one(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway: Gateway
) -> None:
    picture = _png()
    await blobs.put(gateway.blobs, "logos/noise.png", picture)
    assert (await admin.get(f"/logos/{harness.north.operator_id}")).status_code == 404
    await harness.say(
        profile_said(harness.root, logo=logo("logos/noise.png"), name="Shapla Net", phone="+880 1")
    )
    visitor = httpx.AsyncClient(transport=admin._transport, base_url="http://desk.test")
    shown = await visitor.get(f"/logos/{harness.north.operator_id}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert len(shown.content) < 20_000 < len(picture)
    assert "public" in shown.headers["cache-control"]
    for path in (f"/logos/{new_id()}", "/logos/no-id"):
        assert (await visitor.get(path)).status_code == 404
    portal = gateway.portals.url(harness.abdul.customer_id, 0).removeprefix("http://desk.test")
    page = (await visitor.get(portal)).text
    for text in ("Shapla Net", f"/logos/{harness.north.operator_id}", "tel:+8801"):
        assert text in page
    await visitor.aclose()


async def test_an_online_payment_is_paid_back_from_its_row_and_what_became_of_it_stands_there(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    said = paid(issued, 105_000)
    online = said.payments[0].model_copy(
        update={"source": "provider:bkash", "method": "bkash", "external_id": "TRX9"}
    )
    await harness.say(said.model_copy(update={"payments": (online,)}))
    dialog = f"/payments/{online.payment_id}/refund"
    own_page = f"/payments/{online.payment_id}"
    for page in (f"/bills/{issued.invoice_id}", f"/customers/{issued.customer_id}", own_page):
        assert dialog in (await admin.get(page)).text
    form = await _shown(
        admin, dialog, "goes back to whoever paid it, through bKash", "owed again", "1,050.00"
    )
    late = await admin.post(
        dialog,
        data={"amount": "1,050.01", "reason": "paid twice", "idempotency_key": _key(form)},
        headers=SWAP,
    )
    assert "Less than that is left of this payment." in late.text
    form = await _shown(admin, dialog)
    sending = asyncio.create_task(
        admin.post(
            dialog,
            data={"amount": "1,000", "reason": "paid twice", "idempotency_key": _key(form)},
            headers=SWAP,
        )
    )
    while (row := await gateway_pool.fetchrow("SELECT message_id, payload FROM outbox")) is None:
        await asyncio.sleep(0.02)
    command = RefundThroughGateway.model_validate_json(row["payload"])
    assert (command.payment_id, command.amount_minor, command.reason) == (
        online.payment_id,
        100_000,
        "paid twice",
    )
    back = RefundStarted(
        customer_id=issued.customer_id, receivables=(), account=said.account,
        payments=(online.model_copy(update={"allocated_minor": 5_000, "allocations": (), "version": 2}),),
        refund_id=command.refund_id, payment_id=online.payment_id, amount_minor=100_000, reason="paid twice",
        refunded_by="clerk@desk.test", refunded_at=NOW, provider="bkash",
    )  # fmt: skip
    await harness.say(back)
    assert "1,000.00 on its way back" in (await admin.get(f"/customers/{issued.customer_id}")).text
    gone = CreditRefunded(
        customer_id=issued.customer_id, receivables=(), account=said.account, payments=(),
        refund_id=command.refund_id, amount_minor=100_000, reason="paid twice", refunded_by="clerk@desk.test",
        refunded_at=NOW, provider="bkash", external_id="RF77",
    )  # fmt: skip
    await harness.say(gone, because=row["message_id"])
    assert (await sending).status_code == 200
    await _shown(admin, f"/customers/{issued.customer_id}", "1,000.00 paid back", "RF77")
    await _shown(admin, own_page, "1,000.00 paid back", "RF77", "Partly refunded")
    listed = (await admin.get(f"/api/v1/payments/{online.payment_id}/refunds")).json()["items"]
    assert [(each["state"], each["amount_minor"], each["external_id"]) for each in listed] == [
        ("refunded", 100_000, "RF77")
    ]
    over = await admin.post(
        f"/api/v1/payments/{online.payment_id}/refund", json={"amount_minor": 5_001, "reason": "more"},
        headers={"Idempotency-Key": str(new_id())},
    )  # fmt: skip
    assert (over.status_code, over.json()["type"].rsplit("/", 1)[-1]) == (422, "more-than-left")


async def test_what_became_of_the_messages_of_a_bulk_action_stands_on_its_page_and_can_be_settled(
    admin: httpx.AsyncClient, harness: GatewayHarness, gateway_pool: Pool
) -> None:
    months = ("2026-09", "2026-10", "2026-11", "2026-12")
    bills = [invoice(harness.abdul, f"NORTH-00000{number}", month) for number, month in enumerate(months, 1)]
    await harness.say(*bills, sms_gateway(harness.root), payment_gateway(harness.root))
    started = await admin.post(
        "/api/v1/bulk-actions", headers={"Idempotency-Key": str(new_id())},
        json={"action": "send_payment_link", "selection": {"bill_ids": [str(b.invoice_id) for b in bills]}},
    )  # fmt: skip
    action_id = UUID(started.json()["id"])
    assert started.json()["messages"]["sent"] == 0
    await bulk_action_commands.dispatch(gateway_pool)
    items = await gateway_pool.fetch("SELECT bill_id, command_id FROM bulk_action_item")
    link_ids = {row["bill_id"]: row["command_id"] for row in items}
    for bill in bills:
        made = link(PaymentLinkCreated, bill, link_id=link_ids[bill.invoice_id])
        await harness.say(made, because=link_ids[bill.invoice_id])
    kinds = (MessageSent, MessageDelivered, MessageFailed, MessageUnknown)
    states = ("sent", "delivered", "failed", "unknown")
    messages = [
        message(kind, bill, state, bulk_action_id=action_id, detail="Low" if state == "failed" else None)
        for kind, state, bill in zip(kinds, states, bills, strict=True)
    ]
    await harness.say(
        *messages,
        link(PaymentLinkOpened, bills[0], link_id=link_ids[bills[0].invoice_id], version=2, opened_at=NOW),
        link(PaymentLinkPaid, bills[1], "paid", link_ids[bills[1].invoice_id], 2, opened_at=NOW),
    )
    action = (await admin.get(f"/api/v1/bulk-actions/{action_id}")).json()
    assert action["messages"] == {
        "waiting": 0, "sent": 1, "delivered": 1, "failed": 1, "unknown": 1, "opened": 2, "paid": 1,
    }  # fmt: skip
    page = await _shown(admin, f"/bulk-actions/{action_id}", "Delivered", "Not sent: Low", "NORTH-000003")
    assert f"/messages/{messages[3].message_id}/settle" in page
    assert f"/messages/{messages[2].message_id}/retry" in page
    await _shown(admin, f"/bulk-actions/{action_id}/messages", "It was sent", "every 15s")
    await _shown(admin, f"/bills/{bills[3].invoice_id}", "It was not sent")
    await _shown(admin, f"/bills/{bills[2].invoice_id}", "Send again")
    await gateway_pool.execute("DELETE FROM outbox")
    await admin.post(f"/messages/{messages[2].message_id}/retry", data={}, headers=SWAP)
    retry = RetryMessage.model_validate_json(await gateway_pool.fetchval("SELECT payload FROM outbox"))
    assert retry.message_id == messages[2].message_id
