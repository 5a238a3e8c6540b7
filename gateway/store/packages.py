"""Packages on sale."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, many, named, one
from shared.db import Tx

MOST_PACKAGES = 500


async def is_on_sale(tx: Tx, principal: Principal, seller_id: UUID | None) -> bool:
    """Whether one sees a seller's packages: everybody's, those of one's subtree, of everyone above it."""
    if principal.top is None or seller_id is None or seller_id == principal.top:
        return True
    return bool(await named.is_on_sale(tx, top=principal.top, seller_id=seller_id))


async def with_operators(tx: Tx, principal: Principal, limit: int) -> list[Row]:
    """Packages on sale with the operator they belong to."""
    return await many(named.packages_shown(tx, top=principal.top, limit=limit))


async def on_sale(tx: Tx, principal: Principal) -> list[dict[str, Any]]:
    """Return the packages that the caller's subtree may sell, by name."""
    rows = await of_subtree(tx, principal.top, MOST_PACKAGES)
    return [{"id": str(row["id"]), "name": row["name"], "price_minor": row["price_minor"]} for row in rows]


async def of_subtree(tx: Tx, top: UUID | None, limit: int) -> list[Row]:
    """Return every package that a subtree may sell."""
    return await many(named.packages_on_sale(tx, top=top, limit=limit))


async def by_id(tx: Tx, package_id: UUID) -> Row | None:
    """Return a package, whoever sells it."""
    return await one(named.package_by_id(tx, id=package_id))


async def page(tx: Tx, *, top: UUID | None, after: UUID | None, limit: int) -> list[Row]:
    """Return packages that a subtree may sell, from the one after `after`."""
    return await many(named.packages(tx, top=top, after=after, limit=limit))
