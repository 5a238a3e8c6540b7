"""/bills/{id}/payment-link and beside it: addresses that customers are sent, and what became of messages."""

from __future__ import annotations

from litestar import post

from gateway.api.declarations import Asked, Nothing, says
from gateway.commands import payment_links as payment_link_commands
from gateway.http import responses
from gateway.http.requests import PathId, path_id
from gateway.http.responses import Written
from gateway.schemas import payment_links as payment_link_schemas
from gateway.schemas import sms_gateways as sms_gateway_schemas


@post(
    "/bills/{bill_id:str}/payment-link",
    status_code=201,
    summary="Send a payment link",
    opt=says(may="send-links", keyed=True),
)
async def send_payment_link(
    asked: Asked[payment_link_schemas.PaymentLink], bill_id: PathId
) -> Written[payment_link_schemas.PaymentLinkShown]:
    """Make a link for the balance; 409 where no gateway could send it or take the money."""
    return responses.outcome(
        await payment_link_commands.send_payment_link(
            asked.gateway, asked.principal, path_id(bill_id), asked.read, asked.key
        )
    )


@post(
    "/customers/{customer_id:str}/portal-message",
    status_code=201,
    summary="Send a customer the address of their portal",
    opt=says(may="send-links", keyed=True),
)
async def send_portal_address(
    asked: Asked[payment_link_schemas.PortalMessage], customer_id: PathId
) -> Written[sms_gateway_schemas.MessageShown]:
    """Send the address and return the message, which is on its way."""
    return responses.outcome(
        await payment_link_commands.send_portal_address(
            asked.gateway, asked.principal, path_id(customer_id), asked.read, asked.key
        )
    )


@post(
    "/payments/{payment_id:str}/receipt-message",
    status_code=201,
    summary="Tell a customer by SMS that their payment came in",
    opt=says(may="send-links", keyed=True),
)
async def send_receipt(
    asked: Asked[payment_link_schemas.PortalMessage], payment_id: PathId
) -> Written[sms_gateway_schemas.MessageShown]:
    """Send the receipt and return the message, which is on its way."""
    return responses.outcome(
        await payment_link_commands.send_receipt(
            asked.gateway, asked.principal, path_id(payment_id), asked.read, asked.key
        )
    )


@post(
    "/messages/{message_id:str}/settle",
    status_code=200,
    summary="Say what became of an unknown message",
    opt=says(may="place-held"),
)
async def settle_message(
    asked: Asked[payment_link_schemas.MessageOutcome], message_id: PathId
) -> Written[sms_gateway_schemas.MessageShown]:
    """Keep `sent` or `failed`, as a person found out, and return the message."""
    return responses.outcome(
        await payment_link_commands.settle_message(
            asked.gateway, asked.principal, path_id(message_id), asked.read, asked.key
        )
    )


@post(
    "/messages/{message_id:str}/retry",
    status_code=200,
    summary="Send a failed message once more",
    opt=says(may="send-links", keyed=True),
)
async def retry_message(
    asked: Asked[Nothing], message_id: PathId
) -> Written[sms_gateway_schemas.MessageShown]:
    """Send it as a message of its own, and return that one."""
    return responses.outcome(
        await payment_link_commands.retry_message(
            asked.gateway, asked.principal, path_id(message_id), asked.key
        )
    )


ROUTES = [send_payment_link, send_portal_address, send_receipt, settle_message, retry_message]
