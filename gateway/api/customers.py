"""/customers: who is billed, for what, and why they were or were not."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post

from gateway.api.declarations import says
from gateway.api.resources import IDS, TEXT, WORDS, list_of, one_of, ref
from gateway.commands import customers as customer_commands
from gateway.commands import imports as import_commands
from gateway.commands import payments as payment_commands
from gateway.http import responses, uploads
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
from gateway.queries import customers as customer_queries
from gateway.queries import payments as payment_queries
from gateway.schemas import customers as customer_schemas
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.store.access import acting_as


@get(
    "/customers",
    summary="Customers",
    opt=says(
        list_of(ref("CustomerShown")),
        query={
            "operator_id": IDS,
            "package_id": IDS,
            "status": {"type": "array", "items": one_of("active", "suspended", "closed")},
            "code": TEXT,
            "q": WORDS,
        },
    ),
)
async def list_customers(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """By operator, package, status, code, or words of name, code and mobile."""
    query = Query(request)
    wanted, page = query.customers(), query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await customer_queries.list_customers(
                tx, principal, wanted, page, gateway.secret, gateway.portals
            )
        )


@get("/customers/{customer_id:str}", summary="One customer", opt=says(ref("CustomerShown")))
async def get_customer(gateway: Here, principal: Who, customer_id: PathId) -> Response[bytes]:
    """A customer with their credit and the address of their portal."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await customer_queries.customer(tx, path_id(customer_id), gateway.portals))


@post(
    "/customers",
    status_code=201,
    summary="Add a customer",
    opt=says(ref("CustomerShown"), takes=customer_schemas.Customer),
)
async def create_customer(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The code is unique within the operator."""
    principal.must("change-customers")
    raw = await raw_body(request)
    read = reader(customer_schemas.Customer, raw)
    return responses.outcome(
        await customer_commands.create_customer(gateway, principal, read, key_of(request, raw))
    )


@patch(
    "/customers/{customer_id:str}",
    summary="Change a customer",
    opt=says(ref("CustomerShown"), takes=customer_schemas.CustomerChange),
)
async def change_customer(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Changes what is named."""
    principal.must("change-customers")
    raw = await raw_body(request)
    read = reader(customer_schemas.CustomerChange, raw)
    return responses.outcome(
        await customer_commands.change_customer(
            gateway, principal, path_id(customer_id), read, key_of(request, raw)
        )
    )


@post(
    "/customers/import",
    status_code=202,
    summary="Import customers",
    opt=says(None, keyed=True),
    request_max_body_size=LARGEST_FILE_BYTES,
)
async def import_customers(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """A CSV file or a workbook; the operation tells what became of each line. Needs an Idempotency-Key."""
    principal.must("change-customers")
    raw = await raw_body(request)
    key = key_of(request, raw)
    table = await uploads.table_of(raw)
    return responses.outcome(await import_commands.import_customers(gateway, principal, table, key))


@post(
    "/customers/{customer_id:str}/portal-url",
    status_code=200,
    summary="Renew a customer's portal address",
    opt=says(ref("CustomerShown"), at_once=True),
)
async def renew_portal_address(gateway: Here, principal: Who, customer_id: PathId) -> Response[bytes]:
    """The customer with a new `portal_url`; the one before answers 404 from now on."""
    principal.must("change-customers")
    return responses.json(
        await customer_commands.renew_portal_address(gateway, principal, path_id(customer_id))
    )


@get(
    "/customers/{customer_id:str}/payments",
    summary="A customer's payments",
    opt=says(list_of(ref("PaymentShown"))),
)
async def list_payments(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Youngest first."""
    customer, page = path_id(customer_id), Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await payment_queries.list_payments_of_customer(
                tx, customer, page, gateway.secret, gateway.portals
            )
        )


@post(
    "/customers/{customer_id:str}/payments",
    status_code=201,
    summary="Record a lump sum",
    opt=says(ref("PaymentShown"), takes=payment_schemas.Payment, keyed=True),
)
async def record_lump_sum(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Settles what the customer owes, oldest due first; the rest becomes credit. Needs an Idempotency-Key."""
    principal.must("record-payment")
    raw = await raw_body(request)
    read = reader(payment_schemas.Payment, raw)
    return responses.outcome(
        await payment_commands.record_lump_sum(
            gateway, principal, path_id(customer_id), read, key_of(request, raw)
        )
    )


@post(
    "/customers/{customer_id:str}/refunds",
    status_code=201,
    summary="Pay credit back",
    opt=says(ref("RefundShown"), takes=refund_schemas.Refund),
)
async def refund_credit(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Never more than the credit."""
    principal.must("refund")
    raw = await raw_body(request)
    read = reader(refund_schemas.Refund, raw)
    return responses.outcome(
        await payment_commands.refund_credit(
            gateway, principal, path_id(customer_id), read, key_of(request, raw)
        )
    )


@post(
    "/customers/{customer_id:str}/bills",
    status_code=201,
    summary="Bill one customer",
    opt=says(ref("Billing"), takes=customer_schemas.BillCustomer),
)
async def bill_customer(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """For one period, unless it is billed; says which of the two, and the bill."""
    principal.must("bill")
    raw = await raw_body(request)
    read = reader(customer_schemas.BillCustomer, raw)
    return responses.outcome(
        await customer_commands.bill_customer(
            gateway, principal, path_id(customer_id), read, key_of(request, raw)
        )
    )


@get(
    "/customers/{customer_id:str}/billing/{period:str}",
    summary="Why was this customer (not) billed?",
    opt=says(ref("Billing")),
)
async def billing_of_customer(
    gateway: Here, principal: Who, customer_id: PathId, period: PathId
) -> Response[bytes]:
    """The outcome of the period for this customer, with its reason."""
    customer, month = path_id(customer_id), checked_period("period", period)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await customer_queries.billing_of_customer(tx, customer, month, gateway.portals)
        )


ROUTES = [
    renew_portal_address,
    list_customers,
    get_customer,
    create_customer,
    change_customer,
    import_customers,
    list_payments,
    record_lump_sum,
    refund_credit,
    bill_customer,
    billing_of_customer,
]
