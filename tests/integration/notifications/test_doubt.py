"""What nobody knows the end of is asked about where the provider can tell, and never sent again by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from devstack.simulators.sms import Provider
from services.notifications import senders
from shared import clock
from shared.contracts.notifications import MessageFailed, MessageSent, MessageUnknown, SettleMessage
from shared.ids import new_id
from tests.integration.notifications.desk import CLERK, LINK, PALLABI, Desk, sealed


async def test_a_call_without_an_answer_is_unknown_and_stays_it_where_nobody_can_tell(desk: Desk) -> None:
    await desk.configure("bulksmsbd", priority=1)
    await desk.configure("sandbox", priority=2)
    desk.simulator.bulksmsbd.traps.timeout_every = 1
    message = desk.message()
    await desk.send(message)
    said = await desk.last(message.message_id)
    assert isinstance(said, MessageUnknown)
    assert (said.code, said.cost_minor) == ("no-answer", 35)
    for _ in range(3):
        await desk.let_time_pass()
        await desk.ask_providers()
        await desk.work()
    assert len(desk.simulator.bulksmsbd.sent) == len(desk.simulator.bulksmsbd.requests) == 1
    assert await desk.pool.fetchval("SELECT count(*) FROM sandbox_message") == 0  # no fallback in doubt
    assert (await desk.last(message.message_id)).state == "unknown"


@pytest.mark.parametrize("provider", ["bulksmsbd", "http"])
async def test_a_server_that_fails_after_having_sent_is_not_asked_to_send_again(
    desk: Desk, provider: str
) -> None:
    await desk.configure(provider, priority=1)  # type: ignore[arg-type]
    await desk.configure("sandbox", priority=2)
    simulated: Provider = getattr(desk.simulator, {"http": "generic"}.get(provider, provider))
    simulated.traps.break_every = 1
    message = desk.message()
    await desk.send(message)
    assert (await desk.last(message.message_id)).state == "unknown"
    assert len(simulated.sent) == 1


async def test_a_gateway_that_cannot_be_reached_has_sent_nothing(desk: Desk) -> None:
    await desk.configure("bulksmsbd", priority=1, base_url="http://127.0.0.1:9")
    await desk.configure("sandbox", priority=2)
    message = desk.message()
    await desk.send(message)
    assert (await desk.last(message.message_id)).state == "sent"
    assert await desk.attempts(message.message_id) == ["not-taken", "taken"]


async def killed_while_sending(desk: Desk) -> tuple[senders.Sender, senders.Message]:
    """A replica that claimed a message and is gone before it could say what came of it."""
    message = desk.message()
    await desk.send(message, work=False)
    gone = desk.another_sender(lease_seconds=0.0)
    (row,) = [row async for row in senders.queries.gateways_with_work(desk.pool)]
    (claimed,) = await gone._claim(desk.pool, senders.store.gateway_of(row), 1, 16)
    return gone, claimed


async def test_a_message_whose_sender_was_killed_is_unknown_and_not_sent_again(desk: Desk) -> None:
    await desk.configure("bulksmsbd")
    _, claimed = await killed_while_sending(desk)
    await desk.work()
    assert (await desk.last(claimed.message_id)).state == "sending"
    await senders.give_up_lost_leases(desk.pool)
    await senders.give_up_lost_leases(desk.pool)
    await desk.work()
    said = [each.state for each in await desk.states(claimed.message_id)]
    assert said == ["queued", "sending", "unknown"]
    assert desk.simulator.bulksmsbd.requests == []


async def test_who_wakes_with_an_answer_tells_what_became_of_it(desk: Desk) -> None:
    await desk.configure("bulksmsbd")
    gone, claimed = await killed_while_sending(desk)
    await senders.give_up_lost_leases(desk.pool)
    await senders.end_attempt(desk.pool, claimed, senders.Taken("202"), holder=gone.holder)
    assert (await desk.last(claimed.message_id)).state == "sent"
    await senders.end_attempt(desk.pool, claimed, senders.NotTaken("gateway"), holder=gone.holder)
    assert (await desk.last(claimed.message_id)).state == "sent"


async def test_who_wakes_after_a_person_has_settled_it_changes_nothing(desk: Desk) -> None:
    await desk.configure("bulksmsbd")
    gone, claimed = await killed_while_sending(desk)
    await senders.give_up_lost_leases(desk.pool)
    await desk.ask(SettleMessage(actor=CLERK, message_id=claimed.message_id, outcome="failed"))
    await senders.end_attempt(desk.pool, claimed, senders.Taken("202"), holder=gone.holder)
    said = await desk.last(claimed.message_id)
    assert (said.state, said.code, said.detail) == ("failed", "settled", "settled by Clerk")


async def test_who_stood_still_until_the_lease_ran_out_sends_nothing(desk: Desk) -> None:
    gateway = await desk.configure("bulksmsbd")
    gone, claimed = await killed_while_sending(desk)
    row = await senders.queries.gateway(desk.pool, gateway_id=gateway.gateway_id)
    await gone._take(desk.pool, senders.store.gateway_of(row), claimed, until=0.0)
    assert desk.simulator.bulksmsbd.requests == []
    waiting = await desk.last(claimed.message_id)
    assert (waiting.state, waiting.code) == ("queued", "too-late")


async def test_two_replicas_that_give_up_the_same_lease_say_so_once(desk: Desk) -> None:
    await desk.configure("bulksmsbd")
    _, claimed = await killed_while_sending(desk)
    await asyncio.gather(*[senders.give_up_lost_leases(desk.pool) for _ in range(3)])
    assert [each.state for each in await desk.states(claimed.message_id)].count("unknown") == 1


async def test_ssl_wireless_is_asked_by_the_reference_and_had_it(desk: Desk) -> None:
    await desk.configure("sslwireless")
    desk.simulator.sslwireless.traps.timeout_every = 1
    message = desk.message()
    await desk.send(message)
    assert (await desk.last(message.message_id)).state == "unknown"
    desk.simulator.sslwireless.traps.timeout_every = 0
    await desk.ask_providers()
    assert isinstance(await desk.last(message.message_id), MessageSent)
    assert len(desk.simulator.sslwireless.sent) == 1
    assert len(desk.simulator.sslwireless.requests) == 2


async def test_ssl_wireless_is_asked_by_the_reference_and_sends_what_never_arrived(desk: Desk) -> None:
    await desk.configure("sslwireless")
    traps = desk.simulator.sslwireless.traps
    traps.timeout_every, traps.sends_before_timeout = 1, False
    message = desk.message()
    await desk.send(message)
    traps.timeout_every = 0
    await desk.ask_providers()
    assert isinstance(await desk.last(message.message_id), MessageSent)
    assert len(desk.simulator.sslwireless.sent) == 1


async def test_ssl_wireless_forgets_references_at_midnight_so_yesterdays_is_not_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.configure("sslwireless")
    desk.simulator.sslwireless.traps.timeout_every = 1
    message = desk.message()
    await desk.send(message)
    desk.simulator.csms_ids.clear()
    monkeypatch.setattr(clock, "_offset", lambda: timedelta(days=1))
    desk.simulator.sslwireless.traps.timeout_every = 0
    await desk.ask_providers()
    assert (await desk.last(message.message_id)).state == "unknown"
    assert len(desk.simulator.sslwireless.sent) == 1


async def test_twilio_is_asked_by_number_and_words_and_had_it(desk: Desk) -> None:
    await desk.configure("twilio")
    desk.simulator.twilio.traps.timeout_every = 1
    message = desk.message()
    await desk.send(message)
    assert (await desk.last(message.message_id)).state == "unknown"
    await desk.let_time_pass()
    await desk.sender.ask(desk.pool)
    assert isinstance(await desk.last(message.message_id), MessageSent)
    assert len(desk.simulator.twilio.sent) == 1
    row = await desk.row(message.message_id)
    assert row["reference"] == desk.simulator.messages[0]["sid"]


async def test_twilio_that_never_had_it_lets_it_go_by_the_next_gateway_after_half_an_hour(desk: Desk) -> None:
    await desk.configure("twilio", priority=1)
    await desk.configure("sandbox", priority=2)
    traps = desk.simulator.twilio.traps
    traps.timeout_every, traps.sends_before_timeout = 1, False
    message = desk.message()
    await desk.send(message)
    traps.timeout_every = 0
    for _ in range(3):
        await desk.let_time_pass()
        await desk.sender.ask(desk.pool)
        assert (await desk.last(message.message_id)).state == "unknown"
    await desk.let_time_pass()
    await desk.sender.ask(desk.pool)
    await desk.work()
    assert (await desk.last(message.message_id)).state == "sent"
    assert await desk.attempts(message.message_id) == ["not-taken", "taken"]
    assert desk.simulator.twilio.sent == []


async def test_twilio_has_an_older_message_of_the_same_words_which_is_not_this_one(desk: Desk) -> None:
    await desk.configure("twilio")
    values = {"customer": "N", "amount": "1"}
    message = desk.message(template="payment-received", sealed_url=None, values=values)
    desk.simulator.messages.append(
        {
            "sid": "SMold",
            "to": "+8801711000412",
            "body": "Dear N, we received BDT 1. Thank you. - Pallabi Link",
            "status": "delivered",
            "date_created": "Mon, 14 Dec 2020 08:02:11 +0000",
        }
    )
    traps = desk.simulator.twilio.traps
    traps.timeout_every, traps.sends_before_timeout = 1, False
    await desk.send(message)
    traps.timeout_every = 0
    await desk.let_time_pass()
    await desk.sender.ask(desk.pool)
    assert (await desk.last(message.message_id)).state == "unknown"


async def test_a_person_settles_what_is_unknown_and_nothing_else(desk: Desk) -> None:
    await desk.configure("bulksmsbd")
    desk.simulator.bulksmsbd.traps.timeout_every = 1
    first, second = desk.message(), desk.message()
    await desk.send(first, second)
    has_it = SettleMessage(actor=CLERK, message_id=first.message_id, outcome="sent", note="they have it")
    sent = await desk.ask(has_it)
    assert isinstance(sent, MessageSent)
    assert (sent.detail, sent.cost_minor) == ("they have it", 35)
    failed = await desk.ask(SettleMessage(actor=CLERK, message_id=second.message_id, outcome="failed"))
    assert isinstance(failed, MessageFailed)
    assert failed.cost_minor is None
    assert (await desk.refusal(has_it)).code == "not-unknown"
    assert (await desk.refusal(has_it.model_copy(update={"scope": new_id()}))).code == "not-found"
    assert [await desk.attempts(each.message_id) for each in (first, second)] == [["taken"], ["not-taken"]]


@pytest.mark.parametrize("provider", ["bulksmsbd", "sslwireless", "twilio", "http"])
async def test_in_a_burst_each_is_sent_once_or_honestly_unknown(desk: Desk, provider: str) -> None:
    """Every tenth call fails, every fiftieth is not answered, two replicas send."""
    desk.call_seconds = 5.0  # the simulator shares its processor with the senders
    desk.sender = desk.another_sender()
    await desk.configure(provider)  # type: ignore[arg-type]
    simulated: Provider = getattr(desk.simulator, {"http": "generic"}.get(provider, provider))
    simulated.traps.fail_every, simulated.traps.timeout_every = 10, 50
    messages = [
        desk.message(
            bulk_action_id=new_id(),
            mobile=f"+88017110{number:05d}",
            sealed_url=sealed({"url": f"{LINK}{number:05d}"}, "link", PALLABI),
        )
        for number in range(300)
    ]
    await desk.tell(*messages, lane=1)
    twin = desk.another_sender()
    for _ in range(7):
        await asyncio.gather(desk.work(), desk.work(twin))
        await desk.let_time_pass()
    sent = Counter(sms.to.removeprefix("+") for sms in simulated.sent)
    assert max(sent.values()) == 1
    unknown = await desk.pool.fetch("SELECT mobile FROM message WHERE state = 'unknown'")
    counts = await desk.counted()
    assert counts.keys() <= {"sent", "unknown"}
    assert counts["unknown"] >= 6  # each fiftieth; a slow machine answers others too late as well
    told = {row["mobile"].removeprefix("+") for row in await desk.pool.fetch("SELECT mobile FROM message")}
    assert told - sent.keys() == set()  # the simulator had sent before it stalled
    assert {row["mobile"].removeprefix("+") for row in unknown} <= sent.keys()
    if provider in ("sslwireless", "twilio"):
        simulated.traps.fail_every = simulated.traps.timeout_every = 0
        await desk.ask_providers()
        assert await desk.counted() == {"sent": 300}
        assert Counter(sms.to.removeprefix("+") for sms in simulated.sent) == sent


async def test_the_database_itself_refuses_a_second_attempt_beside_one_that_may_have_sent(desk: Desk) -> None:
    await desk.configure("bulksmsbd")
    _, claimed = await killed_while_sending(desk)
    with pytest.raises(Exception, match="attempt_that_may_have_sent_is_one"):
        await senders.queries.begin_attempts(
            desk.pool,
            message_ids=[claimed.message_id],
            numbers=[2],
            gateway_id=claimed.gateway_id,
            provider="bulksmsbd",
            now=datetime.now(UTC),
        )
