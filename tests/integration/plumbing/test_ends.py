"""How commands ended: looked up by their key, however few were known when a session began."""

from __future__ import annotations

import asyncpg

from shared import clock, outbox
from shared.contracts.envelope import Envelope
from shared.ids import new_id
from shared.outbox import Said
from tests.integration.plumbing.road import Counted, Road

READ_WHOLE = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relid = 'command_end'::regclass"


def end(topic: str) -> Said:
    return Said(Counted(to=topic, amount=1), Envelope(new_id(), "asked.v1", "test", clock.now()))


async def test_ends_are_not_read_whole_by_a_session_that_knew_few(road: Road, database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("ANALYZE notifications.command_end")
    await owner.close()
    async with road.pool.acquire() as tx, tx.transaction():
        for _ in range(3):
            await outbox.say(tx, [end(road.topic) for _ in range(100)])
        assert await tx.fetchval(READ_WHOLE) == 0
        assert await tx.fetchval("SELECT count(*) FROM command_end") == 300
