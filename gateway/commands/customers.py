"""What the desk can ask of the catalogue and of billing: operators, packages, customers, settings, runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.commands.payments import Key, Outcome, Wish, known_operation, perform, required, signature
from gateway.context import Gateway
from gateway.domain import Principal, Problem, wrong
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.schemas.imports import read_customers
from gateway.store import customers as desk
from gateway.store import operations
from gateway.store.access import acting_as
from gateway.store.operations import Operation
from shared import clock
from shared.contracts import catalog, invoicing, payments
from shared.db import Tx
from shared.ids import new_id


async def create_operator(
    gateway: Gateway, principal: Principal, read: Callable[[], bodies.Operator], key: Key | None
) -> Outcome:
    """Add an operator below one of the caller's subtree."""
    principal.must("change-operators")

    async def look(tx: Tx) -> bodies.Operator:
        body = read()
        await queries.operator(tx, principal, body.parent_id)
        return body

    async def wish(tx: Tx, body: bodies.Operator, operation_id: UUID) -> Wish:
        if await desk.one(tx, "operator_by_code", code=body.code):
            raise wrong("code", "Another operator has this code.", "code-taken")
        command = catalog.CreateOperator(
            operator_id=operation_id,
            code=body.code,
            name=body.name,
            parent_id=body.parent_id,
            **signature(principal),
        )
        return Wish("operator-made", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def change_operator(
    gateway: Gateway,
    principal: Principal,
    operator_id: UUID,
    read: Callable[[], bodies.OperatorChange],
    key: Key | None,
) -> Outcome:
    """Rename an operator."""
    principal.must("change-operators")

    async def look(tx: Tx) -> bodies.OperatorChange:
        await queries.operator(tx, principal, operator_id)
        return read()

    async def wish(tx: Tx, body: bodies.OperatorChange, operation_id: UUID) -> Wish:
        command = catalog.ChangeOperator(operator_id=operator_id, name=body.name, **signature(principal))
        return Wish("operator-changed", operator_id, command)

    return await perform(gateway, principal, look, wish, key)


async def create_package(
    gateway: Gateway, principal: Principal, read: Callable[[], bodies.Package], key: Key | None
) -> Outcome:
    """Add a package, for everybody or for one operator's subtree."""
    principal.must("change-packages")

    async def look(tx: Tx) -> bodies.Package:
        body = read()
        if body.operator_id is not None:
            await queries.operator(tx, principal, body.operator_id)
        elif principal.reach is not None:
            body = body.model_copy(update={"operator_id": principal.operator_id})
        return body

    async def wish(tx: Tx, body: bodies.Package, operation_id: UUID) -> Wish:
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
    read: Callable[[], bodies.PackageChange],
    key: Key | None,
) -> Outcome:
    """Change a package for invoices yet to come."""
    principal.must("change-packages")

    async def look(tx: Tx) -> bodies.PackageChange:
        package = await queries.package(tx, principal, package_id)
        if not principal.reaches(package["operator_id"]):
            raise Problem(403, "forbidden", "This package belongs to an operator above yours.")
        return read()

    async def wish(tx: Tx, body: bodies.PackageChange, operation_id: UUID) -> Wish:
        command = catalog.ChangePackage(package_id=package_id, **body.model_dump(), **signature(principal))
        return Wish("package-changed", package_id, command)

    return await perform(gateway, principal, look, wish, key)


async def create_customer(
    gateway: Gateway, principal: Principal, read: Callable[[], bodies.Customer], key: Key | None
) -> Outcome:
    """Add a customer to an operator of the subtree."""
    principal.must("change-customers")

    async def look(tx: Tx) -> bodies.Customer:
        body = read()
        await queries.operator(tx, principal, body.operator_id)
        await queries.package(tx, principal, body.package_id)
        return body.model_copy(update={"since": body.since or await queries.today(tx)})

    async def wish(tx: Tx, body: bodies.Customer, operation_id: UUID) -> Wish:
        if await desk.one(tx, "customer_by_code", operator_id=body.operator_id, code=body.code):
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
    read: Callable[[], bodies.CustomerChange],
    key: Key | None,
) -> Outcome:
    """Change what is named; a mobile of null takes it away."""
    principal.must("change-customers")

    async def look(tx: Tx) -> bodies.CustomerChange:
        await queries.customer(tx, customer_id, gateway.portals)
        body = read()
        if body.operator_id is not None:
            await queries.operator(tx, principal, body.operator_id)
        if body.package_id is not None:
            await queries.package(tx, principal, body.package_id)
        return body

    async def wish(tx: Tx, body: bodies.CustomerChange, operation_id: UUID) -> Wish:
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
    read: Callable[[], bodies.BillCustomer],
    key: Key | None,
) -> Outcome:
    """Bill one customer for a period, unless it has been."""
    principal.must("bill")

    async def look(tx: Tx) -> bodies.BillCustomer:
        await queries.customer(tx, customer_id, gateway.portals)
        body = read()
        await check_period(tx, body.period, dry_run=False)
        return body

    async def wish(tx: Tx, body: bodies.BillCustomer, operation_id: UUID) -> Wish:
        command = invoicing.StartRun(
            run_id=operation_id,
            kind="generate_missing",
            period=body.period,
            customer_id=customer_id,
            **signature(principal),
        )
        return Wish("bill-customer", operation_id, command, {"customer_id": str(customer_id)})

    return await perform(gateway, principal, look, wish, key)


async def start_run(
    gateway: Gateway, principal: Principal, read: Callable[[], bodies.Run], key: Key | None
) -> Outcome:
    """Bill a period for the caller's subtree or an operator's in it."""
    principal.must("bill")

    async def look(tx: Tx) -> bodies.Run:
        required(key)
        body = read()
        if body.operator_id is not None:
            await queries.operator(tx, principal, body.operator_id)
        elif principal.reach is not None:
            body = body.model_copy(update={"operator_id": principal.operator_id})
        await check_period(tx, body.period, body.dry_run)
        return body

    async def wish(tx: Tx, body: bodies.Run, operation_id: UUID) -> Wish:
        command = invoicing.StartRun(
            run_id=operation_id, kind="requested", **body.model_dump(), **signature(principal)
        )
        return Wish("run", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def check_period(tx: Tx, period: str, dry_run: bool) -> None:
    """Refuse a month that has not begun, unless it is only tried, and one before billing began."""
    settings = await queries.billing_settings(tx)
    if period > (await queries.today(tx)).strftime("%Y-%m") and not dry_run:
        raise wrong("period", "This month has not begun; it can only be tried.", "period-in-the-future")
    if settings["billing_from"] and period < settings["billing_from"]:
        raise wrong("period", f"Billing begins with {settings['billing_from']}.", "before-billing-from")


async def change_settings(
    gateway: Gateway, principal: Principal, read: Callable[[], bodies.BillingSettings], key: Key | None
) -> Outcome:
    """Set what is named, keep the rest; the whole installation's, so the root's alone."""
    principal.must("change-settings")
    if principal.reach is not None:
        raise Problem(403, "forbidden", "These settings are the whole installation's.")

    async def look(tx: Tx) -> bodies.BillingSettings:
        body = read()
        if body.time_zone is not None:
            _check_zone(body.time_zone)
        return body

    async def wish(tx: Tx, body: bodies.BillingSettings, operation_id: UUID) -> Wish:
        command = catalog.ChangeBillingSettings(**body.model_dump(), **signature(principal))
        return Wish("settings", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong("time_zone", "This is no IANA time zone.") from error


async def add_partner(
    gateway: Gateway, principal: Principal, read: Callable[[], bodies.Partner], key: Key | None
) -> Outcome:
    """Let a partner system in, for one operator's subtree. Its topics are made by `ispbills partners add`."""
    principal.must("change-settings")

    async def look(tx: Tx) -> bodies.Partner:
        body = read()
        await queries.operator(tx, principal, body.operator_id)
        return body

    async def wish(tx: Tx, body: bodies.Partner, operation_id: UUID) -> Wish:
        command = payments.AddPartner(
            partner_id=operation_id, name=body.name, operator_id=body.operator_id, **signature(principal)
        )
        return Wish("partner-made", operation_id, command, {"name": body.name})

    return await perform(gateway, principal, look, wish, key)


async def import_customers(gateway: Gateway, principal: Principal, raw: bytes, key: Key | None) -> Outcome:
    """Take a customers file; always 202, its operation tells what became of each line."""
    principal.must("change-customers")
    required(key)
    reading = await asyncio.to_thread(read_customers, raw)
    operation_id = new_id()
    async with acting_as(gateway.pool, principal) as tx:
        known = await known_operation(tx, principal, key, operation_id) if key else None
        if known is not None:
            return Outcome(known, 202)
        chunks = {
            new_id(): catalog.ImportCustomers(
                import_id=operation_id, lines=tuple(lines), **signature(principal)
            )
            for lines in reading.chunks()
        }
        operation = Operation(
            operation_id,
            "import",
            operation_id,
            principal.operator_id,
            principal.caller,
            state="pending" if chunks else "completed",
            facts={"from": principal.address},
        )
        await operations.add(tx, operation, None, clock.now())
        await operations.add_import(tx, operation_id, chunks, reading.refused, clock.now())
    return Outcome(operation_id, 202)
