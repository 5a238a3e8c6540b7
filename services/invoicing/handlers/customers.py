"""Customers, made and changed one by one."""

from __future__ import annotations

from typing import Any

from services.invoicing import domain, store
from services.invoicing.domain import IdTaken
from services.invoicing.store import Row, customers
from shared import clock, erasure, outbox
from shared.contracts.catalog import (
    ChangeCustomer,
    CreateCustomer,
    CustomerChanged,
    CustomerErased,
    EraseCustomer,
)
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.outbox import Said
from shared.refusals import NotFound

_COLUMNS = (
    "operator_id",
    "code",
    "name",
    "mobile",
    "alternate_mobile",
    "address",
    "package_id",
    "status",
    "billing_cycle",
    "since",
)


async def create_customer(received: Received[CreateCustomer], tx: Tx) -> CustomerChanged:
    """Add a customer to an operator that the caller reaches."""
    wanted = received.data
    operator = await store.operator_in_scope(tx, wanted.operator_id, wanted.scope, "operator_id")
    await store.package_for(tx, wanted.package_id, operator["path"], "package_id")
    target = {column: getattr(wanted, column) for column in _COLUMNS}
    known = await customers.by_id(tx, wanted.customer_id)
    if known is not None:
        if any(known[column] != value for column, value in target.items()):
            raise IdTaken
        return store.customer_changed(known)
    return store.customer_changed(await customers.add(tx, wanted.customer_id, target))


async def change_customer(received: Received[ChangeCustomer], tx: Tx) -> CustomerChanged:
    """Change what is given; a customer moves only within the caller's reach, to a package sold there."""
    wanted = received.data
    row = await customers.lock(tx, wanted.customer_id)
    if row is None:
        raise NotFound
    await store.operator_in_scope(tx, row["operator_id"], wanted.scope)
    if row["erased_at"] is not None:
        raise domain.CustomerErased
    target = _target(row, wanted)
    if (target["operator_id"], target["package_id"]) != (row["operator_id"], row["package_id"]):
        operator = await store.operator_in_scope(tx, target["operator_id"], wanted.scope, "operator_id")
        await store.package_for(tx, target["package_id"], operator["path"], "package_id")
    if any(row[column] != value for column, value in target.items()):
        row = await customers.change(tx, wanted.customer_id, target)
    return store.customer_changed(row)


def _target(row: Row, wanted: ChangeCustomer) -> dict[str, Any]:
    target = {}
    for column in _COLUMNS:
        given = getattr(wanted, column)
        target[column] = row[column] if given is None else given
    if wanted.clear_mobile:
        target["mobile"] = None
    if wanted.clear_alternate_mobile:
        target["alternate_mobile"] = None
    return target


async def erase_customer(received: Received[EraseCustomer], tx: Tx) -> CustomerErased:
    """Erase a closed customer who owes nothing: the books keep a code, here and on every invoice.

    What is said under new versions takes the place of what was said before, wherever it arrives.
    """
    wanted = received.data
    row = await customers.lock(tx, wanted.customer_id)
    if row is None:
        raise NotFound
    await store.operator_in_scope(tx, row["operator_id"], wanted.scope)
    if row["erased_at"] is None:
        owes = await customers.owe_anything(tx, wanted.customer_id)
        domain.check_erasure(is_closed=row["status"] == "closed", owes=owes)
        row = await customers.erase(tx, row["id"], row["code"], clock.now())
        invoices = [store.invoice_state(each) for each in await customers.erase_from_invoices(tx, row["id"])]
        said = [store.customer_changed(row), *invoices]
        await outbox.say(tx, [Said(each) for each in said], lane=received.envelope.lane)
    erased = store.customer_erased(row)
    await erasure.note(tx, [erased])
    return erased
