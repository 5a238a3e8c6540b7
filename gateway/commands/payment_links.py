"""Payment links: an address to pay at, for one bill."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.commands.bills import bill_row, must_be_payable
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem, wrong
from gateway.queries import customers as customer_queries
from gateway.schemas import payment_links as payment_link_schemas


async def send_payment_link(
    gateway: Gateway,
    principal: Principal,
    bill_id: UUID,
    read: Callable[[], payment_link_schemas.PaymentLink],
    key: Key | None,
) -> Outcome:
    """A link to pay by; refused for as long as no gateway could serve it."""
    async with opened(gateway, principal, "send-links", key) as operation:
        bill = await bill_row(operation.tx, bill_id)
        operation.needs_key()
        body = read()
        await operation.claim()
        must_be_payable(bill)
        if body.send_sms:
            customer = await customer_queries.customer(operation.tx, bill["customer_id"], gateway.portals)
            if not (customer["mobile"] or bill["customer_mobile"]):
                raise wrong("mobile", "This customer has no mobile number.", "no-mobile")
            raise Problem(
                409,
                "sms-gateway-not-configured",
                "No SMS gateway is set up; the portal address can be copied instead.",
                extra={"portal_url": customer["portal_url"]},
            )
        raise Problem(409, "online-payments-not-configured", "No payment gateway is set up.")
    return operation.outcome
