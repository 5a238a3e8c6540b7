"""/webhooks: which systems are told what happens, and what they were told."""

from __future__ import annotations

from litestar import Response, delete, get, patch, post

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import webhooks as webhook_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer
from gateway.queries import webhooks as webhook_queries
from gateway.schemas import webhooks as webhook_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as

MAY = says(may="change-settings")


@get("/webhooks", summary="List webhooks", opt=MAY)
async def list_webhooks(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[webhook_schemas.WebhookShown]]:
    """Return the endpoints of the subtree, without their secrets."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await webhook_queries.list_webhooks(tx, wanted.page, gateway.secret))


@post("/webhooks", status_code=201, summary="Add a webhook", opt=MAY)
async def create_webhook(asked: Asked[webhook_schemas.Webhook]) -> Answer[webhook_schemas.WebhookWithSecret]:
    """Add an endpoint; its secret is in this answer alone. It hears of what happens from now on."""
    made = await webhook_commands.create_webhook(asked.gateway, asked.principal, asked.read)
    return responses.json(made, 201)


@get("/webhooks/{webhook_id:str}", summary="Get a webhook", opt=MAY)
async def get_webhook(
    gateway: Here, principal: Who, webhook_id: PathId
) -> Answer[webhook_schemas.WebhookShown]:
    """Return an endpoint of the subtree, without its secret."""
    async with acting_as(gateway.pool, principal) as tx:
        row = await webhook_queries.webhook_row(tx, path_id(webhook_id))
        return responses.json(webhook_schemas.webhook(row))


@patch("/webhooks/{webhook_id:str}", summary="Change a webhook", opt=MAY)
async def change_webhook(
    asked: Asked[webhook_schemas.WebhookChange], webhook_id: PathId
) -> Answer[webhook_schemas.WebhookShown]:
    """Change what is named; what happens while it is off is not kept for it."""
    return responses.json(
        await webhook_commands.change_webhook(asked.gateway, asked.principal, path_id(webhook_id), asked.read)
    )


@delete("/webhooks/{webhook_id:str}", status_code=204, summary="Remove a webhook", opt=MAY)
async def remove_webhook(gateway: Here, principal: Who, webhook_id: PathId) -> Response[None]:
    """Remove an endpoint with its log and what it has not been told yet."""
    await webhook_commands.remove_webhook(gateway, principal, path_id(webhook_id))
    return Response(None, status_code=204)


@post("/webhooks/{webhook_id:str}/secret", status_code=200, summary="Rotate a secret", opt=MAY)
async def rotate_webhook_secret(
    asked: Asked[Nothing], webhook_id: PathId
) -> Answer[webhook_schemas.WebhookWithSecret]:
    """Return a new secret, this once; for 24 hours the one before signs too."""
    return responses.json(
        await webhook_commands.rotate_secret(asked.gateway, asked.principal, path_id(webhook_id))
    )


@post("/webhooks/{webhook_id:str}/test", status_code=200, summary="Test a webhook", opt=MAY)
async def test_webhook(
    asked: Asked[Nothing], webhook_id: PathId
) -> Answer[webhook_schemas.WebhookMessageShown]:
    """Send a message of the type `endpoint.test`; what came of it stands in the log."""
    return responses.json(
        await webhook_commands.test_webhook(asked.gateway, asked.principal, path_id(webhook_id))
    )


@get("/webhooks/{webhook_id:str}/messages", summary="List what a webhook was told", opt=MAY)
async def list_webhook_messages(
    gateway: Here, principal: Who, webhook_id: PathId, wanted: Wanted[webhook_schemas.OfState]
) -> Answer[Listed[webhook_schemas.WebhookMessage]]:
    """Return an endpoint's messages of the last 30 days, newest first."""
    async with acting_as(gateway.pool, principal) as tx:
        listed = await webhook_queries.list_messages(
            tx, path_id(webhook_id), wanted.state, wanted.page, gateway.secret
        )
        return responses.json(listed)


@get("/webhooks/{webhook_id:str}/messages/{message_id:str}", summary="Get a message", opt=MAY)
async def get_webhook_message(
    gateway: Here, principal: Who, webhook_id: PathId, message_id: PathId
) -> Answer[webhook_schemas.WebhookMessageShown]:
    """Return what was said, and every attempt to say it."""
    async with acting_as(gateway.pool, principal) as tx:
        shown = await webhook_queries.message(tx, path_id(webhook_id), path_id(message_id))
        return responses.json(shown)


@post(
    "/webhooks/{webhook_id:str}/messages/{message_id:str}/redelivery",
    status_code=200,
    summary="Send a message once more",
    opt=MAY,
)
async def redeliver_webhook_message(
    asked: Asked[Nothing], webhook_id: PathId, message_id: PathId
) -> Answer[webhook_schemas.WebhookMessageShown]:
    """Send it now, under the same id; one that is on its way is left to it."""
    return responses.json(
        await webhook_commands.redeliver(
            asked.gateway, asked.principal, path_id(webhook_id), path_id(message_id)
        )
    )


ROUTES = [
    list_webhooks, create_webhook, get_webhook, change_webhook, remove_webhook, rotate_webhook_secret,
    test_webhook, list_webhook_messages, get_webhook_message, redeliver_webhook_message,
]  # fmt: skip
