"""The sandbox, end to end: a page, a checkout, signed callbacks; one payment however often it is said."""

from __future__ import annotations

import asyncio
import html
import json
import re
import time
from typing import Any

from services.payments.handlers.settling import charged
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import (
    CheckoutChanged,
    PaymentHeld,
    PaymentLinkOpened,
    PaymentLinkPaid,
    PaymentRecorded,
)
from shared.db import in_transaction
from shared.ids import new_id
from tests.integration.payments.online import SECRET, Online


async def begun(online: Online, total: int = 105_000, **form: Any) -> tuple[Any, str, str]:
    """A bill whose checkout is open: its invoice, its token and the provider's reference."""
    await online.sandbox()
    _, invoice, token = await online.bill(total)
    page = await online.checkout(token, "sandbox", **form)
    return invoice, token, page.partition("reference=")[2]


async def test_the_sandboxs_page_keeps_its_checkout_in_the_other_language(online: Online) -> None:
    _, _, reference = await begun(online)
    page = await online.browser.get(f"/sandbox/pay?reference={reference}")
    other = re.search(r'href="(\?[^"]*lang=bn)"', page.text)
    assert other is not None
    bengali = await online.browser.get("/sandbox/pay" + html.unescape(other[1]))
    assert (bengali.status_code, reference in bengali.text) == (200, True)


async def test_a_newcomer_pays_a_bill_end_to_end(online: Online) -> None:
    invoice, token, reference = await begun(online)
    assert "Pay BDT 1,050.00" in (await online.browser.get(f"/pay/{token}")).text
    page = await online.browser.get(f"/sandbox/pay?reference={reference}")
    assert "1,050.00" in page.text
    paid = await online.browser.post("/sandbox/pay", data={"reference": reference, "outcome": "paid"})
    assert paid.headers["location"] == f"/paid/{reference}"
    receipt = await online.browser.get(f"/paid/{reference}")
    assert (receipt.status_code, "Paid. Thank you." in receipt.text) == (200, True)
    assert await online.harness.paid(invoice) == 105_000
    (recorded,) = await online.harness.said_of(PaymentRecorded)
    payment = recorded.payments[0]
    assert (payment.source, payment.recorded_by, payment.method) == (
        "provider:sandbox", "provider:sandbox", "sandbox",
    )  # fmt: skip
    assert payment.external_id is not None
    assert len(await online.harness.said_of(PaymentLinkOpened)) == 1
    assert len(await online.harness.said_of(PaymentLinkPaid)) == 1
    assert [each.state for each in await online.harness.said_of(CheckoutChanged)] == ["open", "paid"]
    await online.harness.balanced()


async def test_one_open_checkout_of_a_link_and_amount_is_used_again(online: Online) -> None:
    _, token, reference = await begun(online)
    again = await asyncio.gather(*(online.checkout(token, "sandbox") for _ in range(3)))
    assert {each.partition("reference=")[2] for each in again} == {reference}
    part = await online.checkout(token, "sandbox", amount_minor="50000")
    assert part.partition("reference=")[2] != reference
    assert (await online.row())["amount_minor"] == 50_000


async def test_a_part_is_paid_and_the_link_goes_on(online: Online) -> None:
    invoice, token, reference = await begun(online, how="part", amount="৳ ৫০০")
    await online.call_back(reference, 50_000)
    assert await online.harness.paid(invoice) == 50_000
    page = await online.browser.get(f"/pay/{token}")
    assert "550.00" in page.text
    for wrong in ("0", "1050.01", "1.000,00", "-5", "x"):
        answer = await online.browser.post(
            f"/pay/{token}/checkout", data={"provider": "sandbox", "how": "part", "amount": wrong}
        )
        assert answer.status_code == 422, wrong
    for wrong in ({"provider": "nobody"}, {}, {"provider": "sandbox", "amount_minor": "9" * 30}):
        assert (await online.browser.post(f"/pay/{token}/checkout", data=wrong)).status_code == 422


async def test_forged_altered_and_old_callbacks_change_nothing(online: Online) -> None:
    invoice, _, reference = await begun(online)
    said = {"id": "1", "reference": reference, "status": "paid", "amount_minor": 105_000, "currency": "BDT"}
    body, now = json.dumps(said).encode(), int(time.time())
    good = (await online.post_signed(b"x")).request.headers["x-signature"]
    answers = [
        await online.post_signed(body, "another secret"),
        await online.post_signed(body, at=now - 301),
        await online.post_signed(body, at=now + 301),
        await online.browser.post("/webhooks/sandbox", content=body, headers={"X-Signature": good}),
        await online.browser.post("/webhooks/sandbox", content=body),
        await online.browser.post("/webhooks/sandbox", content=body, headers={"X-Signature": "t=,v1="}),
        await online.browser.post("/webhooks/sandbox", content=b"\xff\x00"),
    ]
    assert [each.status_code for each in answers] == [401] * 7
    assert await online.harness.paid(invoice) == 0
    assert await online.harness.pool.fetchval("SELECT count(*) FROM callback") == 0


async def test_the_same_callback_or_reference_is_one_payment(online: Online) -> None:
    invoice, _, reference = await begun(online)
    three = await asyncio.gather(*(online.call_back(reference, id="same") for _ in range(3)))
    assert [each.status_code for each in three] == [200, 200, 200]
    others = await asyncio.gather(*(online.call_back(reference) for _ in range(3)))
    assert [each.status_code for each in others] == [200, 200, 200]
    assert await online.harness.paid(invoice) == 105_000
    assert len(await online.harness.said_of(PaymentRecorded)) == 1
    assert len(await online.harness.said_of(PaymentHeld)) == 0
    assert await online.harness.pool.fetchval("SELECT count(*) FROM payment") == 1


async def test_another_amount_or_currency_is_held_and_the_reference_still_counts(online: Online) -> None:
    invoice, _, reference = await begun(online)
    assert (await online.call_back(reference, 100_000)).status_code == 200
    assert (await online.call_back(reference, currency="USD")).status_code == 200
    reasons = sorted(each.reason for each in await online.harness.said_of(PaymentHeld))
    assert reasons == ["amount-mismatch", "currency-mismatch"]
    assert await online.harness.paid(invoice) == 0
    assert (await online.call_back(reference)).status_code == 200
    assert await online.harness.paid(invoice) == 105_000
    await online.harness.balanced()


async def test_a_callback_before_its_reference_is_known_is_to_be_sent_again(online: Online) -> None:
    await begun(online)
    early = await online.call_back("not-yet-known")
    assert (early.status_code, "retry-after" in early.headers) == (503, True)
    assert (await online.call_back("not-yet-known", secret="forged")).status_code == 401
    assert (await online.post_signed(b'{"id": "1"}', SECRET)).status_code == 422


async def test_two_phones_pay_one_bill_and_the_second_is_credit(online: Online) -> None:
    invoice, token, first = await begun(online)
    second = (await online.checkout(token, "sandbox", amount_minor="104999")).partition("reference=")[2]
    await asyncio.gather(online.call_back(first), online.call_back(second, 104_999))
    assert await online.harness.paid(invoice) == 105_000
    sums = await online.harness.balanced()
    assert (sums["received"], sums["credit"]) == (209_999, 104_999)
    receipts = [(await online.browser.get(f"/paid/{each}")).text for each in (first, second)]
    assert all("Paid. Thank you." in each for each in receipts)


async def test_money_for_a_bill_that_is_void_by_then_is_credit(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    customer = await harness.customer("C-1")
    bill = harness.bill(customer)
    await harness.tell(bill)
    reference = (await online.checkout(await online.link(customer, bill.invoice_id), "sandbox")).partition(
        "reference="
    )[2]
    await harness.tell(harness.voided(bill))
    await online.call_back(reference)
    assert await harness.credit(customer) == 105_000


async def test_a_failed_payment_may_be_tried_again_under_a_new_reference(online: Online) -> None:
    invoice, token, first = await begun(online)
    await online.call_back(first, status="failed")
    assert "It was not paid" in (await online.browser.get(f"/paid/{first}")).text
    second = (await online.checkout(token, "sandbox")).partition("reference=")[2]
    assert second != first
    await online.call_back(first)  # and the first one was paid all the same
    assert await online.harness.paid(invoice) == 105_000


async def test_the_nearest_gateway_above_the_bill_wins(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    await online.configure("sandbox", {"webhook_secret": "own"}, harness.north)
    _, invoice, token = await online.bill()
    reference = (await online.checkout(token, "sandbox")).partition("reference=")[2]
    assert (await online.call_back(reference)).status_code == 401  # the root's secret opens nothing of theirs
    assert (await online.call_back(reference, secret="own")).status_code == 200
    assert await harness.paid(invoice) == 105_000


async def test_a_minimum_hides_a_gateway_and_a_maximum_refuses(online: Online) -> None:
    await online.configure("sandbox", {"webhook_secret": SECRET}, minimum_minor=1_000, maximum_minor=2_000)
    _, _, small = await online.bill(999)
    assert "cannot be paid online now" in (await online.browser.get(f"/pay/{small}")).text
    _, _, large = await online.bill(5_000, code="C-2")
    answer = await online.browser.post(f"/pay/{large}/checkout", data={"provider": "sandbox"})
    assert (answer.status_code, "20.00 at most" in answer.text) == (422, True)
    await online.checkout(large, "sandbox", amount_minor="1500")


async def test_a_gateway_keeps_the_secrets_that_are_not_sent_again(online: Online) -> None:
    harness = online.harness
    missing = await online.configure("stripe", {"secret_key": "sk"})
    assert isinstance(missing, CommandRefused)
    assert (missing.code, missing.detail) == ("credentials-missing", "webhook_secret")
    await online.sandbox()
    changed = await online.configure("sandbox", None, enabled=False)
    assert (changed.enabled, changed.version) == (False, 2)
    secrets = await harness.pool.fetchval("SELECT sealed FROM payment_gateway")
    assert SECRET not in secrets
    row = await harness.pool.fetchrow("SELECT * FROM payment_gateway")
    assert online.tills.secrets_of(row) == {"webhook_secret": SECRET}


async def test_a_charge_that_is_told_twice_at_once_is_recorded_once(online: Online) -> None:
    from services.payments.domain import Charge

    _, _, _ = await begun(online)
    row = await online.row()

    async def tell() -> None:
        async with in_transaction(online.harness.pool) as tx:
            await charged(tx, row["checkout_id"], Charge("T-1", 105_000, "BDT"))

    await asyncio.gather(*(tell() for _ in range(5)))
    assert len(await online.harness.said_of(PaymentRecorded)) == 1
    assert new_id() is not None
