"""The activity log."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, many, named
from shared.db import Tx


async def entries(
    tx: Tx,
    principal: Principal,
    callers: Sequence[str] | None,
    kinds: Sequence[str],
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """Return what was asked for in the caller's subtree, newest first."""
    rows = named.activity(
        tx,
        top=principal.top,
        callers=list(callers) if callers is not None else None,
        kinds=list(kinds) or None,
        after=after,
        limit=limit,
    )
    return await many(rows)
