"""Runs and their chunks as rows: opened, planned, claimed, counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from services.invoicing.domain import FAILURES
from services.invoicing.store.statements import Row, queries
from shared import clock
from shared.db import Pool, Tx


class Counted(TypedDict):
    """The outcomes of a chunk's customers, to be added to its run."""

    chunks_done: int
    created: int
    already_billed: int
    failed: int
    total_minor: int
    skipped: Mapping[str, int]
    has_entries: bool


class BillingTerms(TypedDict):
    """The terms on which a chunk's customers are billed; their total stays below the room that is left."""

    issued_on: date
    due_on: date
    is_currency_changed: bool
    room_minor: int


class HowToSay(TypedDict):
    """How invoices go into the outbox: as sets of so many bytes a partition, or each by itself."""

    lane: int
    topic: str
    type: str
    type_alone: str
    as_sets: bool
    partitions: int
    bytes_a_set: int


async def by_id(pool: Pool, run_id: UUID) -> Row | None:
    """Return a run; None for an unknown one."""
    row: Row | None = await queries.run(pool, id=run_id)
    return row


async def recent(pool: Pool, most: int) -> list[Row]:
    """Return the latest runs."""
    return [row async for row in queries.recent_runs(pool, most=most)]


async def has_automatic(tx: Tx, period: str) -> bool:
    """Return whether a period has its automatic run."""
    return bool(await queries.has_automatic_run(tx, period=period))


async def measured(pool: Pool, since: datetime) -> Row:
    """Return how far the open runs are, and how many customers failed in those since a moment."""
    row: Row = await queries.measure_runs(pool, since=since)
    return row


async def is_any_open(pool: Pool) -> bool:
    """Return whether a run waits or goes on."""
    return bool(await queries.is_run_open(pool))


async def lock_next_pending(tx: Tx) -> Row | None:
    """Lock the next run that is not planned yet, past those that others hold."""
    row: Row | None = await queries.next_pending_run(tx)
    return row


async def plan(tx: Tx, run: Row, customers_a_chunk: int) -> None:
    """Divide a run's customers into chunks, and begin it."""
    planned = await queries.plan_run(
        tx,
        run_id=run["id"],
        operator_id=run["operator_id"],
        package_id=run["package_id"],
        customer_id=run["customer_id"],
        customers_a_chunk=customers_a_chunk,
    )
    await queries.begin_run(
        tx, run_id=run["id"], chunks=planned["chunks"], expected=planned["expected"], now=clock.now()
    )


async def claim_chunk(tx: Tx, *, is_lane_full: bool) -> Row | None:
    """Lock the next chunk that waits, past those that others hold; past a month's while its lane is full."""
    row: Row | None = await queries.claim_chunk(tx, is_lane_full=is_lane_full)
    return row


async def plan_for_a_chunk(tx: Tx) -> None:
    """Let the planner think of a chunk's customers for the rest of the transaction."""
    await queries.plan_for_a_chunk(tx)


async def customer_at(tx: Tx, chunk: Row, place: int) -> Row:
    """Return the customer at a place of a chunk."""
    row: Row = await queries.customer_of_chunk(
        tx, run_id=chunk["run_id"], position=chunk["position"], place=place
    )
    return row


async def bill(tx: Tx, chunk: Row, first: int, last: int, terms: BillingTerms, saying: HowToSay) -> Row:
    """Bill the customers between two places of a chunk, say their invoices, and return the outcomes counted.

    One statement numbers, issues and says them all: one customer who cannot be billed fails it as a whole.
    """
    now = clock.now()
    counts: Row = await queries.bill_customers(
        tx,
        run_id=chunk["run_id"],
        position=chunk["position"],
        first_place=first,
        last_place=last,
        operator_ids=chunk["operator_ids"],
        period=chunk["period"],
        currency=chunk["currency"],
        issued_at=now,
        issued_at_text=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        joined_by=chunk["joined_by"],
        dry_run=chunk["dry_run"],
        failures=sorted(FAILURES),
        **terms,
        **saying,
    )
    return counts


async def leave_open(tx: Tx, chunk: Row, customer_ids: Sequence[UUID]) -> None:
    """Leave a chunk to be claimed again, with these customers alone."""
    await queries.leave_chunk_open(
        tx, run_id=chunk["run_id"], position=chunk["position"], customer_ids=customer_ids
    )


async def finish(tx: Tx, chunk: Row) -> None:
    """End a chunk."""
    await queries.finish_chunk(tx, run_id=chunk["run_id"], position=chunk["position"])


async def count(tx: Tx, run_id: UUID, counted: Counted, *, now: datetime, said_before: datetime) -> bool:
    """Add what came of a chunk to its run; return whether the run is to be said now."""
    row = await queries.add_to_run(tx, run_id=run_id, now=now, said_before=said_before, **counted)
    return bool(row["is_said"])
