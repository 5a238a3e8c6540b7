"""/operators, /packages, /customers, /partners, /settings: the catalogue, and who is billed for what."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post, put

from gateway.commands import customers as catalogue
from gateway.commands import payments as commands
from gateway.http import responses
from gateway.http.requests import (
    LARGEST_FILE_BYTES,
    Here,
    PathId,
    Query,
    Who,
    checked_period,
    key_of,
    path_id,
    raw_body,
    reader,
)
from gateway.queries import bills as queries
from gateway.schemas import bills as shapes
from gateway.schemas import bodies
from gateway.store.access import acting_as


@get("/operators", summary="The reseller tree")
async def list_operators(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The operators of one's subtree."""
    page = Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_operators(tx, principal, page, gateway.secret))


@get("/operators/{operator_id:str}", summary="One operator")
async def get_operator(gateway: Here, principal: Who, operator_id: PathId) -> Response[bytes]:
    """An operator of the subtree."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(shapes.operator(await queries.operator(tx, principal, path_id(operator_id))))


@post("/operators", status_code=201, summary="Add an operator")
async def create_operator(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Add an operator below one of the subtree."""
    principal.must("change-operators")
    raw = await raw_body(request)
    read = reader(bodies.Operator, raw)
    return responses.outcome(await catalogue.create_operator(gateway, principal, read, key_of(request, raw)))


@patch("/operators/{operator_id:str}", summary="Rename an operator")
async def change_operator(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, operator_id: PathId
) -> Response[bytes]:
    """Its code and place in the tree stay."""
    principal.must("change-operators")
    raw = await raw_body(request)
    read = reader(bodies.OperatorChange, raw)
    return responses.outcome(
        await catalogue.change_operator(gateway, principal, path_id(operator_id), read, key_of(request, raw))
    )


@get("/packages", summary="What is sold")
async def list_packages(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Packages that the subtree may sell."""
    page = Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_packages(tx, principal, page, gateway.secret))


@get("/packages/{package_id:str}", summary="One package")
async def get_package(gateway: Here, principal: Who, package_id: PathId) -> Response[bytes]:
    """A package that the subtree may sell."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(shapes.package(await queries.package(tx, principal, path_id(package_id))))


@post("/packages", status_code=201, summary="Add a package")
async def create_package(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Prices are without VAT."""
    principal.must("change-packages")
    raw = await raw_body(request)
    read = reader(bodies.Package, raw)
    return responses.outcome(await catalogue.create_package(gateway, principal, read, key_of(request, raw)))


@patch("/packages/{package_id:str}", summary="Change a package")
async def change_package(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, package_id: PathId
) -> Response[bytes]:
    """For invoices yet to come; those issued stay as they are."""
    principal.must("change-packages")
    raw = await raw_body(request)
    read = reader(bodies.PackageChange, raw)
    return responses.outcome(
        await catalogue.change_package(gateway, principal, path_id(package_id), read, key_of(request, raw))
    )


@get("/customers", summary="Customers")
async def list_customers(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """By operator, package, status, code, or words of name, code and mobile."""
    query = Query(request)
    wanted, page = query.customers(), query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await queries.list_customers(tx, principal, wanted, page, gateway.secret, gateway.portals)
        )


@get("/customers/{customer_id:str}", summary="One customer")
async def get_customer(gateway: Here, principal: Who, customer_id: PathId) -> Response[bytes]:
    """A customer with their credit and the address of their portal."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.customer(tx, path_id(customer_id), gateway.portals))


@post("/customers", status_code=201, summary="Add a customer")
async def create_customer(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The code is unique within the operator."""
    principal.must("change-customers")
    raw = await raw_body(request)
    read = reader(bodies.Customer, raw)
    return responses.outcome(await catalogue.create_customer(gateway, principal, read, key_of(request, raw)))


@patch("/customers/{customer_id:str}", summary="Change a customer")
async def change_customer(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Changes what is named."""
    principal.must("change-customers")
    raw = await raw_body(request)
    read = reader(bodies.CustomerChange, raw)
    return responses.outcome(
        await catalogue.change_customer(gateway, principal, path_id(customer_id), read, key_of(request, raw))
    )


@post("/customers/import", status_code=202, summary="Import customers")
async def import_customers(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """A CSV file; 202, and the operation tells what became of each line. Needs an Idempotency-Key."""
    principal.must("change-customers")
    raw = await raw_body(request, LARGEST_FILE_BYTES)
    return responses.outcome(await catalogue.import_customers(gateway, principal, raw, key_of(request, raw)))


@get("/customers/{customer_id:str}/payments", summary="A customer's payments")
async def list_payments(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Youngest first."""
    customer, page = path_id(customer_id), Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await queries.list_payments_of_customer(tx, customer, page, gateway.secret, gateway.portals)
        )


@post("/customers/{customer_id:str}/refunds", status_code=201, summary="Pay credit back")
async def refund_credit(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Never more than the credit."""
    principal.must("refund")
    raw = await raw_body(request)
    read = reader(bodies.Refund, raw)
    return responses.outcome(
        await commands.refund_credit(gateway, principal, path_id(customer_id), read, key_of(request, raw))
    )


@post("/customers/{customer_id:str}/bills", status_code=201, summary="Bill one customer")
async def bill_customer(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """For one period, unless it is billed; says which of the two, and the bill."""
    principal.must("bill")
    raw = await raw_body(request)
    read = reader(bodies.BillCustomer, raw)
    return responses.outcome(
        await catalogue.bill_customer(gateway, principal, path_id(customer_id), read, key_of(request, raw))
    )


@get("/customers/{customer_id:str}/billing/{period:str}", summary="Why was this customer (not) billed?")
async def billing_of_customer(
    gateway: Here, principal: Who, customer_id: PathId, period: PathId
) -> Response[bytes]:
    """The outcome of the period for this customer, with its reason."""
    customer, month = path_id(customer_id), checked_period("period", period)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.billing_of_customer(tx, customer, month, gateway.portals))


@get("/partners", summary="Partner systems")
async def list_partners(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Partner systems of the subtree."""
    page = Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_partners(tx, page, gateway.secret))


@post("/partners", status_code=201, summary="Let a partner system in")
async def add_partner(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """It belongs to an operator and reaches only its subtree."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(bodies.Partner, raw)
    return responses.outcome(await catalogue.add_partner(gateway, principal, read, key_of(request, raw)))


@get("/settings/billing", summary="How this installation bills")
async def get_settings(gateway: Here, principal: Who) -> Response[bytes]:
    """Time zone, currency, days until due, first period, life of links."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(shapes.settings(await queries.billing_settings(tx)))


@put("/settings/billing", summary="Change how this installation bills")
async def change_settings(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Sets what is named and keeps the rest; the currency is fixed after the first invoice."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(bodies.BillingSettings, raw)
    return responses.outcome(await catalogue.change_settings(gateway, principal, read, key_of(request, raw)))


ROUTES = [
    list_operators,
    get_operator,
    create_operator,
    change_operator,
    list_packages,
    get_package,
    create_package,
    change_package,
    list_customers,
    get_customer,
    create_customer,
    change_customer,
    import_customers,
    list_payments,
    refund_credit,
    bill_customer,
    billing_of_customer,
    list_partners,
    add_partner,
    get_settings,
    change_settings,
]
