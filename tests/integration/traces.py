"""What a schema still holds of somebody: every column of every table, but for what is about to leave."""

from __future__ import annotations

from shared.db import Pool

# What was said leaves with Kafka's acknowledgement; how long a topic keeps it is docs/decisions.
_LEAVING = ("outbox",)


async def traces_of(pool: Pool, *words: str) -> list[str]:
    """Return the rows in which one of these words stands, each with its table."""
    sought = [*words, *(word.encode().hex() for word in words)]
    tables = await pool.fetch(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> ALL($1)",
        list(_LEAVING),
    )
    found = []
    for (table,) in tables:
        rows = await pool.fetch(
            f"SELECT held::text FROM {table} AS held WHERE EXISTS ("
            "SELECT FROM unnest($1::text[]) AS word WHERE position(word IN held::text) > 0)",
            sought,
        )
        found += [f"{table}: {row[0]}" for row in rows]
    return found
