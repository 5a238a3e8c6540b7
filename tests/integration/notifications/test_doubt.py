"""What nobody knows the end of is asked about where the provider can tell, and never sent again by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from devstack.simulators.sms import Provider
from services.notifications import senders, store
from services.notifications.providers.job import CALL_SECONDS
from shared import clock
from shared.contracts.notifications import MessageFailed, MessageSent, MessageUnknown, SettleMessage
from shared.ids import new_id
from tests.integration.notifications.harness import CLERK, LINK, PALLABI, NotificationsHarness, sealed


async def test_a_call_without_an_answer_is_unknown_and_stays_it_where_nobody_can_tell(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("bulksmsbd", priority=1)
    await harness.configure("sandbox", priority=2)
    message = harness.message()
    with harness.unanswered(harness.simulator.bulksmsbd):
        await harness.send(message)
    said = await harness.last(message.message_id)
    assert isinstance(said, MessageUnknown)
    assert (said.code, said.cost_minor) == ("no-answer", 35)
    for _ in range(3):
        await harness.let_time_pass()
        await harness.ask_providers()
        await harness.work()
    assert len(harness.simulator.bulksmsbd.sent) == len(harness.simulator.bulksmsbd.requests) == 1
    assert await harness.pool.fetchval("SELECT count(*) FROM sandbox_message") == 0  # no fallback in doubt
    assert (await harness.last(message.message_id)).state == "unknown"


@pytest.mark.parametrize("provider", ["bulksmsbd", "http"])
async def test_a_server_that_fails_after_having_sent_is_not_asked_to_send_again(
    harness: NotificationsHarness, provider: str
) -> None:
    await harness.configure(provider, priority=1)  # type: ignore[arg-type]
    await harness.configure("sandbox", priority=2)
    simulated: Provider = getattr(harness.simulator, {"http": "generic"}.get(provider, provider))
    simulated.traps.break_every = 1
    message = harness.message()
    await harness.send(message)
    assert (await harness.last(message.message_id)).state == "unknown"
    assert len(simulated.sent) == 1


async def test_a_gateway_that_cannot_be_reached_has_sent_nothing(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd", priority=1, base_url="http://127.0.0.1:9")
    await harness.configure("sandbox", priority=2)
    message = harness.message()
    await harness.send(message)
    assert (await harness.last(message.message_id)).state == "sent"
    assert await harness.attempts(message.message_id) == ["not-taken", "taken"]


async def killed_while_sending(harness: NotificationsHarness) -> tuple[senders.Sender, senders.Message]:
    """A replica that claimed a message and is gone before it could say what came of it."""
    message = harness.message()
    await harness.send(message, work=False)
    gone = harness.another_sender(lease_seconds=0.0)
    (gateway,) = await store.gateways_with_work(harness.pool)
    (claimed,) = await gone._claim(harness.pool, gateway, 1, 16)
    return gone, claimed


async def test_a_message_whose_sender_was_killed_is_unknown_and_not_sent_again(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("bulksmsbd")
    _, claimed = await killed_while_sending(harness)
    await harness.work()
    assert (await harness.last(claimed.message_id)).state == "sending"
    await senders.give_up_lost_leases(harness.pool)
    await senders.give_up_lost_leases(harness.pool)
    await harness.work()
    said = [each.state for each in await harness.states(claimed.message_id)]
    assert said == ["queued", "sending", "unknown"]
    assert harness.simulator.bulksmsbd.requests == []


async def test_who_wakes_with_an_answer_tells_what_became_of_it(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    gone, claimed = await killed_while_sending(harness)
    await senders.give_up_lost_leases(harness.pool)
    await senders.end_attempt(harness.pool, claimed, senders.Taken("202"), holder=gone.holder)
    assert (await harness.last(claimed.message_id)).state == "sent"
    await senders.end_attempt(harness.pool, claimed, senders.NotTaken("gateway"), holder=gone.holder)
    assert (await harness.last(claimed.message_id)).state == "sent"


async def test_who_wakes_after_a_person_has_settled_it_changes_nothing(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    gone, claimed = await killed_while_sending(harness)
    await senders.give_up_lost_leases(harness.pool)
    await harness.ask(SettleMessage(actor=CLERK, message_id=claimed.message_id, outcome="failed"))
    await senders.end_attempt(harness.pool, claimed, senders.Taken("202"), holder=gone.holder)
    said = await harness.last(claimed.message_id)
    assert (said.state, said.code, said.detail) == ("failed", "settled", "settled by Clerk")


async def test_who_stood_still_until_the_lease_ran_out_sends_nothing(harness: NotificationsHarness) -> None:
    gateway = await harness.configure("bulksmsbd")
    gone, claimed = await killed_while_sending(harness)
    row = await store.gateway(harness.pool, gateway.gateway_id)
    assert row is not None
    await gone._take(harness.pool, store.gateway_of(row), claimed, until=0.0)
    assert harness.simulator.bulksmsbd.requests == []
    waiting = await harness.last(claimed.message_id)
    assert (waiting.state, waiting.code) == ("queued", "too-late")


async def test_two_replicas_that_give_up_the_same_lease_say_so_once(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    _, claimed = await killed_while_sending(harness)
    await asyncio.gather(*[senders.give_up_lost_leases(harness.pool) for _ in range(3)])
    assert [each.state for each in await harness.states(claimed.message_id)].count("unknown") == 1


async def test_ssl_wireless_is_asked_by_the_reference_and_had_it(harness: NotificationsHarness) -> None:
    await harness.configure("sslwireless")
    message = harness.message()
    with harness.unanswered(harness.simulator.sslwireless):
        await harness.send(message)
    assert (await harness.last(message.message_id)).state == "unknown"
    await harness.ask_providers()
    assert isinstance(await harness.last(message.message_id), MessageSent)
    assert len(harness.simulator.sslwireless.sent) == 1
    assert len(harness.simulator.sslwireless.requests) == 2


async def test_ssl_wireless_is_asked_by_the_reference_and_sends_what_never_arrived(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sslwireless")
    message = harness.message()
    with harness.unanswered(harness.simulator.sslwireless, sends=False):
        await harness.send(message)
    await harness.ask_providers()
    assert isinstance(await harness.last(message.message_id), MessageSent)
    assert len(harness.simulator.sslwireless.sent) == 1


async def test_ssl_wireless_forgets_references_at_midnight_so_yesterdays_is_not_sent_again(
    harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.configure("sslwireless")
    message = harness.message()
    with harness.unanswered(harness.simulator.sslwireless):
        await harness.send(message)
    harness.simulator.csms_ids.clear()
    monkeypatch.setattr(clock, "_offset", lambda: timedelta(days=1))
    await harness.ask_providers()
    assert (await harness.last(message.message_id)).state == "unknown"
    assert len(harness.simulator.sslwireless.sent) == 1


async def test_twilio_is_asked_by_number_and_words_and_had_it(harness: NotificationsHarness) -> None:
    await harness.configure("twilio")
    message = harness.message()
    with harness.unanswered(harness.simulator.twilio):
        await harness.send(message)
    assert (await harness.last(message.message_id)).state == "unknown"
    await harness.let_time_pass()
    await harness.sender.ask(harness.pool)
    assert isinstance(await harness.last(message.message_id), MessageSent)
    assert len(harness.simulator.twilio.sent) == 1
    row = await harness.row(message.message_id)
    assert row["reference"] == harness.simulator.messages[0]["sid"]


async def test_twilio_that_never_had_it_lets_it_go_by_the_next_gateway_after_half_an_hour(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("twilio", priority=1)
    await harness.configure("sandbox", priority=2)
    message = harness.message()
    with harness.unanswered(harness.simulator.twilio, sends=False):
        await harness.send(message)
    for _ in range(3):
        await harness.let_time_pass()
        await harness.sender.ask(harness.pool)
        assert (await harness.last(message.message_id)).state == "unknown"
    await harness.let_time_pass()
    await harness.sender.ask(harness.pool)
    await harness.work()
    assert (await harness.last(message.message_id)).state == "sent"
    assert await harness.attempts(message.message_id) == ["not-taken", "taken"]
    assert harness.simulator.twilio.sent == []


async def test_twilio_has_an_older_message_of_the_same_words_which_is_not_this_one(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("twilio")
    values = {"customer": "N", "amount": "1"}
    message = harness.message(template="payment-received", sealed_url=None, values=values)
    harness.simulator.messages.append(
        {
            "sid": "SMold",
            "to": "+8801711000412",
            "body": "Dear N, we received BDT 1. Thank you. - Pallabi Link",
            "status": "delivered",
            "date_created": "Mon, 14 Dec 2020 08:02:11 +0000",
        }
    )
    with harness.unanswered(harness.simulator.twilio, sends=False):
        await harness.send(message)
    await harness.let_time_pass()
    await harness.sender.ask(harness.pool)
    assert (await harness.last(message.message_id)).state == "unknown"


async def test_a_person_settles_what_is_unknown_and_nothing_else(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    first, second = harness.message(), harness.message()
    with harness.unanswered(harness.simulator.bulksmsbd):
        await harness.send(first, second)
    has_it = SettleMessage(actor=CLERK, message_id=first.message_id, outcome="sent", note="they have it")
    sent = await harness.ask(has_it)
    assert isinstance(sent, MessageSent)
    assert (sent.detail, sent.cost_minor) == ("they have it", 35)
    failed = await harness.ask(SettleMessage(actor=CLERK, message_id=second.message_id, outcome="failed"))
    assert isinstance(failed, MessageFailed)
    assert failed.cost_minor is None
    assert (await harness.refusal(has_it)).code == "not-unknown"
    assert (await harness.refusal(has_it.model_copy(update={"scope": new_id()}))).code == "not-found"
    assert [await harness.attempts(each.message_id) for each in (first, second)] == [["taken"], ["not-taken"]]


@pytest.mark.parametrize("provider", ["bulksmsbd", "sslwireless", "twilio", "http"])
async def test_in_a_burst_each_is_sent_once_or_honestly_unknown(
    harness: NotificationsHarness, provider: str
) -> None:
    """Every tenth call fails, every fiftieth is not answered, two replicas send."""
    harness.call_seconds = 5.0  # the simulator shares its processor with the senders
    harness.sender = harness.another_sender()
    await harness.configure(provider)  # type: ignore[arg-type]
    simulated: Provider = getattr(harness.simulator, {"http": "generic"}.get(provider, provider))
    simulated.traps.fail_every, simulated.traps.timeout_every = 10, 50
    messages = [
        harness.message(
            bulk_action_id=new_id(),
            mobile=f"+88017110{number:05d}",
            sealed_url=sealed({"url": f"{LINK}{number:05d}"}, "link", PALLABI),
        )
        for number in range(300)
    ]
    await harness.tell(*messages, lane=1)
    twin = harness.another_sender()
    for _ in range(7):
        await asyncio.gather(harness.work(), harness.work(twin))
        await harness.let_time_pass()
    sent = Counter(sms.to.removeprefix("+") for sms in simulated.sent)
    assert max(sent.values()) == 1
    unknown = await harness.pool.fetch("SELECT mobile FROM message WHERE state = 'unknown'")
    counts = await harness.counted()
    assert counts.keys() <= {"sent", "unknown"}
    assert counts["unknown"] >= 6  # each fiftieth; a slow machine answers others too late as well
    told = {row["mobile"].removeprefix("+") for row in await harness.pool.fetch("SELECT mobile FROM message")}
    assert told - sent.keys() <= {row["mobile"].removeprefix("+") for row in unknown}
    if provider in ("sslwireless", "twilio"):
        simulated.traps.fail_every = simulated.traps.timeout_every = 0
        harness.call_seconds = CALL_SECONDS
        harness.sender = harness.another_sender()
        await harness.ask_providers()
        await harness.work()  # what a provider never had goes out now
        assert await harness.counted() == {"sent": 300}
        assert set(Counter(sms.to for sms in simulated.sent).values()) == {1}
        assert len(simulated.sent) == 300


async def test_the_database_itself_refuses_a_second_attempt_beside_one_that_may_have_sent(
    harness: NotificationsHarness,
) -> None:
    row = await store.gateway(harness.pool, (await harness.configure("bulksmsbd")).gateway_id)
    assert row is not None
    _, claimed = await killed_while_sending(harness)
    with pytest.raises(Exception, match="attempt_that_may_have_sent_is_one"):
        await store.begin_attempts(harness.pool, store.gateway_of(row), [replace(claimed, tries=2)])
