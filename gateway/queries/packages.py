"""Packages that a subtree may sell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import packages as package_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import packages as package_store
from shared.db import Tx


async def package(tx: Tx, principal: Principal, package_id: UUID) -> Mapping[str, Any]:
    """A package that the caller's subtree may sell."""
    row = await package_store.by_id(tx, package_id)
    if row is None or not await package_store.is_on_sale(tx, principal, row["operator_id"]):
        raise not_found("There is no such package.")
    return row


async def list_packages(
    tx: Tx, principal: Principal, page: Page, secret: str
) -> Listed[package_schemas.PackageShown]:
    """Return the packages that the caller's subtree may sell."""
    return await listed(
        tx, "packages", package_store.page, package_schemas.package, page, secret, top=principal.top
    )
