"""ISP profiles with what they inherit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from gateway.access import Principal
from gateway.queries.operators import operator
from gateway.schemas import isp_profiles as profile_schemas
from gateway.schemas.fields import Row
from gateway.store import isp_profiles as profile_store
from shared.db import Tx


async def rows_of(tx: Tx, principal: Principal, operator_id: UUID) -> Sequence[Row]:
    """An operator within reach and those above it, nearest first, each with what it says of itself."""
    await operator(tx, principal, operator_id)
    return await profile_store.on_path(tx, operator_id)


async def rows_on_path(tx: Tx, operator_id: UUID) -> Sequence[Row]:
    """An operator and those above it as `rows_of`, for customers, whom everything of theirs is shown."""
    return await profile_store.on_path(tx, operator_id)


async def names(tx: Tx, operator_ids: Collection[UUID]) -> dict[UUID, str]:
    """The name at the head of each operator's documents, which signs what its customers are sent."""
    paths = await profile_store.on_paths(tx, operator_ids)
    return {operator_id: profile_schemas.profile(rows)["name"] for operator_id, rows in paths.items()}


async def profile(tx: Tx, operator_id: UUID) -> profile_schemas.IspProfileShown:
    """An operator's profile as its documents show it now."""
    return profile_schemas.profile(await profile_store.on_path(tx, operator_id))
