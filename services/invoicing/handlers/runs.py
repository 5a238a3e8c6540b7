"""Runs: asked for by a person; carried out by the workers."""

from __future__ import annotations

from uuid import UUID

from services.invoicing import domain, store
from services.invoicing.store import NewRun, customers, packages
from shared import outbox
from shared.contracts.envelope import Received
from shared.contracts.invoicing import StartRun
from shared.db import Tx
from shared.refusals import NotFound


async def start_run(received: Received[StartRun], tx: Tx) -> None:
    """Open a run over what the caller reaches; its first message is the answer."""
    wanted = received.data
    settings = await store.billing_settings(tx)
    operator_id = await _operator_of(tx, wanted)
    if wanted.package_id is not None:
        await _check_package(tx, wanted.package_id, wanted.scope)
    if wanted.customer_id is not None:
        await _check_customer(tx, wanted.customer_id, wanted.scope)
    domain.check_period(
        wanted.period, today=settings.today, billing_from=settings.billing_from, dry_run=wanted.dry_run
    )
    run = NewRun(
        id=wanted.run_id,
        kind=wanted.kind,
        period=wanted.period,
        requested_by=wanted.actor.signed_as,
        currency=settings.currency,
        operator_id=operator_id,
        package_id=wanted.package_id,
        customer_id=wanted.customer_id,
        dry_run=wanted.dry_run,
    )
    await store.add_run(tx, run)
    await store.say_run(tx, run.id, outbox.INTERACTIVE, because=received.envelope)


async def _operator_of(tx: Tx, wanted: StartRun) -> UUID | None:
    """The subtree of the run: the one that is named, else all that the caller reaches."""
    if wanted.operator_id is not None:
        await store.operator_in_scope(tx, wanted.operator_id, wanted.scope, "operator_id")
        return wanted.operator_id
    return None if await store.is_root(tx, wanted.scope) else wanted.scope


async def _check_package(tx: Tx, package_id: UUID, scope: UUID | None) -> None:
    package = await packages.by_id(tx, package_id)
    if package is None:
        raise NotFound("package_id")
    if scope is None or package["operator_id"] is None:
        return
    owner = await store.operator_in_scope(tx, package["operator_id"], None)
    own = await store.operator_in_scope(tx, scope, None)
    if scope not in owner["path"] and package["operator_id"] not in own["path"]:
        raise NotFound("package_id")


async def _check_customer(tx: Tx, customer_id: UUID, scope: UUID | None) -> None:
    customer = await customers.by_id(tx, customer_id)
    if customer is None:
        raise NotFound("customer_id")
    await store.operator_in_scope(tx, customer["operator_id"], scope, "customer_id")
