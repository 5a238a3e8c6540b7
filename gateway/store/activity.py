"""The activity log."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, named
from shared.db import Tx


def _reach(principal: Principal) -> list[UUID] | None:
    return list(principal.reach) if principal.reach is not None else None


async def entries(
    tx: Tx,
    principal: Principal,
    callers: Sequence[str] | None,
    kinds: Sequence[str],
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """What was asked for in the caller's subtree, youngest first."""
    rows = named.activity(
        tx,
        reach=_reach(principal),
        callers=list(callers) if callers is not None else None,
        kinds=list(kinds) or None,
        after=after,
        limit=limit,
    )
    return [row async for row in rows]
