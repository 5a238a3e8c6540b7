"""Invoicing's own work: it opens the month's run, bills its chunks, settles parked voids, republishes.

Every step is one transaction over rows claimed with SKIP LOCKED: any replica takes any of them, and the
work of one that was killed or frozen is free again when its transaction ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

import asyncpg

from services.invoicing import domain, store
from services.invoicing.handlers.answers import SERVICE, end_of
from services.invoicing.handlers.voids import lock_counters, settle_void
from services.invoicing.store import NewRun, Row, republishes, runs, voids
from services.invoicing.store.runs import BillingTerms, Counted, HowToSay
from shared import clock, outbox
from shared.cloudevents import envelope_from_json
from shared.contracts.invoicing import InvoiceIssued, InvoicesIssued, RunEntry, VoidInvoice
from shared.contracts.topics import topic_named
from shared.db import Pool, Tx, in_transaction
from shared.erasure import Erased
from shared.ids import new_id
from shared.outbox import Said
from shared.republishing import is_ahead
from shared.telemetry import RUN_CUSTOMERS, RUN_FAILED, RUNS_OPEN

CUSTOMERS_A_CHUNK = 2_000
# A record has up to 900,000; one more invoice with all its names is a few thousand.
BYTES_A_SET = 500_000
# Some 20,000 invoices in sets. A run that is further ahead of the relay takes the machine from those who read
# it and from every desk, and what waits long has left the memory when the relay comes to it.
BYTES_AHEAD = 6_000_000
ROWS_A_REPUBLISH_STEP = 2_000
PROGRESS_EVERY = timedelta(milliseconds=250)
LONGEST_REASON = 120
FAILURES_SHOWN_FOR = timedelta(days=1)


async def open_automatic_run(pool: Pool) -> bool:
    """Open the current period's run once the 1st has come in the billing time zone."""
    async with in_transaction(pool) as tx:
        settings = await store.billing_settings(tx)
        period = domain.period_of(settings.today)
        if not domain.is_automatic_due(
            period, installed_in=settings.installed_in, billing_from=settings.billing_from
        ) or await runs.has_automatic(tx, period):
            return False
        run = NewRun(
            id=new_id(), kind="automatic", period=period, requested_by="system", currency=settings.currency
        )
        if await store.add_run(tx, run):
            await store.say_run(tx, run.id, outbox.INTERACTIVE)
        return False


async def measure_runs(pool: Pool) -> bool:
    """Show how far the open runs are, and how many customers failed in those of the last day."""
    found = await runs.measured(pool, clock.now() - FAILURES_SHOWN_FOR)
    RUNS_OPEN.set(found["open"])
    RUN_CUSTOMERS.labels("expected").set(found["expected"])
    RUN_CUSTOMERS.labels("done").set(found["done"])
    RUN_FAILED.set(found["failed"])
    return False


async def work_on_runs(pool: Pool) -> bool:
    """Plan a run that waits, or bill one chunk of one that goes on; True while more can be done."""
    if not await runs.is_any_open(pool):
        return False
    # A transaction of its own: a run that was planned as this one looked is none that waits, but stays locked
    # until the end, and whoever bills its chunks waits for it.
    async with in_transaction(pool) as tx:
        if (run := await runs.lock_next_pending(tx)) is not None:
            await runs.plan(tx, run, CUSTOMERS_A_CHUNK)
            await store.say_run(tx, run["id"], outbox.INTERACTIVE)
            return True
    try:
        async with in_transaction(pool) as tx:
            is_lane_full = await outbox.holds(tx, InvoicesIssued.topic, outbox.BULK, BYTES_AHEAD)
            if (chunk := await runs.claim_chunk(tx, is_lane_full=is_lane_full)) is not None:
                await _bill(tx, chunk)
                return True
            return False
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != "run_total_is_an_amount":
            raise
        # Another chunk of the run took the room that this one had seen; it looks again.
        return True


class _TotalTooLarge(Exception):
    """The bills of this piece would take the run's total past what an amount can be."""


# What one customer can do to a piece of a chunk; everything else passes by itself or is a fault of ours.
CULPABLE = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
    asyncpg.RaiseError,
    _TotalTooLarge,
)


@dataclass
class _Counts:
    """The outcome of a chunk's customers; `room_minor` is what the run may still add to its total."""

    room_minor: int
    outcomes: dict[str, int] = field(default_factory=dict)
    total_minor: int = 0
    entries: list[str] = field(default_factory=list)
    left_ids: list[UUID] = field(default_factory=list)

    def add(self, result: Row) -> None:
        for outcome, customers in result["outcomes"].items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + customers
        self.total_minor += int(result["total_minor"])
        self.room_minor -= int(result["total_minor"])
        self.left_ids += result["left_ids"]
        if result["entries"]:
            self.entries.append(result["entries"].strip()[1:-1])

    def fail(self, customer: Row, error: Exception) -> None:
        reason = (getattr(error, "constraint_name", None) or str(error))[:LONGEST_REASON]
        entry = RunEntry(customer_id=customer["id"], code=customer["code"], outcome="failed", reason=reason)
        self.outcomes["failed"] = self.outcomes.get("failed", 0) + 1
        self.entries.append(entry.model_dump_json())

    @property
    def entries_json(self) -> str | None:
        return f"[{','.join(self.entries)}]" if self.entries else None


async def _bill(tx: Tx, chunk: Row) -> None:
    """Bill a chunk and say what came of it, under the locks of its operators' counters."""
    # Until the first invoice exists the currency may change: not between looking at it and issuing in it.
    is_first = not chunk["dry_run"] and not await store.has_invoices(tx)
    settings = await store.billing_settings(tx, lock=is_first)
    await runs.plan_for_a_chunk(tx)
    await store.lock_counters(tx, chunk["operator_ids"])
    counts = _Counts(room_minor=domain.LARGEST_AMOUNT_MINOR - chunk["total_minor"])
    if chunk["customers"]:
        await _bill_between(tx, chunk, settings, counts, 1, chunk["customers"])
    await _finish(tx, chunk, counts)


async def _bill_between(
    tx: Tx, chunk: Row, settings: store.BillingSettings, counts: _Counts, first: int, last: int
) -> None:
    """Bill from one place of the chunk to another in one statement; halve what a culprit spoils.

    What is rolled back takes its numbers with it: the counters are counted on by the same statement.
    """
    try:
        async with tx.transaction():
            result = await _bill_at_once(tx, chunk, settings, counts.room_minor, first, last)
            if int(result["total_minor"]) > counts.room_minor:
                raise _TotalTooLarge
    except CULPABLE as error:
        if first == last:
            counts.fail(await runs.customer_at(tx, chunk, first), error)
            return
        middle = (first + last) // 2
        await _bill_between(tx, chunk, settings, counts, first, middle)
        await _bill_between(tx, chunk, settings, counts, middle + 1, last)
    else:
        counts.add(result)


async def _bill_at_once(
    tx: Tx, chunk: Row, settings: store.BillingSettings, room_minor: int, first: int, last: int
) -> Row:
    today = settings.today
    issued_on = today if chunk["dry_run"] else domain.issue_date(chunk["period"], today)
    terms: BillingTerms = {
        "issued_on": issued_on,
        "due_on": domain.due_date(issued_on, settings.due_days),
        "is_currency_changed": chunk["currency"] != settings.currency,
        "room_minor": room_minor,
    }
    return await runs.bill(tx, chunk, first, last, terms, _how_to_say(chunk))


def _how_to_say(chunk: Row) -> HowToSay:
    """Return how a chunk's invoices go out: as sets, but the bill of one customer by itself."""
    return {
        "lane": _lane(chunk),
        "topic": InvoicesIssued.topic,
        "type": InvoicesIssued.type,
        "type_alone": InvoiceIssued.type,
        "as_sets": not chunk["for_one_customer"],
        "partitions": topic_named(InvoicesIssued.topic).partitions,
        "bytes_a_set": BYTES_A_SET,
    }


def _lane(chunk: Row) -> int:
    """One customer's bill is waited for at the desk; a month's are not."""
    return outbox.INTERACTIVE if chunk["for_one_customer"] else outbox.BULK


async def _finish(tx: Tx, chunk: Row, counts: _Counts) -> None:
    outcomes = dict(counts.outcomes)
    created, already_billed = outcomes.pop("created", 0), outcomes.pop("already_billed", 0)
    failed = sum(outcomes.pop(failure, 0) for failure in domain.FAILURES)
    if counts.left_ids:
        await runs.leave_open(tx, chunk, counts.left_ids)
    else:
        await runs.finish(tx, chunk)
    counted: Counted = {
        "chunks_done": 0 if counts.left_ids else 1,
        "created": created,
        "already_billed": already_billed,
        "failed": failed,
        "total_minor": counts.total_minor,
        "skipped": outcomes,
        "has_entries": bool(counts.entries),
    }
    now = clock.now()
    if await runs.count(tx, chunk["run_id"], counted, now=now, said_before=now - PROGRESS_EVERY):
        await store.say_run(tx, chunk["run_id"], _lane(chunk), entries=counts.entries_json)


async def settle_parked_voids(pool: Pool) -> bool:
    """Decide the voids whose wait is over: payments has spoken, or 5 s have passed."""
    async with in_transaction(pool) as tx:
        rows = await voids.lock_ripe(tx)
        commands = [VoidInvoice.model_validate(row["command"], strict=False) for row in rows]
        await lock_counters(commands, tx)
        for row, command in zip(rows, commands, strict=True):
            envelope = envelope_from_json(row["envelope"])
            end = await end_of(command, partial(settle_void, tx, command, envelope.lane), tx)
            await outbox.say(tx, [Said(end, because=envelope)])
            await voids.forget(tx, row["command_id"])
        return False


async def republish(pool: Pool) -> bool:
    """Say the next piece of a republish, or its end once all of it has left the outbox."""
    async with in_transaction(pool) as tx:
        job = await republishes.lock_open(tx)
        if job is None:
            return False
        if job["said"] == len(job["subjects"]):
            return await republishes.ends.end(tx, SERVICE, job)
        if await is_ahead(tx, SERVICE):
            return False
        subject = job["subjects"][job["said"]]
        if subject == "settings":
            await _say_settings(tx, job)
        else:
            await _say_piece(tx, job, subject)
        return True


async def _say_settings(tx: Tx, job: Row) -> None:
    settings = await store.billing_settings(tx)
    await outbox.say(tx, [Said(settings.changed())], lane=outbox.BULK)
    await _to_next_subject(tx, job)


async def _say_piece(tx: Tx, job: Row, subject: str) -> None:
    piece = await republishes.say_piece(tx, job, subject, ROWS_A_REPUBLISH_STEP)
    if piece["rows"] == 0:
        await _to_next_subject(tx, job)
        return
    await republishes.advance(
        tx,
        job,
        said=job["said"],
        after_id=piece["after_id"],
        after_version=piece["after_version"],
        last_outbox_id=piece["last_outbox_id"],
    )


async def _to_next_subject(tx: Tx, job: Row) -> None:
    await republishes.advance(tx, job, said=job["said"] + 1, after_id=None, after_version=0, last_outbox_id=0)


async def forget_erased(pool: Pool, erased: Erased) -> bool:
    """Nothing is left to forget: who a customer is was erased in the transaction that decided it."""
    return True
