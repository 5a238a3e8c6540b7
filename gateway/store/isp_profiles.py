"""What operators say of themselves on documents."""

from __future__ import annotations

from uuid import UUID

from gateway.store.statements import Row, many, named
from shared.db import Tx


async def on_path(tx: Tx, operator_id: UUID) -> list[Row]:
    """Return an operator and those above it, nearest first, each with what it says of itself."""
    return await many(named.isp_profiles_on_path(tx, operator_id=operator_id))
