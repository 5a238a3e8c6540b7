"""/settings/sms-gateway and /settings/sms-templates: by whom messages go, and what they say."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post, put

from gateway.api.declarations import says
from gateway.api.resources import ANY_OBJECT, ID
from gateway.commands import sms_gateways as sms_gateway_commands
from gateway.http import responses
from gateway.http.requests import Here, Query, Who, key_of, raw_body, reader
from gateway.queries import gateways as gateway_queries
from gateway.schemas import sms_gateways as sms_gateway_schemas
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.store.access import acting_as


@get(
    "/settings/sms-gateway",
    summary="The SMS gateways of an operator",
    opt=says(ANY_OBJECT, query={"operator_id": ID}),
)
async def get_sms_gateway(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """In their order, the first at the top level too; never a secret."""
    principal.must("change-settings")
    operator_id = Query(request).id("operator_id")
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.sms_settings(tx, principal, operator_id))


@put(
    "/settings/sms-gateway",
    summary="Set up an SMS gateway",
    opt=says(ANY_OBJECT, takes=sms_gateway_schemas.SmsGateway),
)
async def configure_sms_gateway(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """Sets what is named and keeps the rest, the secret included."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(sms_gateway_schemas.SmsGateway, raw)
    return responses.outcome(
        await sms_gateway_commands.configure(gateway, principal, read, key_of(request, raw))
    )


@delete(
    "/settings/sms-gateway",
    status_code=200,
    summary="Take an SMS gateway away",
    opt=says(ANY_OBJECT, query={"operator_id": ID, "gateway_id": ID}),
)
async def remove_sms_gateway(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """One of an operator's, or all of them; its secret goes with it."""
    principal.must("change-settings")
    query = Query(request)
    return responses.outcome(
        await sms_gateway_commands.remove(
            gateway, principal, query.id("operator_id"), query.id("gateway_id"), key_of(request, b"")
        )
    )


@post(
    "/settings/sms-gateway/test",
    status_code=200,
    summary="Send a test message",
    opt=says(ANY_OBJECT, takes=sms_gateway_schemas.SmsTest),
)
async def test_sms_gateway(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """200 with the message once its provider has answered, with its `code` and `detail`."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(sms_gateway_schemas.SmsTest, raw)
    return responses.outcome(
        await sms_gateway_commands.send_test(gateway, principal, read, key_of(request, raw))
    )


@get(
    "/settings/sms-templates",
    summary="The texts of messages",
    opt=says(ANY_OBJECT, query={"operator_id": ID}),
)
async def list_sms_templates(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """Every text in every language, the operator's own or that of the nearest above."""
    principal.must("change-settings")
    operator_id = Query(request).id("operator_id")
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.sms_templates(tx, principal, operator_id))


@put(
    "/settings/sms-templates",
    summary="Change the text of a message",
    opt=says(ANY_OBJECT, takes=sms_template_schemas.SmsTemplate),
)
async def save_sms_template(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """A text of the operator's own; null takes that of the nearest above again."""
    principal.must("change-settings")
    raw = await raw_body(request)
    read = reader(sms_template_schemas.SmsTemplate, raw)
    return responses.outcome(
        await sms_gateway_commands.save_template(gateway, principal, read, key_of(request, raw))
    )


ROUTES = [
    get_sms_gateway, configure_sms_gateway, remove_sms_gateway, test_sms_gateway, list_sms_templates,
    save_sms_template,
]  # fmt: skip
