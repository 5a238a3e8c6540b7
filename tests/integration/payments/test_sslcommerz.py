"""SSLCommerz over HTTP, with its traps: what it posts is checked and asked about, never believed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from devstack.simulators.sslcommerz import SslcommerzSimulator
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import PaymentGatewayChanged, PaymentHeld, PaymentRecorded
from tests.integration.payments.online import Online


async def begun(online: Online, store: SslcommerzSimulator, total: int = 105_000) -> tuple[Any, str]:
    """A bill whose customer is on the hosted page: its invoice and our reference."""
    end = await online.configure("sslcommerz", store.credentials, base_url=store.url)
    assert isinstance(end, PaymentGatewayChanged)
    assert not end.unverified
    _, invoice, token = await online.bill(total)
    page = await online.checkout(token, "sslcommerz")
    assert page.startswith(store.url)
    return invoice, (await online.row())["reference"]


async def notify(online: Online, fields: dict[str, str]) -> int:
    answer = await online.browser.post("/webhooks/sslcommerz", data=fields)
    return answer.status_code


async def test_credentials_are_asked_about(online: Online, sslcommerz: SslcommerzSimulator) -> None:
    wrong = sslcommerz.credentials | {"store_password": "wrong"}
    end = await online.configure("sslcommerz", wrong, base_url=sslcommerz.url)
    assert isinstance(end, CommandRefused)
    assert end.code == "credentials-refused"


async def test_a_notification_is_validated_and_paid_once(
    online: Online, sslcommerz: SslcommerzSimulator
) -> None:
    invoice, _ = await begun(online, sslcommerz)
    fields = sslcommerz.charge()
    three = await asyncio.gather(*(notify(online, fields) for _ in range(3)))
    assert three == [200, 200, 200]
    await online.look()
    assert await notify(online, fields) == 200
    await online.look()
    assert await online.harness.paid(invoice) == 105_000
    (recorded,) = await online.harness.said_of(PaymentRecorded)
    assert recorded.payments[0].external_id == fields["bank_tran_id"]
    assert await online.harness.pool.fetchval("SELECT count(*) FROM callback") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "1.00"},
        {"status": "VALID "},
        {"verify_sign": "0" * 32},
        {"verify_key": "amount,tran_id"},
        {"verify_key": ""},
    ],
)
async def test_a_forged_or_altered_notification_changes_nothing(
    online: Online, sslcommerz: SslcommerzSimulator, change: dict[str, str]
) -> None:
    invoice, _ = await begun(online, sslcommerz)
    before = (await online.row())["next_look_at"]
    assert await notify(online, sslcommerz.charge() | change) == 401
    assert (await online.row())["next_look_at"] == before
    assert await online.harness.paid(invoice) == 0


async def test_a_signed_lie_is_caught_by_asking(online: Online, sslcommerz: SslcommerzSimulator) -> None:
    """Signed by the store's own password, and never charged."""
    invoice, _ = await begun(online, sslcommerz)
    fields = sslcommerz.charge()
    sslcommerz.only.charges.clear()
    assert await notify(online, fields) == 200
    await online.look()
    assert await online.harness.paid(invoice) == 0


@pytest.mark.parametrize("trap", ["validation_is_down", "query_is_down"])
async def test_one_of_the_two_ways_to_ask_is_enough(
    online: Online, sslcommerz: SslcommerzSimulator, trap: str
) -> None:
    invoice, _ = await begun(online, sslcommerz)
    setattr(sslcommerz, trap, True)
    await notify(online, sslcommerz.charge())
    await online.look()
    assert await online.harness.paid(invoice) == 105_000


async def test_a_lost_notification_is_found_by_the_janitor_and_tried_twice_counts_twice(
    online: Online, sslcommerz: SslcommerzSimulator
) -> None:
    invoice, _ = await begun(online, sslcommerz)
    sslcommerz.charge(status="FAILED")
    await online.look(later_minutes=1)
    sslcommerz.charge()
    sslcommerz.charge()  # the same session, charged again
    await online.look(later_minutes=5)
    assert await online.harness.paid(invoice) == 105_000
    (held,) = await online.harness.said_of(PaymentHeld)
    assert (held.reason, held.amount_minor) == ("charged-twice", 105_000)
    assert len(await online.harness.said_of(PaymentRecorded)) == 1


@pytest.mark.parametrize(
    ("trap", "reason"),
    [({"charges": "1049.00"}, "amount-mismatch"), ({"risk_level": "1"}, "risk-flagged")],
)
async def test_a_risk_or_another_amount_is_held(
    online: Online, sslcommerz: SslcommerzSimulator, trap: dict[str, str], reason: str
) -> None:
    invoice, reference = await begun(online, sslcommerz)
    for name, value in trap.items():
        setattr(sslcommerz, name, value)
    await notify(online, sslcommerz.charge())
    await online.look()
    (held,) = await online.harness.said_of(PaymentHeld)
    assert (held.reason, await online.harness.paid(invoice)) == (reason, 0)
    assert "look at it by hand" in (await online.browser.get(f"/paid/{reference}")).text


async def test_a_cross_site_return_without_cookies_shows_the_receipt(
    online: Online, sslcommerz: SslcommerzSimulator
) -> None:
    _, reference = await begun(online, sslcommerz)
    fields = sslcommerz.charge()
    seen = asyncio.create_task(online.browser.post(f"/paid/{reference}", data=fields))
    while not seen.done():
        await online.look()
        await asyncio.sleep(0.05)
    assert "Paid. Thank you." in (await seen).text
    assert "Paid. Thank you." in (await online.browser.get(f"/paid/{reference}")).text


async def test_odd_bills_and_customers_fit_the_session(
    online: Online, sslcommerz: SslcommerzSimulator
) -> None:
    await online.configure("sslcommerz", sslcommerz.credentials, base_url=sslcommerz.url)
    harness = online.harness
    name = "মোহাম্মদ আব্দুল্লাহ আল মামুন চৌধুরী ভূঁইয়া তালুকদার সরকার"
    message = harness.customer_changed("C-1").model_copy(update={"name": name})
    await harness.tell(message)
    invoice = await harness.billed(message.customer_id)
    await online.checkout(await online.link(message.customer_id, invoice), "sslcommerz")
    form = sslcommerz.only.form
    assert (len(form["cus_name"]) <= 50, len(form["tran_id"]) <= 30, form["total_amount"]) == (
        True, True, "1050.00",
    )  # fmt: skip
    _, _, small = await online.bill(999, code="C-2")
    assert "cannot be paid online now" in (await online.browser.get(f"/pay/{small}")).text
