"""What operators say of themselves on documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from gateway.store.statements import Row, many, named
from shared.db import Tx


async def on_path(tx: Tx, operator_id: UUID) -> Sequence[Row]:
    """Return an operator and those above it, nearest first, each with what it says of itself."""
    return (await on_paths(tx, [operator_id])).get(operator_id, [])


async def on_paths(tx: Tx, operator_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Row]]:
    """Return the same of several operators, by the operator."""
    paths: dict[UUID, list[Row]] = defaultdict(list)
    for row in await many(named.isp_profiles_on_paths(tx, operator_ids=operator_ids)):
        paths[row["own_id"]].append(row)
    return paths
