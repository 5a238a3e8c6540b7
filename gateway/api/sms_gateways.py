"""/settings/sms-gateway and /settings/sms-templates: by whom messages go, and what they say."""

from __future__ import annotations

from litestar import delete, get, post, put

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import sms_gateways as sms_gateway_commands
from gateway.http import responses
from gateway.http.requests import Here, Who
from gateway.http.responses import Answer, Written
from gateway.queries import gateways as gateway_queries
from gateway.schemas import sms_gateways as sms_gateway_schemas
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import OfOperator
from gateway.store.access import acting_as

MAY = says(may="change-settings")


@get("/settings/sms-gateway", summary="Get an operator's SMS gateways", opt=MAY)
async def get_sms_gateway(
    gateway: Here, principal: Who, wanted: Wanted[OfOperator]
) -> Answer[sms_gateway_schemas.SmsSettings]:
    """Return them in their order, the first at the top level too; never a secret."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.sms_settings(tx, principal, wanted.operator_id))


@put("/settings/sms-gateway", summary="Set up an SMS gateway", opt=MAY)
async def configure_sms_gateway(
    asked: Asked[sms_gateway_schemas.SmsGateway],
) -> Written[sms_gateway_schemas.SmsSettings]:
    """Set what is named and keep the rest, the secret included."""
    return responses.outcome(
        await sms_gateway_commands.configure(asked.gateway, asked.principal, asked.read, asked.key)
    )


@delete("/settings/sms-gateway", status_code=200, summary="Take an SMS gateway away", opt=MAY)
async def remove_sms_gateway(
    asked: Asked[Nothing], wanted: Wanted[sms_gateway_schemas.WhichGateway]
) -> Written[sms_gateway_schemas.SmsSettings]:
    """Take one of an operator's away, or all of them; its secret goes with it."""
    return responses.outcome(
        await sms_gateway_commands.remove(
            asked.gateway, asked.principal, wanted.operator_id, wanted.gateway_id, asked.key
        )
    )


@post("/settings/sms-gateway/test", status_code=200, summary="Send a test message", opt=MAY)
async def test_sms_gateway(
    asked: Asked[sms_gateway_schemas.SmsTest],
) -> Written[sms_gateway_schemas.MessageShown]:
    """Return the message once its provider has answered, with its `code` and `detail`."""
    return responses.outcome(
        await sms_gateway_commands.send_test(asked.gateway, asked.principal, asked.read, asked.key)
    )


@get("/settings/sms-templates", summary="List the texts of messages", opt=MAY)
async def list_sms_templates(
    gateway: Here, principal: Who, wanted: Wanted[OfOperator]
) -> Answer[Listed[sms_template_schemas.SmsTemplateShown]]:
    """Return every text in every language, the operator's own or that of the nearest above."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await gateway_queries.sms_templates(tx, principal, wanted.operator_id))


@put("/settings/sms-templates", summary="Change the text of a message", opt=MAY)
async def save_sms_template(
    asked: Asked[sms_template_schemas.SmsTemplate],
) -> Written[Listed[sms_template_schemas.SmsTemplateShown]]:
    """Keep a text of the operator's own; null takes that of the nearest above again."""
    return responses.outcome(
        await sms_gateway_commands.save_template(asked.gateway, asked.principal, asked.read, asked.key)
    )


ROUTES = [
    get_sms_gateway, configure_sms_gateway, remove_sms_gateway, test_sms_gateway, list_sms_templates,
    save_sms_template,
]  # fmt: skip
