"""Packages on sale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store import operators as operator_store
from gateway.store.statements import Row, named
from shared.db import Tx

MOST_PACKAGES = 500


async def with_operators(tx: Tx, sellers: Sequence[UUID] | None, limit: int) -> list[Row]:
    """Packages on sale with the operator they belong to."""
    known = list(sellers) if sellers is not None else None
    return [row async for row in named.packages_shown(tx, sellers=known, limit=limit)]


async def on_sale(tx: Tx, principal: Principal) -> list[dict[str, Any]]:
    """What the caller's subtree may sell, by name."""
    sellers = None if principal.reach is None else await operator_store.sellers(tx, principal.operator_id)
    rows = named.packages_on_sale(tx, sellers=sellers, limit=MOST_PACKAGES)
    return [
        {"id": str(row["id"]), "name": row["name"], "price_minor": row["price_minor"]} async for row in rows
    ]
