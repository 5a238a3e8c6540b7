"""`ispbills billing`: ask invoicing for a month's run, and see how runs went."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from uuid import UUID

import click

from devstack.environment import ensure_environment
from services.invoicing.domain import check_period
from services.invoicing.store import Row, billing_settings, runs
from shared import db, outbox
from shared.contracts.envelope import PERIOD, Actor
from shared.contracts.invoicing import StartRun
from shared.db import Pool
from shared.ids import new_id
from shared.outbox import Said
from shared.refusals import Refused

T = TypeVar("T")

POLL_SECONDS = 0.2


@click.group()
def billing() -> None:
    """Run a month's billing, or see how it went."""
    ensure_environment()


@billing.command()
@click.option("--period", required=True, metavar="YYYY-MM", help="The month to bill.")
@click.option("--dry-run", is_flag=True, help="Count, and issue nothing.")
@click.option("--wait-seconds", default=600, show_default=True, help="How long to wait for the run to end.")
def run(period: str, dry_run: bool, wait_seconds: int) -> None:
    """Bill every customer for a period and wait until that is done."""
    if not re.fullmatch(PERIOD, period):
        raise click.BadParameter("a period is a year and a month, such as 2026-12", param_hint="--period")
    try:
        finished = _with_invoicing(lambda pool: _run(pool, period, dry_run, wait_seconds))
    except Refused as refusal:
        raise click.ClickException(refusal.detail) from None
    click.echo(_line(finished))
    if finished["failed"]:
        raise SystemExit(1)


@billing.command()
@click.option(
    "--most", type=click.IntRange(1, 1_000), default=10, show_default=True, help="How many runs to show."
)
def status(most: int) -> None:
    """Show the latest runs, the newest first."""
    runs = _with_invoicing(lambda pool: _recent(pool, most))
    if not runs:
        click.echo("No billing run yet.")
    for each in runs:
        click.echo(_line(each))


def _with_invoicing(work: Callable[[Pool], Coroutine[Any, Any, T]]) -> T:
    url = os.environ.get("INVOICING_DATABASE_URL")
    if not url:
        raise click.ClickException("INVOICING_DATABASE_URL is not set, and no stack runs here")

    async def connected() -> T:
        pool = await db.open_pool(url, schema="invoicing", application_name="ispbills billing", max_size=2)
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(connected())


async def _run(pool: Pool, period: str, dry_run: bool, wait_seconds: int) -> Row:
    run_id = await _ask(pool, period, dry_run)
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        row: Row | None = await runs.by_id(pool, run_id)
        if row is not None and row["state"] == "completed":
            return row
        await asyncio.sleep(POLL_SECONDS)
    raise click.ClickException(f"run {run_id} has not ended yet; see `ispbills billing status`")


async def _ask(pool: Pool, period: str, dry_run: bool) -> UUID:
    """Send the command the way everybody does, through the outbox and Kafka."""
    async with db.in_transaction(pool) as tx:
        settings = await billing_settings(tx)
        check_period(period, today=settings.today, billing_from=settings.billing_from, dry_run=dry_run)
        command = StartRun(
            actor=Actor(kind="system", name="ispbills billing run"),
            run_id=new_id(),
            kind="requested",
            period=period,
            dry_run=dry_run,
        )
        await outbox.say(tx, [Said(command)])
        return command.run_id


async def _recent(pool: Pool, most: int) -> list[Row]:
    return await runs.recent(pool, most)


def _line(row: Row) -> str:
    skipped = sum(row["skipped"].values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(row["skipped"].items()))
    return (
        f"{row['period']}  {row['kind']}{' (dry run)' if row['dry_run'] else ''}  {row['state']}:"
        f"  {row['expected']} expected = {row['created']} created + {row['already_billed']} already billed"
        f" + {skipped} skipped{f' ({reasons})' if reasons else ''} + {row['failed']} failed;"
        f"  total {row['total_minor']} {row['currency']} (minor units)"
    )
