"""What is kept: every table has a term or a reason to stay, and what is past its term goes in batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from gateway.retention import KEPT as OF_THE_GATEWAY
from gateway.retention import PROJECTED
from services.documents.retention import KEPT as OF_DOCUMENTS
from services.invoicing.retention import KEPT as OF_INVOICING
from services.notifications.retention import KEPT as OF_NOTIFICATIONS
from services.payments.retention import KEPT as OF_PAYMENTS
from shared import clock, retention
from shared.contracts.topics import TOPICS, partner_topics
from shared.db import Pool
from shared.ids import new_id
from shared.retention import ROAD_IS_REMEMBERED, Forever, Kept, Term, forget, measure
from shared.telemetry import TABLE_BYTES
from tests.conftest import PoolFor

KEPT: dict[str, Sequence[Kept]] = {
    "invoicing": OF_INVOICING,
    "payments": OF_PAYMENTS,
    "notifications": OF_NOTIFICATIONS,
    "documents": OF_DOCUMENTS,
    "gateway": [*OF_THE_GATEWAY, *PROJECTED],
}
BY_ROLE = {**KEPT, "gateway": OF_THE_GATEWAY, "projector": PROJECTED}


async def forget_all(pool: Pool, kept: Sequence[Kept]) -> None:
    while await forget(kept)(pool):
        pass


@pytest.mark.parametrize("schema", KEPT)
async def test_every_table_is_kept_for_a_term_or_for_ever_with_a_reason(
    schema: str, pool_for: PoolFor
) -> None:
    pool = await pool_for(schema)
    rows = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", schema)
    assert {each.table for each in KEPT[schema]} == {row["tablename"] for row in rows}
    stay = [each.table for each in KEPT[schema] if isinstance(each, Forever)]
    go = {each.table for each in KEPT[schema] if isinstance(each, Term)}
    assert len(stay) == len(set(stay))
    assert not go & set(stay)
    assert all(each.why for each in KEPT[schema])


@pytest.mark.parametrize("role", BY_ROLE)
async def test_each_process_may_forget_what_it_declares(role: str, pool_for: PoolFor) -> None:
    assert await forget(BY_ROLE[role])(await pool_for(role)) is False


def test_the_inbox_outlives_whatever_can_be_delivered_again() -> None:
    longest = max(topic.retention_ms for topic in (*TOPICS, *partner_topics("any")))
    assert timedelta(milliseconds=longest) < ROAD_IS_REMEMBERED
    assert timedelta(days=7 + 14) < ROAD_IS_REMEMBERED, "sent again for a week, two weeks on its topic"


async def test_old_rows_go_in_batches_and_young_ones_stay(
    pool_for: PoolFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_A_BATCH", 100)
    pool = await pool_for("notifications")
    old, young = clock.now() - timedelta(days=46), clock.now() - timedelta(days=44)
    for moment, most in ((old, 250), (young, 10)):
        await pool.execute(
            "INSERT INTO inbox SELECT 'commands', uuidv7(), $1 FROM generate_series(1, $2::integer)",
            moment, most,
        )  # fmt: skip
    assert await forget(OF_NOTIFICATIONS)(pool) is True
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 160
    await forget_all(pool, OF_NOTIFICATIONS)
    assert await pool.fetchval("SELECT count(*), min(seen_at) = $1 FROM inbox", young) == 10


async def test_an_open_letter_stays_and_a_closed_one_goes(pool_for: PoolFor) -> None:
    pool = await pool_for("notifications")
    long_ago = clock.now() - timedelta(days=400)
    for closed_at in (None, long_ago, clock.now()):
        await pool.execute(
            'INSERT INTO dead_letter (id, topic, partition, "offset", handler, reason, attempts, headers,'
            " first_seen, closed_at) VALUES ($1, 't', 0, $2, 'h', 'r', 1, '[]', $3, $4)",
            id := new_id(), id.int % 2**40, long_ago, closed_at,
        )  # fmt: skip
    await forget_all(pool, OF_NOTIFICATIONS)
    rows = await pool.fetch("SELECT closed_at FROM dead_letter ORDER BY closed_at")
    assert [row["closed_at"] == long_ago for row in rows] == [False, False]


async def test_an_operation_loses_its_bytes_after_a_month_unless_it_waits_for_an_answer(
    pool_for: PoolFor,
) -> None:
    pool = await pool_for("gateway")
    for state, days in (("completed", 31), ("completed", 29), ("pending", 800), ("completed", 731)):
        await pool.execute(
            "INSERT INTO operation (id, kind, subject_id, operator_id, caller, state, topic, payload,"
            " created_at, sent_at) VALUES (uuidv7(), $1, uuidv7(), uuidv7(), 'c', $2, 't', '{}', $3, $3)",
            f"{state} {days}", state, clock.now() - timedelta(days=days),
        )  # fmt: skip
    await forget_all(pool, OF_THE_GATEWAY)
    rows = await pool.fetch("SELECT kind, payload IS NOT NULL AS whole FROM operation ORDER BY kind")
    assert [tuple(row) for row in rows] == [
        ("completed 29", True),
        ("completed 31", False),
        ("pending 800", True),
    ]


async def test_an_old_bulk_action_goes_whole_and_a_young_one_stays_whole(
    pool_for: PoolFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ROWS_A_BATCH", 7)
    pool = await pool_for("gateway")
    for days, state in ((401, "completed"), (399, "completed"), (900, "running")):
        made = clock.now() - timedelta(days=days)
        action_id = await pool.fetchval("SELECT uuidv7($1)", made - clock.now())
        await pool.execute(
            "INSERT INTO bulk_action (id, action, state, operator_id, caller, actor, parameters, created_at)"
            " VALUES ($1, 'mark_paid', $2, uuidv7(), 'c', '{}', '{}', $3)",
            action_id, state, made,
        )  # fmt: skip
        await pool.execute(
            "INSERT INTO bulk_action_item (action_id, position, bill_id, state)"
            " SELECT $1, place, uuidv7(), 'succeeded' FROM generate_series(1, 20) AS place",
            action_id,
        )  # fmt: skip
    await forget_all(pool, OF_THE_GATEWAY)
    assert await pool.fetchval("SELECT count(*) FROM bulk_action") == 2
    assert await pool.fetchval("SELECT count(*) FROM bulk_action_item") == 40


async def test_a_run_keeps_its_last_word(pool_for: PoolFor) -> None:
    pool = await pool_for("invoicing")
    age = timedelta(days=401)
    run_id = await pool.fetchval("SELECT uuidv7($1)", -age)
    await pool.execute(
        "INSERT INTO run (id, kind, state, period, dry_run, joined_by, currency, requested_by, started_at,"
        " said_at, version) VALUES ($1, 'requested', 'completed', '2025-01', FALSE, '2025-01-01', 'BDT', 'c',"
        " $2, $2, 3)",
        run_id, clock.now() - age,
    )  # fmt: skip
    await pool.execute("INSERT INTO run_said SELECT $1, n, '{}' FROM generate_series(1, 3) AS n", run_id)
    await forget_all(pool, OF_INVOICING)
    assert [row["version"] for row in await pool.fetch("SELECT version FROM run_said")] == [3]


async def test_the_largest_tables_are_measured(pool_for: PoolFor) -> None:
    await measure(await pool_for("payments"))
    sizes = {s.labels["table"]: s.value for m in TABLE_BYTES.collect() for s in m.samples}
    assert sizes["payment"] > 0
