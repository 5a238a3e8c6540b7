"""The tree of operators, as far as payments knows it."""

from __future__ import annotations

from uuid import UUID

from services.payments.store.statements import queries
from shared.db import Tx


async def path(tx: Tx, operator_id: UUID) -> list[UUID] | None:
    """Return the operators from the root to this one; None for one never heard of."""
    ids: list[UUID] | None = await queries.operator_path(tx, operator_id=operator_id)
    return ids
