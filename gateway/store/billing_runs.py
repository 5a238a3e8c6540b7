"""Billing runs: customers, bills and operators of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.store.statements import Row, named
from shared.db import Tx


async def customers(
    tx: Tx, run_id: UUID, outcome: str, reason: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Whom a run skipped, failed for or found billed, with their names."""
    rows = named.run_customers_named(
        tx, run_id=run_id, outcome=outcome, reason=reason, after=after, limit=limit
    )
    return [row async for row in rows]


async def bills(tx: Tx, run_id: UUID, after: UUID | None, limit: int) -> list[Row]:
    """Return what a run made."""
    return [row async for row in named.bills_of_run(tx, run_id=run_id, after=after, limit=limit)]


async def by_operator(tx: Tx, run_id: UUID, operator_id: UUID) -> list[Row]:
    """A run's figures for each operator right below `operator_id`, and for it alone."""
    return [row async for row in named.run_by_operator(tx, run_id=run_id, operator_id=operator_id)]


async def tried_by_operator(tx: Tx, run: Mapping[str, Any]) -> list[Row]:
    """Whom a dry run would bill, by operator; nothing when the catalogue has changed since it looked."""
    operator_id = UUID(run["operator_id"]) if run["operator_id"] else None
    rows = [row async for row in named.tried_by_operator(tx, run_id=UUID(run["id"]), operator_id=operator_id)]
    return rows if sum(row["customers"] for row in rows) == run["created"] else []
