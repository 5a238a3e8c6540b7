"""/customers: who is billed, for what, and why they were or were not."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import customers as customer_commands
from gateway.commands import payments as payment_commands
from gateway.http import responses
from gateway.http.customers_csv import stream_customers
from gateway.http.requests import Here, PathId, Who, checked_period, path_id, wants_csv
from gateway.http.responses import Answer, Written
from gateway.queries import customers as customer_queries
from gateway.queries import payments as payment_queries
from gateway.schemas import customers as customer_schemas
from gateway.schemas import payments as payment_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as


@get("/customers", summary="List customers", opt=says(media=("application/json", "text/csv")))
async def list_customers(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    wanted: Wanted[customer_schemas.CustomerQuery],
) -> Answer[customer_schemas.CustomerList] | Response[Any]:
    """Return customers by operator, package, status, code, or words of name, code and mobile.

    With `Accept: text/csv` all of them, in the columns of an import.
    """
    if wants_csv(request):
        async with acting_as(gateway.pool, principal) as tx:
            chosen = await customer_queries.selected(tx, principal, wanted.filter)
        return stream_customers(gateway, principal, chosen)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await customer_queries.list_customers(
                tx, principal, wanted.filter, wanted.page, gateway.secret, gateway.portals
            )
        )


@get("/customers/{customer_id:str}", summary="Get a customer")
async def get_customer(
    gateway: Here, principal: Who, customer_id: PathId
) -> Answer[customer_schemas.CustomerShown]:
    """Return a customer with their credit and the address of their portal."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await customer_queries.customer(tx, path_id(customer_id), gateway.portals))


@post("/customers", status_code=201, summary="Add a customer", opt=says(may="change-customers"))
async def create_customer(
    asked: Asked[customer_schemas.Customer],
) -> Written[customer_schemas.CustomerShown]:
    """Add a customer, whose code is unique within the operator."""
    return responses.outcome(
        await customer_commands.create_customer(asked.gateway, asked.principal, asked.read, asked.key)
    )


@patch("/customers/{customer_id:str}", summary="Change a customer", opt=says(may="change-customers"))
async def change_customer(
    asked: Asked[customer_schemas.CustomerChange], customer_id: PathId
) -> Written[customer_schemas.CustomerShown]:
    """Change what is named and keep the rest."""
    return responses.outcome(
        await customer_commands.change_customer(
            asked.gateway, asked.principal, path_id(customer_id), asked.read, asked.key
        )
    )


@post(
    "/customers/{customer_id:str}/erase",
    status_code=200,
    summary="Erase a customer's personal data",
    opt=says(may="erase-customers"),
)
async def erase_customer(
    asked: Asked[customer_schemas.EraseCustomer], customer_id: PathId
) -> Written[customer_schemas.CustomerShown]:
    """Erase who a closed customer is, for good: name, numbers, address, notes, messages and documents.

    The books keep code, ids, amounts and periods; invoices name “Erased customer CODE”. Refused with 409
    `not-closed`, `still-owes`, `has-credit` or `customer-erased`.
    """
    return responses.outcome(
        await customer_commands.erase_customer(
            asked.gateway, asked.principal, path_id(customer_id), asked.read, asked.key
        )
    )


@post(
    "/customers/{customer_id:str}/portal-url",
    status_code=200,
    summary="Renew a customer's portal address",
    opt=says(may="change-customers"),
)
async def renew_portal_address(
    asked: Asked[Nothing], customer_id: PathId
) -> Answer[customer_schemas.CustomerShown]:
    """Return the customer with a new `portal_url`; the one before answers 404 from now on."""
    return responses.json(
        await customer_commands.renew_portal_address(asked.gateway, asked.principal, path_id(customer_id))
    )


@get("/customers/{customer_id:str}/payments", summary="List a customer's payments")
async def list_customer_payments(
    gateway: Here, principal: Who, customer_id: PathId, wanted: Wanted[Paged]
) -> Answer[Listed[payment_schemas.PaymentShown]]:
    """Return the payments, newest first."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await payment_queries.list_payments_of_customer(
                tx, path_id(customer_id), wanted.page, gateway.secret, gateway.portals
            )
        )


@post(
    "/customers/{customer_id:str}/payments",
    status_code=201,
    summary="Record a lump sum",
    opt=says(may="record-payment", keyed=True),
)
async def record_lump_sum(
    asked: Asked[payment_schemas.Payment], customer_id: PathId
) -> Written[payment_schemas.PaymentRecorded]:
    """Settle what the customer owes, oldest month first; the rest becomes credit.

    A reference that another payment bears is recorded all the same, and named in `warnings`.
    """
    return responses.outcome(
        await payment_commands.record_lump_sum(
            asked.gateway, asked.principal, path_id(customer_id), asked.read, asked.key
        )
    )


@post(
    "/customers/{customer_id:str}/refunds",
    status_code=201,
    summary="Refund a customer's credit",
    opt=says(may="refund"),
)
async def refund_credit(
    asked: Asked[refund_schemas.Refund], customer_id: PathId
) -> Written[refund_schemas.RefundShown]:
    """Pay credit back, never more than there is."""
    return responses.outcome(
        await payment_commands.refund_credit(
            asked.gateway, asked.principal, path_id(customer_id), asked.read, asked.key
        )
    )


@post(
    "/customers/{customer_id:str}/bills",
    status_code=201,
    summary="Bill one customer",
    opt=says(may="bill"),
)
async def bill_customer(
    asked: Asked[customer_schemas.BillCustomer], customer_id: PathId
) -> Written[customer_schemas.BilledNow]:
    """Bill one customer for a period, unless it is billed, and return which of the two, and the bill."""
    return responses.outcome(
        await customer_commands.bill_customer(
            asked.gateway, asked.principal, path_id(customer_id), asked.read, asked.key
        )
    )


@get(
    "/customers/{customer_id:str}/billing/{period:str}",
    summary="Explain why a customer was or was not billed",
)
async def get_customer_billing(
    gateway: Here, principal: Who, customer_id: PathId, period: PathId
) -> Answer[customer_schemas.Billing]:
    """Return the outcome of the period for this customer, with its reason."""
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
    erase_customer,
    list_customer_payments,
    record_lump_sum,
    refund_credit,
    bill_customer,
    get_customer_billing,
]
