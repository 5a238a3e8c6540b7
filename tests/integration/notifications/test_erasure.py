"""An erased customer gets no message, and none that they got is kept, however late it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.notifications import workers
from shared import erasure
from shared.contracts.catalog import CustomerErased
from shared.contracts.envelope import CommandCompleted, CommandRefused
from shared.ids import new_id
from tests.integration.notifications.harness import MOBILE, ROOT, NotificationsHarness
from tests.integration.traces import traces_of

CUSTOMER = UUID("019a0000-0000-7000-8000-0000000000cc")
forget = erasure.forgetting(workers.forget_erased)


def erased() -> CustomerErased:
    return CustomerErased(
        customer_id=CUSTOMER, operator_id=ROOT, code="C-1", erased_at=datetime.now(UTC), version=4
    )


async def kept(harness: NotificationsHarness) -> list[dict[str, Any]]:
    rows = await harness.pool.fetch(
        "SELECT state, code, mobile, sealed_text FROM message ORDER BY message_id"
    )
    return [dict(row) for row in rows]


async def test_numbers_and_texts_go_and_that_a_message_was_sent_stays(harness: NotificationsHarness) -> None:
    await harness.configure("sandbox")
    await harness.send(harness.message(customer_id=CUSTOMER))
    await harness.tell(harness.message(customer_id=CUSTOMER))
    assert await traces_of(harness.pool, MOBILE)
    await harness.tell(erased())
    await forget(harness.pool)
    assert await traces_of(harness.pool, MOBILE) == []
    assert await kept(harness) == [
        {"state": "sent", "code": "200", "mobile": None, "sealed_text": None},
        {"state": "failed", "code": "customer-erased", "mobile": None, "sealed_text": None},
    ]
    tails = await harness.pool.fetch(
        "SELECT DISTINCT ON (payload::json ->> 'message_id') payload::json ->> 'mobile_tail' FROM outbox"
        " WHERE topic = 'notifications.messages' ORDER BY payload::json ->> 'message_id', id DESC"
    )
    assert {row[0] for row in tails} == {""}


async def test_what_was_asked_for_before_and_comes_late_is_refused(harness: NotificationsHarness) -> None:
    await harness.configure("sandbox")
    for _ in range(2):
        await harness.tell(erased())
    refusal = await harness.refusal(harness.message(customer_id=CUSTOMER, message_id=new_id()))
    assert refusal.code == "customer-erased"
    await harness.work()
    assert await traces_of(harness.pool, MOBILE) == []


async def test_a_command_that_comes_again_is_still_answered_without_a_word_of_who_it_was_about(
    harness: NotificationsHarness,
) -> None:
    await harness.configure("sandbox")
    sent = harness.message(customer_id=CUSTOMER)
    id = await harness.tell(sent)
    await harness.work()
    await harness.tell(erased())
    refused = await harness.tell(harness.message(customer_id=CUSTOMER))
    await forget(harness.pool)
    await harness.pool.execute("DELETE FROM outbox")
    for command_id, kind in ((id, CommandCompleted), (refused, CommandRefused)):
        await harness.tell(sent, id=command_id)
        (end,) = await harness.ends(command_id)
        assert isinstance(end, kind)
    without_end = "SELECT count(*) FROM inbox WHERE message_id NOT IN (SELECT command_id FROM command_end)"
    assert await harness.pool.fetchval(f"{without_end} AND consumer = 'commands'") == 0
    assert await traces_of(harness.pool, MOBILE) == []


async def test_messages_of_others_are_sent_and_kept(harness: NotificationsHarness) -> None:
    await harness.configure("sandbox")
    await harness.tell(erased())
    await harness.send(harness.message())
    await forget(harness.pool)
    assert [each["mobile"] for each in await kept(harness)] == [MOBILE]
