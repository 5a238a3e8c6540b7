"""Operators and packages: made and changed, one command at a time."""

from __future__ import annotations

from services.invoicing import domain, store
from services.invoicing.domain import Forbidden, IdTaken
from services.invoicing.store import Row, operators, packages
from services.invoicing.store.packages import Terms
from shared.contracts.catalog import (
    ChangeOperator,
    ChangePackage,
    CreateOperator,
    CreatePackage,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.refusals import NotFound


async def create_operator(received: Received[CreateOperator], tx: Tx) -> OperatorChanged:
    """Add an operator below one that the caller reaches; only the first has no parent."""
    wanted = received.data
    path = [wanted.operator_id]
    if wanted.parent_id is not None:
        parent = await store.operator_in_scope(tx, wanted.parent_id, wanted.scope, "parent_id")
        path = [*parent["path"], wanted.operator_id]
    elif not await store.is_root(tx, wanted.scope):
        raise NotFound("parent_id")
    known = await operators.by_id(tx, wanted.operator_id)
    if known is not None:
        if (known["code"], known["parent_id"]) != (wanted.code, wanted.parent_id):
            raise IdTaken
        return store.operator_changed(known)
    row = await operators.add(
        tx, wanted.operator_id, code=wanted.code, name=wanted.name, parent_id=wanted.parent_id, path=path
    )
    return store.operator_changed(row)


async def change_operator(received: Received[ChangeOperator], tx: Tx) -> OperatorChanged:
    """Rename an operator; invoices keep the name of then."""
    wanted = received.data
    row = await operators.lock(tx, wanted.operator_id)
    if row is None or not domain.is_within(row["path"], wanted.scope):
        raise NotFound
    if wanted.name is not None and wanted.name != row["name"]:
        row = await operators.rename(tx, wanted.operator_id, wanted.name)
    return store.operator_changed(row)


async def create_package(received: Received[CreatePackage], tx: Tx) -> PackageChanged:
    """Add a package; one for everybody is the root's to make."""
    wanted = received.data
    if wanted.operator_id is not None:
        await store.operator_in_scope(tx, wanted.operator_id, wanted.scope, "operator_id")
    elif not await store.is_root(tx, wanted.scope):
        raise Forbidden
    settings = await store.billing_settings(tx)
    known = await packages.by_id(tx, wanted.package_id)
    if known is not None:
        if (known["operator_id"], known["name"]) != (wanted.operator_id, wanted.name):
            raise IdTaken
        return store.package_changed(known, settings.currency)
    terms: Terms = {
        "name": wanted.name,
        "price_minor": wanted.price_minor,
        "vat_basis_points": wanted.vat_basis_points,
    }
    row = await packages.add(tx, wanted.package_id, wanted.operator_id, terms)
    return store.package_changed(row, settings.currency)


async def change_package(received: Received[ChangePackage], tx: Tx) -> PackageChanged:
    """Change a package for invoices yet to come."""
    wanted = received.data
    row = await packages.lock(tx, wanted.package_id)
    if row is None:
        raise NotFound
    await _check_owner(tx, row, wanted)
    settings = await store.billing_settings(tx)
    terms: Terms = {
        "name": row["name"] if wanted.name is None else wanted.name,
        "price_minor": row["price_minor"] if wanted.price_minor is None else wanted.price_minor,
        "vat_basis_points": (
            row["vat_basis_points"] if wanted.vat_basis_points is None else wanted.vat_basis_points
        ),
    }
    if any(row[column] != value for column, value in terms.items()):
        row = await packages.change(tx, wanted.package_id, terms)
    return store.package_changed(row, settings.currency)


async def _check_owner(tx: Tx, package: Row, wanted: ChangePackage) -> None:
    """Raise unless the caller may change it: what is above them is only sold, what is beside them unknown."""
    if await store.is_root(tx, wanted.scope):
        return
    owner, scope = package["operator_id"], wanted.scope
    assert scope is not None
    if owner is None:
        raise Forbidden
    path = (await store.operator_in_scope(tx, owner, None))["path"]
    if scope in path:
        return
    own = await store.operator_in_scope(tx, scope, None)
    raise Forbidden if owner in own["path"] else NotFound
