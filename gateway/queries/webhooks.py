"""Webhooks of a subtree, and what was told each of them."""

from __future__ import annotations

from uuid import UUID

from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import webhooks as webhook_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import webhooks as webhook_store
from gateway.store.statements import Row
from shared.db import Tx


async def list_webhooks(tx: Tx, page: Page, secret: str) -> Listed[webhook_schemas.WebhookShown]:
    """Return the endpoints of the caller's subtree."""
    return await listed(tx, "webhooks", webhook_store.page, webhook_schemas.webhook, page, secret)


async def webhook_row(tx: Tx, endpoint_id: UUID) -> Row:
    """Return an endpoint of the caller's subtree; raises 404."""
    row = await webhook_store.by_id(tx, endpoint_id)
    if row is None:
        raise not_found("There is no such webhook.")
    return row


async def list_messages(
    tx: Tx, endpoint_id: UUID, state: str | None, page: Page, secret: str
) -> Listed[webhook_schemas.WebhookMessage]:
    """Return what an endpoint was told, newest first."""
    await webhook_row(tx, endpoint_id)
    return await listed(
        tx,
        f"webhook-messages:{endpoint_id}:{state}",
        webhook_store.messages,
        webhook_schemas.message,
        page,
        secret,
        endpoint_id=endpoint_id,
        state=state,
    )


async def message(tx: Tx, endpoint_id: UUID, message_id: UUID) -> webhook_schemas.WebhookMessageShown:
    """Return a message with every attempt; raises 404."""
    await webhook_row(tx, endpoint_id)
    row = await webhook_store.message(tx, endpoint_id, message_id)
    if row is None:
        raise not_found("There is no such message.")
    attempts = await webhook_store.attempts(tx, message_id)
    return {
        **webhook_schemas.message(row),
        "body": row["body"],
        "attempts": [webhook_schemas.attempt(each) for each in attempts],
    }
