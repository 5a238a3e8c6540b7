"""Customers: add one, change one, bill one for a period."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.commands.billing_runs import check_period
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, signature
from gateway.problems import wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import customers as customer_queries
from gateway.queries import operators as operator_queries
from gateway.queries import packages as package_queries
from gateway.schemas import customers as customer_schemas
from gateway.store import statements
from shared.contracts import catalog, invoicing
from shared.db import Tx


async def create_customer(
    gateway: Gateway, principal: Principal, read: Callable[[], customer_schemas.Customer], key: Key | None
) -> Outcome:
    """Add a customer to an operator of the subtree."""
    principal.must("change-customers")

    async def look(tx: Tx) -> customer_schemas.Customer:
        body = read()
        await operator_queries.operator(tx, principal, body.operator_id)
        await package_queries.package(tx, principal, body.package_id)
        return body.model_copy(update={"since": body.since or await settings_queries.today(tx)})

    async def wish(tx: Tx, body: customer_schemas.Customer, operation_id: UUID) -> Wish:
        if await statements.one(tx, "customer_by_code", operator_id=body.operator_id, code=body.code):
            raise wrong("code", "Another customer of this operator has this code.", "code-taken")
        assert body.since is not None, "look has put today in its place"
        command = catalog.CreateCustomer(
            customer_id=operation_id, **body.model_dump(), **signature(principal)
        )
        return Wish("customer-made", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def change_customer(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], customer_schemas.CustomerChange],
    key: Key | None,
) -> Outcome:
    """Change what is named; a mobile of null takes it away."""
    principal.must("change-customers")

    async def look(tx: Tx) -> customer_schemas.CustomerChange:
        await customer_queries.customer(tx, customer_id, gateway.portals)
        body = read()
        if body.operator_id is not None:
            await operator_queries.operator(tx, principal, body.operator_id)
        if body.package_id is not None:
            await package_queries.package(tx, principal, body.package_id)
        return body

    async def wish(tx: Tx, body: customer_schemas.CustomerChange, operation_id: UUID) -> Wish:
        command = catalog.ChangeCustomer(
            customer_id=customer_id,
            clear_mobile="mobile" in body.model_fields_set and body.mobile is None,
            **body.model_dump(),
            **signature(principal),
        )
        return Wish("customer-changed", customer_id, command)

    return await perform(gateway, principal, look, wish, key)


async def bill_customer(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], customer_schemas.BillCustomer],
    key: Key | None,
) -> Outcome:
    """Bill one customer for a period, unless it has been."""
    principal.must("bill")

    async def look(tx: Tx) -> customer_schemas.BillCustomer:
        await customer_queries.customer(tx, customer_id, gateway.portals)
        body = read()
        await check_period(tx, body.period, dry_run=False)
        return body

    async def wish(tx: Tx, body: customer_schemas.BillCustomer, operation_id: UUID) -> Wish:
        command = invoicing.StartRun(
            run_id=operation_id,
            kind="generate_missing",
            period=body.period,
            customer_id=customer_id,
            **signature(principal),
        )
        return Wish("bill-customer", operation_id, command, {"customer_id": str(customer_id)})

    return await perform(gateway, principal, look, wish, key)
