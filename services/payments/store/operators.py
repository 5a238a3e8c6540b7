"""The tree of operators, as far as payments knows it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.payments.store.statements import queries
from shared.db import Pool, Tx


async def path(tx: Tx, operator_id: UUID) -> list[UUID] | None:
    """Return the operators from the root to this one; None for one never heard of."""
    ids: list[UUID] | None = await queries.operator_path(tx, operator_id=operator_id)
    return ids


async def paths(tx: Tx, operator_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the operators from the root to each of these; those never heard of are left out."""
    if not operator_ids:
        return {}
    rows = queries.operator_paths(tx, operator_ids=list(operator_ids))
    return {row["operator_id"]: row["path"] async for row in rows}


async def id_of_code(pool: Pool, code: str) -> UUID | None:
    """Return the operator that has a code; None for a code never heard of."""
    row = await queries.operator_by_code(pool, code=code)
    return None if row is None else row["operator_id"]
