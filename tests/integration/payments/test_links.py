"""Links to pay by: made once, ended by money, voids, newer ones and time; looking at one writes nothing."""

from __future__ import annotations

from datetime import timedelta

from services.payments import workers
from services.payments.handlers import messages
from shared import clock
from shared.contracts.envelope import CommandRefused
from shared.contracts.notifications import CancelMessage, SendMessage
from shared.contracts.payments import (
    CreatePaymentLink,
    PaymentLinkCreated,
    PaymentLinkExpired,
    PaymentLinkPaid,
    PaymentLinkRevoked,
    PaymentRecorded,
)
from shared.ids import new_id
from shared.sealing import open_sealed
from tests.integration.payments.harness import CLERK, NOTIFICATIONS_KEY, OFFICE, PaymentsHarness
from tests.integration.payments.online import MOBILE, Online


def wants(customer_id: object, invoice_id: object, **more: object) -> CreatePaymentLink:
    return CreatePaymentLink(
        actor=CLERK, link_id=new_id(), invoice_id=invoice_id, customer_id=customer_id, **more
    )


async def test_a_link_is_made_with_its_message_in_one_transaction(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    customer = await harness.customer("C-1", mobile=MOBILE)
    invoice = await harness.billed(customer)
    command, id = wants(customer, invoice, send_sms=True), new_id()
    said = await harness.tell(command, ids=[id])
    message, link = (each.message for each in said)
    assert isinstance(message, SendMessage)
    assert isinstance(link, PaymentLinkCreated)
    assert message.message_id == messages.id_of_link(link.link_id)
    assert (message.mobile, message.values["balance"]) == (MOBILE, "1,050.00")
    opened = open_sealed(
        NOTIFICATIONS_KEY, message.sealed_url or "", service="notifications", operator_id=harness.north,
        provider="link",
    )  # fmt: skip
    assert opened.secret["url"] == OFFICE.links.url(link.link_id)
    assert OFFICE.links.token(link.link_id) not in message.model_dump_json()
    ended = await harness.pool.fetchval("SELECT type FROM command_end WHERE command_id = $1", id)
    assert ended == PaymentLinkCreated.type
    assert [each.message for each in await harness.tell(command, ids=[id])] == [
        link
    ]  # redelivered: answered again
    assert await harness.pool.fetchval("SELECT count(*) FROM payment_link") == 1


async def test_a_batch_makes_one_open_link_a_bill_in_order(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    customers = [await harness.customer(f"C-{number}") for number in range(3)]
    bills = [await harness.billed(each) for each in customers]
    commands = [wants(*pair) for pair in zip(customers, bills, strict=True)]
    again, twin = wants(customers[0], bills[0]), commands[1]
    said = await harness.tell(*commands, again, twin)
    made = [each.message for each in said if isinstance(each.message, PaymentLinkCreated)]
    assert [each.link_id for each in made].count(twin.link_id) == 2
    revoked = [each.message.link_id for each in said if isinstance(each.message, PaymentLinkRevoked)]
    assert revoked == [commands[0].link_id]
    states = await harness.pool.fetch("SELECT invoice_id, state FROM payment_link ORDER BY state, invoice_id")
    assert [row["state"] for row in states] == ["active"] * 3 + ["revoked"]


async def test_each_command_of_a_batch_ends_once_whichever_of_its_neighbours_is_refused(
    online: Online,
) -> None:
    await online.sandbox()
    harness = online.harness
    customer = await harness.customer("C-1")
    bill = await harness.billed(customer, 1_000)
    commands = [
        wants(customer, bill),
        wants(customer, bill, send_sms=True),
        wants(customer, bill),
        harness.pays(customer, 1_000, bill),
        wants(customer, bill),
    ]
    ids = [new_id() for _ in commands]
    said = await harness.tell(*commands, ids=ids)
    ends = [(ids.index(each.causation_id), type(each.message)) for each in said if each.causation_id in ids]
    assert sorted(ends, key=lambda end: end[0]) == [
        (0, PaymentLinkCreated),
        (1, CommandRefused),
        (2, PaymentLinkCreated),
        (3, PaymentRecorded),
        (4, CommandRefused),
    ]


async def test_a_link_is_refused_where_it_could_not_be_paid_or_sent(online: Online) -> None:
    harness = online.harness
    customer = await harness.customer("C-1")
    invoice = await harness.billed(customer, 1_000)

    async def refused(**more: object) -> str:
        end = await harness.ask(wants(customer, invoice, **more))
        assert isinstance(end, CommandRefused)
        return end.code

    assert await refused() == "online-payments-not-configured"
    await online.sandbox()
    assert await refused(send_sms=True) == "no-mobile"
    assert await refused(send_sms=True, mobile="01711111111 / 01811111111") == "no-mobile"
    assert await refused(scope=harness.south) == "not-found"
    await harness.ask(harness.pays(customer, 1_000, invoice))
    assert await refused() == "already-paid"


async def test_a_newer_link_a_payment_and_a_void_end_the_one_before(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    customer, invoice, first = await online.bill(1_000)
    second = await online.link(customer, invoice, send_sms=True, mobile=MOBILE)
    assert (await online.browser.get(f"/pay/{first}")).status_code == 410
    assert len(await harness.said_of(PaymentLinkRevoked)) == 1
    await harness.tell(harness.pays(customer, 1_000, invoice))
    assert [each.state for each in await harness.said_of(PaymentLinkPaid)] == ["paid"]
    assert len(await harness.said_of(CancelMessage)) == 1  # what still waits to be sent is not
    paid = await online.browser.get(f"/pay/{second}")
    assert (paid.status_code, "This bill is paid" in paid.text) == (200, True)
    bill = harness.bill(customer, 700)
    await harness.tell(bill)
    third = await online.link(customer, bill.invoice_id)
    await harness.tell(harness.voided(bill))
    assert (await online.browser.get(f"/pay/{third}")).status_code == 410
    assert len(await harness.said_of(PaymentLinkRevoked)) == 2


async def test_a_link_expires_with_its_time_and_names_nobody_then(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    _, _, token = await online.bill()
    row = await harness.pool.fetchrow("SELECT created_at, expires_at FROM payment_link")
    assert row is not None
    assert row["expires_at"] - row["created_at"] == timedelta(hours=336)
    await online.meddle("UPDATE payment_link SET expires_at = $1", clock.now())
    gone = await online.browser.get(f"/pay/{token}")
    assert gone.status_code == 410
    for secret in ("C-1", "NORTH-", MOBILE, "1,050"):
        assert secret not in gone.text
    assert (await online.browser.post(f"/pay/{token}/checkout")).status_code == 410
    await workers.expire_links(harness.pool)
    await workers.expire_links(harness.pool)
    assert len(await harness.said_of(PaymentLinkExpired)) == 1


async def test_looking_at_a_link_writes_nothing_and_a_wrong_token_is_unknown(online: Online) -> None:
    await online.sandbox()
    _, _, token = await online.bill()
    before = await _everything(online.harness)
    for method in ("GET", "HEAD"):
        assert (await online.browser.request(method, f"/pay/{token}")).status_code == 200
    other = "a" if token[5] != "a" else "b"
    for wrong in (token[:5] + other + token[6:], token[:-1], token + "a", "%00", "ক" * 22):
        assert (await online.browser.get(f"/pay/{wrong}")).status_code == 404
    assert await _everything(online.harness) == before
    page = await online.browser.get(f"/pay/{token}")
    assert len(page.content) + len((await online.browser.get("/pay-page/pay.css")).content) < 50_000
    assert "<script" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "বিল" in (await online.browser.get(f"/pay/{token}?lang=bn")).text


async def _everything(harness: PaymentsHarness) -> list[object]:
    tables = ("payment_link", "checkout", "callback", "outbox", "account")
    return [await harness.pool.fetch(f"SELECT * FROM {table}") for table in tables]


async def test_a_link_waits_for_a_bill_that_is_not_heard_of_yet(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    customer = await harness.customer("C-1")
    bill = harness.bill(customer)
    assert await harness.tell(wants(customer, bill.invoice_id)) == []
    await harness.tell(bill)
    await workers.settle_waiting(OFFICE)(harness.pool)
    assert len(await harness.said_of(PaymentLinkCreated)) == 1
