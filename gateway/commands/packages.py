"""Packages: add one, change one for invoices yet to come."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem
from gateway.queries import operators as operator_queries
from gateway.queries import packages as package_queries
from gateway.schemas import packages as package_schemas
from gateway.store.access import reaches
from shared.contracts import catalog


async def create_package(
    gateway: Gateway, principal: Principal, read: Callable[[], package_schemas.Package], key: Key | None
) -> Outcome:
    """Add a package, for everybody or for one operator's subtree."""
    async with opened(gateway, principal, "change-packages", key) as operation:
        body = read()
        owner_id = body.operator_id
        if owner_id is not None:
            await operator_queries.operator(operation.tx, principal, owner_id)
        elif not principal.sees_all:
            owner_id = principal.operator_id
        await operation.claim()
        command = catalog.CreatePackage(
            package_id=operation.id,
            operator_id=owner_id,
            name=body.name,
            price_minor=body.price_minor,
            vat_basis_points=body.vat_basis_points,
            **operation.signature,
        )
        await operation.submit("package-made", operation.id, command)
    return operation.outcome


async def change_package(
    gateway: Gateway,
    principal: Principal,
    package_id: UUID,
    read: Callable[[], package_schemas.PackageChange],
    key: Key | None,
) -> Outcome:
    """Change a package for invoices yet to come."""
    async with opened(gateway, principal, "change-packages", key) as operation:
        package = await package_queries.package(operation.tx, principal, package_id)
        if not await reaches(operation.tx, principal, package["operator_id"]):
            raise Problem(403, "forbidden", "This package belongs to an operator above yours.")
        body = read()
        await operation.claim()
        command = catalog.ChangePackage(package_id=package_id, **body.model_dump(), **operation.signature)
        await operation.submit("package-changed", package_id, command)
    return operation.outcome
