"""Commands sent again: after growing pauses, never beside a copy that waits; the unanswered are named."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest_asyncio

from cli.audit.promises import look, reading
from gateway.commands import bulk_actions as bulk_action_commands
from gateway.store import operations as operation_store
from shared import clock
from shared.db import Pool, in_transaction
from shared.ids import new_id
from tests.conftest import PoolFor
from tests.integration.gateway.harness import NOW

ITEMS = 2_000
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest_asyncio.fixture
async def pool(pool_for: PoolFor) -> Pool:
    return await pool_for("gateway")


ASK = """
WITH asked AS (
    INSERT INTO operation (id, kind, subject_id, operator_id, caller, topic, key, type, payload,
                           created_at, sent_at)
    SELECT uuidv7(), 'payment', uuidv7(), uuidv7(), 'user:1', 'payments.commands', 'k', 'payment.record.v1',
           '{}', $2, $2
      FROM generate_series(1, $1)
    RETURNING id
)
INSERT INTO outbox (topic, key, message_id, type, payload, occurred_at)
SELECT 'payments.commands', 'k', id, 'payment.record.v1', '{}', $2 FROM asked
"""
ACT = """
INSERT INTO bulk_action (id, action, state, operator_id, caller, actor, parameters, created_at)
VALUES ($1, 'mark_paid', 'running', uuidv7(), 'user:1', '{"kind": "user", "name": "Clerk"}',
        '{"paid_on": "2026-12-05", "method": "cash", "reference": null, "note": null}', $2)
"""
CHOOSE = """
INSERT INTO bulk_action_item (action_id, position, bill_id, customer_id, currency, balance_minor, state)
SELECT $1, place, uuidv7(), uuidv7(), 'BDT', 100, 'pending' FROM generate_series(1, 700) AS place
"""


async def ask(pool: Pool, most: int = ITEMS) -> None:
    """So many operations as a page leaves them: a row each, and its command in the outbox."""
    await pool.execute(ASK, most, NOW)


async def look_again(pool: Pool, after: timedelta) -> int:
    """Let the worker do what it does at that time; answers the rows of the outbox."""
    more = True
    while more:
        async with in_transaction(pool) as tx:
            more = await operation_store.send_again(tx, NOW + after)
    return int(await pool.fetchval("SELECT count(*) FROM outbox"))


async def test_an_hour_without_kafka_adds_no_copies_to_the_outbox(pool: Pool) -> None:
    await ask(pool)
    for minute in (2, 10, 30, 58, 60):
        assert await look_again(pool, minute * MINUTE) == ITEMS
    await pool.execute("DELETE FROM outbox")  # Kafka is back and takes them all
    assert await look_again(pool, HOUR + timedelta(seconds=5)) == 0, "nobody has had time to answer yet"


async def test_pauses_grow_from_a_minute_to_six_hours(pool: Pool) -> None:
    await ask(pool, 1)
    await pool.execute("DELETE FROM outbox")
    now = timedelta()
    for pause in (1, 4, 16, 64, 256, 360, 360):
        now += pause * MINUTE
        assert await look_again(pool, now - timedelta(seconds=1)) == 0
        assert await look_again(pool, now) == 1, f"sent again after {pause} minutes"
        await pool.execute("DELETE FROM outbox")


async def test_items_of_a_bulk_action_are_not_doubled_while_their_commands_wait(pool: Pool) -> None:
    action_id = new_id()
    await pool.execute(ACT, action_id, NOW)
    await pool.execute(CHOOSE, action_id)
    while await bulk_action_commands.dispatch(pool):
        pass
    assert await rows(pool) == 700
    await pool.execute("UPDATE bulk_action_item SET sent_at = $1", clock.now() - HOUR)
    while await bulk_action_commands.dispatch_again(pool):
        pass
    assert await rows(pool) == 700
    await pool.execute("DELETE FROM outbox")
    await pool.execute("UPDATE bulk_action_item SET sent_at = $1", clock.now() - HOUR)
    while await bulk_action_commands.dispatch_again(pool):
        pass
    assert await rows(pool) == 700, "all of them, once"


async def rows(pool: Pool) -> int:
    return int(await pool.fetchval("SELECT count(*) FROM outbox"))


async def test_a_command_that_nobody_answers_is_named_by_the_audit(pool: Pool, database_url: str) -> None:
    await ask(pool, 1)
    assert await unanswered(database_url) == [], "it waits for Kafka"
    await pool.execute("DELETE FROM outbox")
    await pool.execute("UPDATE operation SET sent_at = $1", clock.now() - MINUTE)
    assert await unanswered(database_url) == [], "its answer is on the way"
    await pool.execute("UPDATE operation SET sends = 4")
    id = await pool.fetchval("SELECT id FROM operation")
    assert await unanswered(database_url) == [id]


async def unanswered(database_url: str) -> list[UUID]:
    async with reading(database_url) as connection:
        return [UUID(row.id) for row in await look(connection, ["a-command-is-answered"])]
