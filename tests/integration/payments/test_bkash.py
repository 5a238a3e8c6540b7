"""bKash over HTTP, with its traps: executed once, then only asked; one token; charges are credited."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from devstack.simulators.bkash import BkashSimulator
from services.payments.providers import Outside
from services.payments.providers import bkash as adapter
from services.payments.providers.protocol import CredentialsRefused, NoAnswer
from services.payments.providers.tokens import Token, Tokens
from services.payments.senders import SecretsLost
from services.payments.tokens import SharedTokens
from shared import clock
from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import (
    CheckoutChanged,
    PaymentGatewayChanged,
    PaymentHeld,
    PaymentRecorded,
    SettleCheckout,
)
from tests import sns
from tests.integration.payments.harness import CLERK, OFFICE
from tests.integration.payments.online import Online


async def begun(
    online: Online, bkash: BkashSimulator, total: int = 105_000, **optional: str
) -> tuple[Any, str]:
    """A bill whose customer is on bKash's page: its invoice and token."""
    end = await online.configure("bkash", bkash.credentials | optional, base_url=bkash.url)
    assert isinstance(end, PaymentGatewayChanged)
    assert not end.unverified
    _, invoice, token = await online.bill(total)
    page = await online.checkout(token, "bkash")
    assert page.startswith(bkash.url)
    return invoice, token


async def come_back(online: Online, url: str) -> str:
    """The browser's return, while the service does its work; the page."""
    seen = asyncio.create_task(online.browser.get(url))
    while not seen.done():
        await online.look()
        await asyncio.sleep(0.05)
    answer = await seen
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_an_address_that_is_none_keeps_no_other_gateway_waiting(
    online: Online, bkash: BkashSimulator
) -> None:
    for address in ("http://xn--", "http://[::", "http://a:b"):
        assert (await online.configure("bkash", bkash.credentials, base_url=address)).unverified
    end = await online.configure("bkash", bkash.credentials, base_url=bkash.url)
    assert not end.unverified


async def test_wrong_credentials_are_refused_and_silence_is_unverified(
    online: Online, bkash: BkashSimulator
) -> None:
    end = await online.configure("bkash", bkash.credentials | {"app_key": "wrong"}, base_url=bkash.url)
    assert isinstance(end, CommandRefused)
    assert (end.code, "Invalid App Key" in end.detail) == ("credentials-refused", True)
    bkash.is_down = True
    end = await online.configure("bkash", bkash.credentials, base_url=bkash.url)
    assert isinstance(end, PaymentGatewayChanged)
    assert end.unverified


async def test_a_bill_is_paid_with_bkash(online: Online, bkash: BkashSimulator) -> None:
    invoice, _ = await begun(online, bkash)
    page = await come_back(online, bkash.agree())
    assert "Paid. Thank you." in page
    assert bkash.only.trx_id in page
    (recorded,) = await online.harness.said_of(PaymentRecorded)
    payment = recorded.payments[0]
    assert (payment.external_id, payment.source, payment.recorded_by) == (
        bkash.only.trx_id, "provider:bkash", "provider:bkash",
    )  # fmt: skip
    assert (await online.harness.paid(invoice), bkash.only.executions, bkash.grants) == (105_000, 1, 1)
    assert bkash.only.amount == "1050.00"


async def test_a_return_shows_the_receipt_again_in_another_browser_and_executes_once(
    online: Online, bkash: BkashSimulator
) -> None:
    await begun(online, bkash)
    back = bkash.agree()
    pages = [await come_back(online, back) for _ in range(3)]
    pages.append(await come_back(online, back.partition("?")[0]))
    assert all("Paid. Thank you." in page for page in pages)
    assert bkash.only.executions == 1


@pytest.mark.parametrize("trap", ["execute_breaks", "execute_stalls"])
async def test_an_execution_without_an_answer_is_only_ever_asked_about(
    online: Online, bkash: BkashSimulator, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_EXECUTE_SECONDS", 1.0)
    invoice, _ = await begun(online, bkash)
    bkash.initiated_queries = 2
    if trap == "execute_breaks":
        bkash.execute_breaks = True
    else:
        bkash.execute_stalls_seconds = 3.0
    assert "We are checking with bKash" in await come_back(online, bkash.agree())
    assert await online.harness.paid(invoice) == 0
    for minutes in (1, 5, 30, 60):
        await online.look(later_minutes=minutes)
    assert (await online.harness.paid(invoice), bkash.only.executions) == (105_000, 1)
    assert len(await online.harness.said_of(PaymentRecorded)) == 1


async def test_killed_between_executing_and_saving_the_payment_is_found_by_asking(
    online: Online, bkash: BkashSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, _ = await begun(online, bkash)
    back = bkash.agree()

    async def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr("services.payments.senders.settle", die)
        online.browser.timeout = None
        await online.harness.pool.execute(
            "UPDATE checkout SET execute = TRUE, returned_at = $1, heard_at = $1, next_look_at = $1",
            clock.now() - timedelta(seconds=1),
        )
        with pytest.raises(SystemExit):
            await online.look()
    assert (bkash.only.executions, await online.harness.paid(invoice)) == (1, 0)
    await online.look(later_minutes=2)  # the lease is over
    assert (bkash.only.executions, await online.harness.paid(invoice)) == (1, 105_000)
    assert "Paid. Thank you." in await come_back(online, back)


async def test_a_notification_of_another_topic_is_refused_and_has_nobody_asked(
    online: Online, bkash: BkashSimulator
) -> None:
    """Everybody may make a topic of SNS and sign by it: once all accounts name theirs, no other counts."""
    invoice, _ = await begun(online, bkash, topic_arn=sns.TOPIC)
    bkash.agree()
    bkash.complete(bkash.only)
    reference, now = bkash.only.invoice, datetime.now(UTC)
    for body in (
        sns.notification(now, reference, topic=f"{sns.TOPIC}-of-somebody-else"),
        sns.confirmation(now, topic=f"{sns.TOPIC}-of-somebody-else"),
    ):
        assert (await online.notify(body)).status_code == 401
    await online.look()
    assert (bkash.queries, (await online.row())["heard_at"], await online.harness.paid(invoice)) == (
        0,
        None,
        0,
    )
    answer = await online.notify(sns.notification(now, reference))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "heard")
    await online.look()
    assert await online.harness.paid(invoice) == 105_000


async def test_until_every_account_names_its_topic_any_is_heard_and_all_that_it_does_is_to_have_bkash_asked(
    online: Online, bkash: BkashSimulator
) -> None:
    invoice, _ = await begun(online, bkash)
    answer = await online.notify(sns.notification(datetime.now(UTC), bkash.only.invoice, topic="any"))
    assert answer.status_code == 200
    await online.look()
    assert (bkash.queries, bkash.only.executions, await online.harness.paid(invoice)) == (1, 0, 0)


async def test_a_callback_that_is_lost_is_found_by_the_janitor(online: Online, bkash: BkashSimulator) -> None:
    """Agreed and executed at bKash (as after a kill), and nobody told us."""
    invoice, _ = await begun(online, bkash)
    bkash.agree()
    bkash.complete(bkash.only)
    await online.look()
    assert await online.harness.paid(invoice) == 0
    await online.look(later_minutes=1)
    assert await online.harness.paid(invoice) == 105_000


async def test_the_janitor_asks_less_and_less_often_until_the_lifetime_ends(
    online: Online, bkash: BkashSimulator
) -> None:
    await begun(online, bkash)
    moments = []
    for _ in range(5):
        row = await online.row()
        moments.append(round((row["next_look_at"] - row["created_at"]).total_seconds() / 60))
        await online.look(later_minutes=(row["next_look_at"] - clock.now()).total_seconds() / 60 + 0.01)
    assert moments == [1, 5, 30, 90, 150]
    await online.look(later_minutes=25 * 60)
    assert [each.state for each in await online.harness.said_of(CheckoutChanged)] == ["open", "expired"]
    before = bkash.queries
    await online.look(later_minutes=24 * 60)
    assert bkash.queries == before


async def test_a_return_crossed_with_another_bills_pays_neither_wrongly(
    online: Online, bkash: BkashSimulator
) -> None:
    first, _ = await begun(online, bkash, 105_000)
    _, second, token = await online.bill(70_000, code="C-2")
    await online.checkout(token, "bkash")
    ours, theirs = bkash.payments.values()
    ours.is_agreed = True
    crossed = bkash.back(ours, "success").replace(ours.payment_id, theirs.payment_id)
    await come_back(online, crossed)
    assert [await online.harness.paid(each) for each in (first, second)] == [0, 0]
    assert (ours.executions, theirs.executions) == (0, 0)
    await come_back(online, bkash.back(ours, "success"))
    assert [await online.harness.paid(each) for each in (first, second)] == [105_000, 0]


async def test_a_return_before_the_customer_agreed_does_not_spend_the_execution(
    online: Online, bkash: BkashSimulator
) -> None:
    invoice, _ = await begun(online, bkash)
    await come_back(online, bkash.back(bkash.only, "success"))
    await come_back(online, bkash.agree())
    assert await online.harness.paid(invoice) == 105_000


@pytest.mark.parametrize("trap", [{"charges": "1049.99"}, {"currency": "USD"}])
async def test_what_was_not_asked_for_is_held(
    online: Online, bkash: BkashSimulator, trap: dict[str, str]
) -> None:
    invoice, _ = await begun(online, bkash)
    for name, value in trap.items():
        setattr(bkash, name, value)
    assert "look at it by hand" in await come_back(online, bkash.agree())
    (held,) = await online.harness.said_of(PaymentHeld)
    assert (held.source, held.payment_id, held.invoice_id) == ("provider:bkash", bkash.only.trx_id, invoice)
    assert held.reason == ("amount-mismatch" if "charges" in trap else "currency-mismatch")
    assert await online.harness.paid(invoice) == 0


@pytest.mark.parametrize("style", ["statusCode", "errorCode"])
async def test_a_refusal_at_the_beginning_takes_nothing_and_says_so(
    online: Online, bkash: BkashSimulator, style: str
) -> None:
    await online.configure("bkash", bkash.credentials, base_url=bkash.url)
    _, _, token = await online.bill()
    bkash.create_refuses, bkash.error_style = "2029", style
    answer = await online.browser.post(f"/pay/{token}/checkout", data={"provider": "bkash"})
    assert (answer.status_code, "2029" in answer.text) == (422, True)
    bkash.create_refuses = None
    await online.checkout(token, "bkash")
    bkash.is_down = True
    away = await online.browser.post(
        f"/pay/{token}/checkout", data={"provider": "bkash", "amount_minor": "500"}
    )
    assert (away.status_code, "No money was taken" in away.text) == (503, True)


async def test_a_customer_who_cancels_may_try_again_under_a_new_reference(
    online: Online, bkash: BkashSimulator
) -> None:
    _, token = await begun(online, bkash)
    assert "It was not paid" in await come_back(online, bkash.back(bkash.only, "cancel"))
    await online.checkout(token, "bkash")
    first, second = bkash.payments.values()
    assert first.invoice != second.invoice


async def test_one_token_serves_everybody_and_a_text_of_its_time_is_read(
    online: Online, bkash: BkashSimulator
) -> None:
    bkash.expires_in, bkash.token_delay_seconds = "3600", 0.3
    await online.configure("bkash", bkash.credentials, base_url=bkash.url)
    online.tills.outside.tokens.known.clear()
    bkash.grants = 0
    tokens = [(await online.bill(1_000, code=f"C-{n}"))[2] for n in range(4)]
    await asyncio.gather(*(online.checkout(token, "bkash") for token in tokens))
    assert bkash.grants == 1
    bkash.tokens.clear()  # no longer taken: replaced once
    _, _, token = await online.bill(1_000, code="C-9")
    await online.checkout(token, "bkash")
    assert bkash.grants + bkash.refreshes == 2


async def test_one_token_serves_all_replicas_and_rests_sealed(online: Online, bkash: BkashSimulator) -> None:
    bkash.token_delay_seconds = 0.3
    await begun(online, bkash)
    bkash.grants = 0
    replicas = [
        Outside(online.client, "http://pay.test", Tokens(SharedTokens(OFFICE, lambda: online.harness.pool)))
        for _ in range(3)
    ]

    async def check(each: Outside) -> None:
        await each.bkash(bkash.credentials, bkash.url).check()

    async def ask(each: Outside) -> None:
        attempt = online.tills.attempt(row, None)
        await each.bkash(bkash.credentials, bkash.url).ask(attempt)

    await asyncio.gather(*(check(each) for each in replicas for _ in range(4)))
    assert bkash.grants == 1
    kept = dict(await online.harness.pool.fetchrow("SELECT * FROM provider_token"))
    assert kept["leased_until"] is None
    (text,) = {token.text for each in replicas for token in each.tokens.known.values()}
    assert text not in str(kept)
    row = await online.row()
    bkash.tokens.clear()  # no longer taken: one replica replaces it for all
    await asyncio.gather(*(ask(each) for each in replicas))
    assert bkash.grants + bkash.refreshes == 2


async def test_credentials_that_are_refused_leave_no_token(online: Online, bkash: BkashSimulator) -> None:
    keeper = Tokens(SharedTokens(OFFICE, lambda: online.harness.pool))
    wrong = bkash.credentials | {"password": "wrong"}
    with pytest.raises(CredentialsRefused):
        await Outside(online.client, "http://pay.test", keeper).bkash(wrong, bkash.url).check()
    assert await online.harness.pool.fetchval("SELECT count(*) FROM provider_token") == 0


async def test_a_lease_that_was_lost_and_a_provider_that_is_away_leave_the_token_that_still_counts(
    online: Online, bkash: BkashSimulator
) -> None:
    keeper, calls = SharedTokens(OFFICE, lambda: online.harness.pool), []

    async def fetch(known: Token | None) -> Token:
        calls.append(known)
        if len(calls) > 1:
            raise NoAnswer("away")
        return Token("first", time.time() + 60.0)

    first = await keeper.renew("k", None, fetch)
    assert not first.is_fresh
    assert (await keeper.renew("k", None, fetch)).text == "first"
    with pytest.raises(NoAnswer):
        await keeper.renew("k", "first", fetch)
    await online.meddle("UPDATE provider_token SET leased_until = now() - interval '1 second'")
    assert (await keeper.renew("k", None, fetch)).text == "first"


async def test_an_unknown_outcome_is_a_persons_business(online: Online, bkash: BkashSimulator) -> None:
    await begun(online, bkash)
    bkash.agree()
    bkash.complete(bkash.only)
    bkash.is_down = True
    await online.look(later_minutes=49 * 60)
    changed = (await online.harness.said_of(CheckoutChanged))[-1]
    assert (changed.state, changed.problem) == ("unknown", "outcome-unknown")
    bkash.is_down = False
    ask = SettleCheckout(
        actor=CLERK, checkout_id=changed.checkout_id, customer_id=changed.customer_id, action="ask"
    )
    end = await online.harness.ask(ask)
    assert isinstance(end, CheckoutChanged)
    await online.look()
    assert len(await online.harness.said_of(PaymentRecorded)) == 1


async def test_no_secret_is_logged_or_said(
    online: Online,
    bkash: BkashSimulator,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG, logger="services")
    await begun(online, bkash)
    bkash.is_down = True
    await come_back(online, bkash.agree())
    said = await online.harness.pool.fetch("SELECT payload FROM outbox")
    everything = caplog.text + "".join(capsys.readouterr()) + "".join(row["payload"] for row in said)
    for secret in ("sim-secret", "sim-pass"):
        assert secret not in everything
    row = await online.harness.pool.fetchrow("SELECT * FROM payment_gateway")
    with pytest.raises(SecretsLost):
        online.tills.secrets_of(dict(row) | {"sealed": row["sealed"][:-4] + "AAAA"})
