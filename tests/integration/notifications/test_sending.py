"""A message is put in line, taken to the gateway of the nearest operator, and what became of it is said."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications import senders
from services.notifications.domain import ssl_reference
from shared import clock
from shared.contracts.envelope import CommandRefused
from shared.contracts.notifications import (
    CancelMessage,
    MessageFailed,
    MessageQueued,
    MessageSent,
    RemoveSmsGateway,
    RetryMessage,
    SaveSmsTemplate,
    SendMessage,
    SmsTemplateChanged,
)
from shared.ids import new_id
from tests.integration.notifications.harness import (
    CLERK,
    LINK,
    MOBILE,
    NEIGHBOUR,
    PALLABI,
    ROOT,
    VALUES,
    ZONE,
    NotificationsHarness,
    sealed,
)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    offset = moment - datetime.now(UTC)
    monkeypatch.setattr(clock, "_offset", lambda: offset)


async def texts(harness: NotificationsHarness) -> list[str]:
    return [
        row["text"] for row in await harness.pool.fetch("SELECT text FROM sandbox_message ORDER BY sent_at")
    ]


async def test_a_message_goes_to_the_inbox_of_the_sandbox_and_says_every_step(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sandbox")
    message = harness.message()
    end = await harness.ask(message)
    assert isinstance(end, MessageQueued)
    assert [each.state for each in await harness.states(message.message_id)] == ["queued", "sending", "sent"]
    assert [each.version for each in await harness.states(message.message_id)] == [1, 2, 3]
    said = await harness.last(message.message_id)
    assert (said.provider, said.segments, said.cost_minor, said.mobile_tail) == ("sandbox", 1, 35, "412")
    assert await texts(harness) == [
        "Dear Nusrat Jahan Mim, your Dec 2026 bill PLB-004187 of BDT 1,050.00 is due 10 Dec. "
        f"Pay: {LINK} - Pallabi Link"
    ]


async def test_without_a_gateway_the_command_is_refused_and_the_bill_shows_why(
    harness: NotificationsHarness,
) -> None:
    message = harness.message()
    refusal = await harness.refusal(message)
    assert (refusal.code, refusal.subject) == ("sms-gateway-not-configured", str(message.message_id))
    (shown,) = await harness.states(message.message_id)
    assert (shown.state, shown.code) == ("failed", "sms-gateway-not-configured")


@pytest.mark.parametrize(
    "field",
    [
        "", " ", "N/A", "-", "null", "🙂", "\u200e", "02-9000123", "0171100041", "017110004123", "+1 555",
        "01711-000412, 01811-000555", "01711000412 01811000555", "01711000412/0181", "01711000412 / N/A 5",
        "Rahim 01711000412", "1.71E+09", "01711000412\n01811000555", "+880171100041201811000555",
    ],
)  # fmt: skip
async def test_a_field_that_is_not_exactly_one_mobile_is_nobodys(
    harness: NotificationsHarness, field: str
) -> None:
    await harness.configure("sandbox")
    assert (await harness.refusal(harness.message(mobile=field))).code == "no-mobile"
    assert await texts(harness) == []


@pytest.mark.parametrize(
    "field",
    ["01711-000412", "1711000412", "8801711000412", "+880 1711-000412", "008801711000412", "০১৭১১০০০৪১২"],
)
async def test_one_mobile_is_found_however_it_is_written(harness: NotificationsHarness, field: str) -> None:
    await harness.configure("sandbox")
    await harness.send(harness.message(mobile=field))
    assert await harness.pool.fetchval("SELECT mobile FROM sandbox_message") == MOBILE


async def test_the_nearest_operator_with_a_gateway_wins_and_nobody_pays_for_anothers_messages(
    harness: NotificationsHarness,
) -> None:
    whole = await harness.configure("sandbox")
    zones = await harness.configure("bulksmsbd", operator_id=ZONE)
    harness.simulator.bulksmsbd.traps.code = 1007
    below, beside, above = [harness.message(operator_id=each) for each in (PALLABI, NEIGHBOUR, ROOT)]
    await harness.send(below, beside, above)
    said = [await harness.last(each.message_id) for each in (below, beside, above)]
    assert [each.gateway_id for each in said] == [zones.gateway_id, whole.gateway_id, whole.gateway_id]
    # The zone's balance is short; the ISP's gateway is not asked to stand in.
    assert [each.state for each in said] == ["failed", "sent", "sent"]


async def test_the_same_message_is_sent_once_however_often_it_is_asked_for(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sandbox")
    message, command_id = harness.message(), new_id()
    await harness.tell(message, message, id=command_id)
    await harness.work()
    await harness.tell(message, id=command_id)
    again = await harness.ask(message)  # under another command
    await harness.work()
    assert isinstance(again, MessageSent)
    assert len(await texts(harness)) == 1
    assert len({end.model_dump_json() for end in await harness.ends(command_id)}) == 1


async def test_bengali_is_said_to_be_unicode_and_counted_so(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    english, bengali = harness.message(), harness.message(language="bn", values=VALUES | {"customer": "নুসরাত"})
    await harness.send(english, bengali)
    first, second = sorted(harness.simulator.bulksmsbd.sent, key=lambda sms: bool(sms.is_unicode))
    assert not first.is_unicode
    assert second.is_unicode
    assert second.text.startswith("নুসরাত, ")
    assert (await harness.last(bengali.message_id)).segments == 2
    assert (await harness.last(bengali.message_id)).cost_minor == 70


async def test_a_text_of_ones_own_counts_for_everybody_below_until_it_is_given_back(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sandbox")

    async def save(operator_id: Any, text: str | None) -> Any:
        return await harness.ask(
            SaveSmsTemplate(
                actor=CLERK, template="payment-link", operator_id=operator_id, language="en", text=text
            )
        )

    assert isinstance(await save(ROOT, "ISP: {link}"), SmsTemplateChanged)
    await save(ZONE, "Zone: {link}।")
    await harness.send(harness.message())
    assert (await texts(harness))[-1] == f"Zone: {LINK} ।"
    assert (await save(ZONE, None)).version == 2
    await harness.send(harness.message())
    assert (await texts(harness))[-1] == f"ISP: {LINK}"
    await save(ROOT, None)
    await harness.send(harness.message())
    assert (await texts(harness))[-1].startswith("Dear Nusrat")
    refusal = await save(ROOT, "no link")
    assert isinstance(refusal, CommandRefused)
    assert (refusal.code, refusal.field) == ("text-unsendable", "text")


async def test_a_link_that_was_sealed_for_another_operator_is_not_sent(harness: NotificationsHarness) -> None:
    await harness.configure("sandbox")
    other = sealed({"url": LINK}, "link", NEIGHBOUR)
    for wrong in (other, sealed({"url": "javascript:alert(1)"}, "link", PALLABI), "bm90LXNlYWxlZA=="):
        assert (await harness.refusal(harness.message(sealed_url=wrong))).code == "link-unreadable"
    assert (await harness.refusal(harness.message(sealed_url=None))).code == "text-unsendable"
    assert await texts(harness) == []


async def test_outside_the_askers_reach_nothing_is_sent(harness: NotificationsHarness) -> None:
    await harness.configure("sandbox")
    assert (await harness.refusal(harness.message(scope=NEIGHBOUR))).code == "not-found"
    assert (await harness.refusal(harness.message(operator_id=new_id()))).code == "not-found"
    assert isinstance(await harness.ask(harness.message(scope=ZONE)), MessageQueued)


async def test_a_message_waits_for_the_hours_of_the_billing_zone_and_a_test_does_not(
    harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, datetime(2026, 12, 14, 2, 59, tzinfo=UTC))  # 08:59 in Dhaka
    await harness.configure("sandbox", sending_from="09:00", sending_until="20:00")
    message = harness.message()
    await harness.send(message)
    assert (await harness.last(message.message_id)).state == "queued"
    assert isinstance(await harness.ask(harness.testing()), MessageSent)
    at(monkeypatch, datetime(2026, 12, 14, 3, 0, tzinfo=UTC))
    await harness.work()
    assert (await harness.last(message.message_id)).state == "sent"
    at(monkeypatch, datetime(2026, 12, 14, 14, 0, tzinfo=UTC))  # 20:00
    late = harness.message()
    await harness.send(late)
    assert (await harness.last(late.message_id)).state == "queued"


async def test_a_gateway_gets_so_many_a_minute_from_all_replicas_together(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sandbox", per_minute=5)
    await harness.tell(*[harness.message() for _ in range(12)])
    await asyncio.gather(harness.work(), harness.work(harness.another_sender()))
    counts = await harness.counted()
    # A minute may have turned in between.
    assert counts["sent"] in (5, 10)
    await harness.pool.execute("UPDATE gateway_pace SET minute = minute - interval '1 minute'")
    await harness.work()
    assert (await harness.counted())["sent"] >= counts["sent"] + 2


async def test_a_message_goes_by_the_next_gateway_where_the_first_is_known_not_to_have_sent(
    harness: NotificationsHarness,
) -> None:
    first = await harness.configure("bulksmsbd", priority=1)
    second = await harness.configure("sandbox", priority=2)
    harness.simulator.bulksmsbd.traps.code = 1007
    message = harness.message()
    await harness.send(message)
    said = await harness.states(message.message_id)
    assert [(each.state, each.gateway_id) for each in said] == [
        ("queued", first.gateway_id),
        ("sending", first.gateway_id),
        ("queued", second.gateway_id),
        ("sending", second.gateway_id),
        ("sent", second.gateway_id),
    ]
    assert (said[2].code, said[2].detail) == ("1007", "Balance Insufficient")
    assert await harness.attempts(message.message_id) == ["not-taken", "taken"]


async def test_what_is_refused_for_the_moment_is_tried_again_later_and_not_for_ever(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("bulksmsbd")
    harness.simulator.bulksmsbd.traps.fail_every = 1
    message = harness.message()
    await harness.send(message)
    waiting = await harness.last(message.message_id)
    assert (waiting.state, waiting.code) == ("queued", "1005")
    await harness.work()
    assert len(await harness.attempts(message.message_id)) == 1  # it pauses
    for _ in range(8):
        await harness.let_time_pass()
        await harness.work()
    assert (await harness.last(message.message_id)).state == "failed"
    assert await harness.attempts(message.message_id) == ["not-taken"] * 6
    assert harness.simulator.bulksmsbd.sent == []


async def test_what_waits_goes_by_the_ways_that_are_open_then(
    harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, datetime(2026, 12, 14, 20, 0, tzinfo=UTC))  # 02:00 in Dhaka
    first = await harness.configure("bulksmsbd", sending_from="09:00", sending_until="20:00")
    messages = [harness.message() for _ in range(3)]
    await harness.send(*messages)
    await harness.ask(RemoveSmsGateway(actor=CLERK, gateway_id=first.gateway_id))
    assert await harness.counted() == {"queued": 3}
    await harness.configure("sandbox")
    await harness.work()
    assert await harness.counted() == {"sent": 3}
    assert harness.simulator.bulksmsbd.requests == []


async def test_a_message_that_is_cancelled_in_time_is_not_sent(
    harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.configure("sandbox")
    waits, gone = harness.message(), harness.message()
    await harness.send(gone)
    await harness.send(waits, work=False)
    cancelled = await harness.ask(CancelMessage(actor=CLERK, message_id=waits.message_id))
    assert isinstance(cancelled, MessageFailed)
    assert cancelled.code == "cancelled"
    assert isinstance(await harness.ask(CancelMessage(actor=CLERK, message_id=gone.message_id)), MessageSent)
    assert len(await texts(harness)) == 1
    assert (await harness.refusal(CancelMessage(actor=CLERK, message_id=new_id()))).code == "not-found"


async def test_old_news_is_not_sent(harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    await harness.configure("sandbox", sending_from="09:00", sending_until="20:00")
    at(monkeypatch, datetime(2026, 12, 14, 20, 0, tzinfo=UTC))
    soon = harness.message(not_after=clock.now() + timedelta(hours=1))
    later = harness.message()
    await harness.send(soon, later)
    at(monkeypatch, datetime(2026, 12, 14, 22, 0, tzinfo=UTC))
    await senders.give_up_expired(harness.pool)
    at(monkeypatch, datetime(2026, 12, 15, 4, 0, tzinfo=UTC))
    await harness.work()
    assert (await harness.last(soon.message_id)).code == "too-late"
    assert (await harness.last(later.message_id)).state == "sent"


async def test_a_failed_message_goes_once_more_as_a_message_of_its_own(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    harness.simulator.bulksmsbd.traps.code = 1007
    message = harness.message()
    await harness.send(message)
    harness.simulator.bulksmsbd.traps.code = None
    again = RetryMessage(actor=CLERK, message_id=message.message_id, retry_id=new_id())
    queued = await harness.ask(again)
    assert (queued.message_id, queued.invoice_id) == (again.retry_id, message.invoice_id)
    await harness.ask(again.model_copy())  # asked twice, sent once
    assert [sms.text.count(LINK) for sms in harness.simulator.bulksmsbd.sent] == [1]
    sent = RetryMessage(actor=CLERK, message_id=again.retry_id, retry_id=new_id())
    assert (await harness.refusal(sent)).code == "not-failed"


async def test_a_persons_message_does_not_wait_behind_a_bulk_action(harness: NotificationsHarness) -> None:
    await harness.configure("sandbox", per_minute=1)
    bulk = [harness.message(bulk_action_id=new_id()) for _ in range(5)]
    await harness.tell(*bulk, lane=1)
    mine = harness.message()
    await harness.send(mine)
    assert (await harness.last(mine.message_id)).state == "sent"


async def test_ten_thousand_messages_in_small_are_put_in_line_a_batch_at_a_time(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sandbox")
    wrong = harness.message(mobile="N/A")
    await harness.tell(*[harness.message() for _ in range(300)], wrong, lane=1)
    assert await harness.counted() == {"queued": 300, "failed": 1}
    rows = await harness.pool.fetch(
        "SELECT type, lane FROM outbox WHERE causation_id IS NOT NULL AND lane = 1"
    )
    assert sorted({row["type"] for row in rows}) == ["command.refused.v1", "message.queued.v1"]


def test_a_reference_for_ssl_wireless_is_short_and_always_the_same() -> None:
    made = [ssl_reference(new_id().bytes) for _ in range(2_000)]
    assert len(set(made)) == 2_000
    assert {len(each) for each in made} == {19}


async def test_neither_text_nor_key_nor_whole_number_stands_in_the_open(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("bulksmsbd")
    harness.simulator.bulksmsbd.traps.fail_every = 2
    harness.simulator.bulksmsbd.traps.repeats_the_key = True
    await harness.send(harness.message(), harness.message())
    kept = await harness.everything_kept()
    assert LINK not in kept
    assert harness.simulator.api_key not in kept
    said = " ".join(row["payload"] for row in await harness.pool.fetch("SELECT payload FROM outbox"))
    assert "•••" in said
    for secret in (LINK, harness.simulator.api_key, MOBILE, "1711000412"):
        assert secret not in said


async def test_a_command_that_says_nothing_of_use_is_refused_by_its_shape() -> None:
    with pytest.raises(ValueError, match="sealed_url"):
        SendMessage(
            actor=CLERK, message_id=new_id(), customer_id=new_id(), operator_id=ROOT, mobile="",
            template="payment-link", sealed_url="not base64!",
        )  # fmt: skip
