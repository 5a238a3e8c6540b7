"""Customers: add one, change one, bill one for a period."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.commands.billing_runs import check_period
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, code_taken, wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import customers as customer_queries
from gateway.queries import operators as operator_queries
from gateway.queries import packages as package_queries
from gateway.schemas import customers as customer_schemas
from gateway.store import customers as customer_store
from gateway.store import operations as operation_store
from gateway.store.access import acting_as
from shared import clock
from shared.contracts import catalog, invoicing
from shared.db import Tx
from shared.values.mobiles import Mobile, NoMobile, read_mobile


async def create_customer(
    gateway: Gateway, principal: Principal, read: Callable[[], customer_schemas.Customer], key: Key | None
) -> Outcome:
    """Add a customer to an operator of the subtree."""
    async with opened(gateway, principal, "change-customers", key) as operation:
        body = read()
        await operator_queries.operator(operation.tx, principal, body.operator_id)
        await package_queries.package(operation.tx, principal, body.package_id)
        since = body.since or await settings_queries.today(operation.tx)
        numbers = await _read_numbers(operation.tx, body.mobile, body.alternate_mobile)
        await operation.claim()
        if await customer_store.of_operator(operation.tx, body.operator_id, body.code):
            raise code_taken()
        known = body.model_dump() | {"since": since} | numbers
        command = catalog.CreateCustomer(customer_id=operation.id, **known, **operation.signature)
        await operation.submit("customer-made", operation.id, command)
    return operation.outcome


async def change_customer(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], customer_schemas.CustomerChange],
    key: Key | None,
) -> Outcome:
    """Change what is named; a number of null takes it away."""
    async with opened(gateway, principal, "change-customers", key) as operation:
        await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        body = read()
        if body.operator_id is not None:
            await operator_queries.operator(operation.tx, principal, body.operator_id)
        if body.package_id is not None:
            await package_queries.package(operation.tx, principal, body.package_id)
        numbers = await _read_numbers(operation.tx, body.mobile, body.alternate_mobile)
        nulled = {name for name in body.CLEARABLE & body.model_fields_set if getattr(body, name) is None}
        await operation.claim()
        command = catalog.ChangeCustomer(
            customer_id=customer_id,
            clear_mobile="mobile" in nulled,
            clear_alternate_mobile="alternate_mobile" in nulled,
            **(body.model_dump() | numbers),
            **operation.signature,
        )
        await operation.submit("customer-changed", customer_id, command)
    return operation.outcome


async def erase_customer(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], customer_schemas.EraseCustomer],
    key: Key | None,
) -> Outcome:
    """Erase the personal data of a closed customer with whom nothing is open; `code` makes sure of whom."""
    async with opened(gateway, principal, "erase-customers", key) as operation:
        known = await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        if read().code != known["code"]:
            raise wrong("code", "This is not the code of the customer.", "other-code")
        await operation.claim()
        if (refusal := _why_not_erased(known)) is not None:
            raise refusal
        command = catalog.EraseCustomer(customer_id=customer_id, **operation.signature)
        await operation.submit("customer-erased", customer_id, command)
    return operation.outcome


def _why_not_erased(customer: customer_schemas.CustomerShown) -> Problem | None:
    """Return what has to be done before a customer can be erased, or that they were."""
    if customer["erased"]:
        return Problem(409, "customer-erased", "This customer was erased.")
    if customer["status"] != "closed":
        return Problem(409, "not-closed", "Only a closed customer can be erased; close them first.")
    if customer["balance_minor"]:
        return Problem(409, "still-owes", "This customer still owes something; settle or void it first.")
    if customer["credit_minor"]:
        return Problem(409, "has-credit", "This customer has credit; pay it back first.")
    return None


async def _read_numbers(tx: Tx, typed: str | None, alternate: str | None) -> dict[str, str | None]:
    """Return both numbers in E.164; the second of two in one field stands where no other was named."""
    country = await settings_queries.country(tx)
    mobile = _read_mobile("mobile", typed, country)
    other = _read_mobile("alternate_mobile", alternate, country)
    second = other.number if other else mobile.alternate if mobile else None
    return {"mobile": mobile.number if mobile else None, "alternate_mobile": second}


def _read_mobile(field: str, typed: str | None, country: str) -> Mobile | None:
    """Return what was typed; 422 `no-mobile` says why it is none."""
    if typed is None:
        return None
    try:
        mobile = read_mobile(typed, country)
    except NoMobile as error:
        raise wrong(field, error.detail, "no-mobile") from error
    if mobile is None:
        raise wrong(field, "This is no mobile number; null stands for none.", "no-mobile")
    return mobile


async def bill_customer(
    gateway: Gateway,
    principal: Principal,
    customer_id: UUID,
    read: Callable[[], customer_schemas.BillCustomer],
    key: Key | None,
) -> Outcome:
    """Bill one customer for a period, unless it has been."""
    async with opened(gateway, principal, "bill", key) as operation:
        await customer_queries.customer(operation.tx, customer_id, gateway.portals)
        body = read()
        await check_period(operation.tx, body.period, dry_run=False)
        await operation.claim()
        command = invoicing.StartRun(
            run_id=operation.id,
            kind="generate_missing",
            period=body.period,
            customer_id=customer_id,
            **operation.signature,
        )
        await operation.submit("bill-customer", operation.id, command, customer_id=str(customer_id))
    return operation.outcome


async def renew_portal_address(
    gateway: Gateway, principal: Principal, customer_id: UUID
) -> customer_schemas.CustomerShown:
    """Return the customer with a new portal address; the one before opens nothing from now on."""
    principal.must("change-customers")
    async with acting_as(gateway.pool, principal) as tx:
        known, now = await customer_queries.customer(tx, customer_id, gateway.portals), clock.now()
        await customer_store.renew_portal_address(tx, customer_id, now)
        await operation_store.note_done(tx, principal, "portal-renewed", customer_id, known["name"], now)
        return await customer_queries.customer(tx, customer_id, gateway.portals)
