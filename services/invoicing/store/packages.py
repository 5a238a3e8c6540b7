"""Packages as rows."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared.db import Tx


class Terms(TypedDict):
    """The terms of a package."""

    name: str
    price_minor: int
    vat_basis_points: int


async def by_id(tx: Tx, package_id: UUID) -> Row | None:
    """Return a package; None for an unknown one."""
    row: Row | None = await queries.package(tx, id=package_id)
    return row


async def lock(tx: Tx, package_id: UUID) -> Row | None:
    """Return a package that nobody else changes until this transaction ends; None for an unknown one."""
    row: Row | None = await queries.lock_package(tx, id=package_id)
    return row


async def add(tx: Tx, package_id: UUID, operator_id: UUID | None, terms: Terms) -> Row:
    """Add a package of an operator, or of everybody; return it."""
    row: Row = await queries.add_package(tx, id=package_id, operator_id=operator_id, **terms)
    return row


async def change(tx: Tx, package_id: UUID, terms: Terms) -> Row:
    """Give a package other terms; return it."""
    row: Row = await queries.change_package(tx, id=package_id, **terms)
    return row


async def touch_all(tx: Tx) -> list[Row]:
    """Give every package its next version, for each says the currency; return them."""
    return [row async for row in queries.touch_packages(tx)]
