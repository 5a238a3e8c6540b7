"""Packages: add one, change one for invoices yet to come."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, signature
from gateway.problems import Problem
from gateway.queries import operators as operator_queries
from gateway.queries import packages as package_queries
from gateway.schemas import packages as package_schemas
from gateway.store.access import reaches
from shared.contracts import catalog
from shared.db import Tx


async def create_package(
    gateway: Gateway, principal: Principal, read: Callable[[], package_schemas.Package], key: Key | None
) -> Outcome:
    """Add a package, for everybody or for one operator's subtree."""
    principal.must("change-packages")

    async def look(tx: Tx) -> package_schemas.Package:
        body = read()
        if body.operator_id is not None:
            await operator_queries.operator(tx, principal, body.operator_id)
        elif not principal.sees_all:
            body = body.model_copy(update={"operator_id": principal.operator_id})
        return body

    async def wish(tx: Tx, body: package_schemas.Package, operation_id: UUID) -> Wish:
        command = catalog.CreatePackage(
            package_id=operation_id,
            operator_id=body.operator_id,
            name=body.name,
            price_minor=body.price_minor,
            vat_basis_points=body.vat_basis_points,
            **signature(principal),
        )
        return Wish("package-made", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def change_package(
    gateway: Gateway,
    principal: Principal,
    package_id: UUID,
    read: Callable[[], package_schemas.PackageChange],
    key: Key | None,
) -> Outcome:
    """Change a package for invoices yet to come."""
    principal.must("change-packages")

    async def look(tx: Tx) -> package_schemas.PackageChange:
        package = await package_queries.package(tx, principal, package_id)
        if not await reaches(tx, principal, package["operator_id"]):
            raise Problem(403, "forbidden", "This package belongs to an operator above yours.")
        return read()

    async def wish(tx: Tx, body: package_schemas.PackageChange, operation_id: UUID) -> Wish:
        command = catalog.ChangePackage(package_id=package_id, **body.model_dump(), **signature(principal))
        return Wish("package-changed", package_id, command)

    return await perform(gateway, principal, look, wish, key)
