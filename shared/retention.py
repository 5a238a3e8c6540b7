"""The retention of rows: declared per service, deleted in small batches, beside everything else at work.

A term is data: the table, what makes a row old, and why it may go. `$1` in a condition is the moment before
which rows are old; every condition is served by an index or by a table that stays small.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared import clock
from shared.db import Pool, in_transaction, statements
from shared.telemetry import FORGOTTEN, TABLE_BYTES

ROWS_A_BATCH = 1_000
LARGEST_TABLES = 15

_queries = statements(__file__)


# The lowest UUIDv7 of the moment `$1`: what belongs to a parent of then is a range of a primary key.
LOWEST_ID = (
    "(lpad(to_hex((extract(epoch FROM $1::timestamptz) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid"
)


@dataclass(frozen=True, slots=True)
class Forever:
    """A table whose rows stay, or leave as their work is done; and why."""

    table: str
    why: str


@dataclass(frozen=True, slots=True)
class Term:
    """A table whose old rows go, or with `blank` only lose these columns."""

    table: str
    keep: timedelta
    old: str
    why: str
    blank: str | None = None


Kept = Forever | Term

# Longer than any topic keeps a record (30 days) and any command is sent again (7 days, and 14 on its topic).
ROAD_IS_REMEMBERED = timedelta(days=45)
# By then nobody can redrive a letter's neighbours any more either.
LETTERS_ARE_KEPT = timedelta(days=90)

ROAD: tuple[Kept, ...] = (
    Forever("outbox", "a row leaves when Kafka has acknowledged it"),
    Forever("relay_lease", "one row"),
    Forever("schema_migration", "one row a migration"),
    Forever("erased_customer", "what of an erased customer comes late is told by it; an id and a code"),
    Term("inbox", ROAD_IS_REMEMBERED, "seen_at < $1", "what is forgotten cannot be delivered again"),
    Term("command_end", ROAD_IS_REMEMBERED, "said_at < $1", "goes with the inbox that leads to it"),
    Term("dead_letter", LETTERS_ARE_KEPT, "closed_at < $1", "an open letter stays until somebody closes it"),
    Term("partition_set_aside", LETTERS_ARE_KEPT, "closed_at < $1", "as letters are"),
)


def forget(kept: Sequence[Kept]) -> Callable[[Pool], Awaitable[bool]]:
    """A step that deletes the next batch of each table; True while there is more."""
    terms = [each for each in kept if isinstance(each, Term)]

    async def step(pool: Pool) -> bool:
        gone = [await _forget_some(pool, term) for term in terms]
        return any(rows == ROWS_A_BATCH for rows in gone)

    return step


def statement_of(term: Term) -> str:
    """The statement that forgets a batch of a table's old rows; `$1` is the moment."""
    change = f"UPDATE {term.table} SET {term.blank}" if term.blank else f"DELETE FROM {term.table}"
    return (
        f"{change} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {term.table} WHERE {term.old}"
        f" LIMIT {ROWS_A_BATCH}))"
    )


async def _forget_some(pool: Pool, term: Term) -> int:
    """One short transaction; what another replica has just taken is found gone."""
    async with in_transaction(pool) as tx:
        done = await tx.execute(statement_of(term), clock.now() - term.keep)
    rows = int(done.rpartition(" ")[2])
    FORGOTTEN.labels(term.table).inc(rows)
    return rows


async def measure(pool: Pool) -> bool:
    """Show the largest tables of the schema, with their indexes."""
    async for row in _queries.largest_tables(pool, most=LARGEST_TABLES):
        TABLE_BYTES.labels(row["table"]).set(row["bytes"])
    return False
