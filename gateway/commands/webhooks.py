"""Webhooks: set one up, change it, give it another secret, try it, send again what was sent."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from gateway.access import Principal
from gateway.commands.users import note_change
from gateway.context import Gateway
from gateway.problems import Problem, wrong
from gateway.queries import operators as operator_queries
from gateway.queries import webhooks as webhook_queries
from gateway.schemas import webhooks as webhook_schemas
from gateway.schemas.fields import refuse_addresses
from gateway.store import webhooks as webhook_store
from gateway.store.access import acting_as
from gateway.store.statements import Row
from shared import clock
from shared.db import Tx
from shared.ids import new_id
from shared.outgoing import is_development
from shared.sealing import open_sealed, public_key_of, seal

SECRET_PREFIX = "whsec_"
SECRETS_OVERLAP = timedelta(hours=24)
MOST_ENDPOINTS = 20
_PURPOSE = b"webhook-secrets"


def sealing_key(session_secret: str) -> str:
    """Return the key that opens webhooks' secrets: made of the one that the gateway has anyway."""
    key = blake2b(session_secret.encode(), digest_size=32, person=_PURPOSE).digest()
    return base64.b64encode(key).decode()


def open_secret(session_secret: str, sealed: str, operator_id: UUID) -> str:
    """Return a secret as it was shown once; raises NotOurs after a change of keys."""
    key = sealing_key(session_secret)
    opened = open_sealed(key, sealed, service="gateway", operator_id=operator_id, provider="webhook")
    return str(opened.secret["secret"])


def _new_secret(gateway: Gateway, operator_id: UUID) -> tuple[str, str]:
    """Return a secret, and sealed as it is kept."""
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    key = public_key_of(sealing_key(gateway.settings.session_secret))
    said = {"secret": secret}
    at = clock.now()
    return secret, seal(key, said, service="gateway", operator_id=operator_id, provider="webhook", at=at)


async def create_webhook(
    gateway: Gateway, principal: Principal, read: Callable[[], webhook_schemas.Webhook]
) -> webhook_schemas.WebhookWithSecret:
    """Add an endpoint, which hears of its operator's subtree; its secret is shown this once."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        body = read()
        operator_id = body.operator_id or principal.operator_id
        await operator_queries.operator(tx, principal, operator_id)
        _check_url(body.url)
        if len(await webhook_store.page(tx, after=None, limit=MOST_ENDPOINTS)) >= MOST_ENDPOINTS:
            raise Problem(409, "too-many-webhooks", f"There are {MOST_ENDPOINTS} already; remove one first.")
        secret, sealed = _new_secret(gateway, operator_id)
        endpoint: dict[str, Any] = {
            "id": new_id(),
            "operator_id": operator_id,
            "url": body.url,
            "description": body.description,
            "types": _in_order(body.types),
        }
        await webhook_store.add(tx, endpoint, sealed, clock.now())
        await note_change(tx, principal, "webhook-made", endpoint["id"], body.url)
        made = webhook_schemas.webhook(await webhook_queries.webhook_row(tx, endpoint["id"]))
    return {**made, "secret": secret}


def _check_url(url: str) -> None:
    """422 for an address that is none, leads inside, or has its messages read on the way."""
    refuse_addresses(url=url)
    if urlsplit(url).scheme != "https" and not is_development():
        raise wrong("url", "An address of a webhook begins with https://.")


def _in_order(types: list[webhook_schemas.EventType]) -> list[str]:
    return [each for each in webhook_schemas.EVENT_TYPES if each in types]


async def change_webhook(
    gateway: Gateway,
    principal: Principal,
    endpoint_id: UUID,
    read: Callable[[], webhook_schemas.WebhookChange],
) -> webhook_schemas.WebhookShown:
    """Change what is named of an endpoint; switched on again, it begins anew."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        known = await webhook_queries.webhook_row(tx, endpoint_id)
        body = read()
        if body.url is not None:
            _check_url(body.url)
        await webhook_store.change(tx, _changed(known, body))
        await note_change(tx, principal, "webhook-changed", endpoint_id, body.url or known["url"])
        return webhook_schemas.webhook(await webhook_queries.webhook_row(tx, endpoint_id))


def _changed(known: Row, body: webhook_schemas.WebhookChange) -> dict[str, Any]:
    return {
        "id": known["id"],
        "url": known["url"] if body.url is None else body.url,
        "description": known["description"] if body.description is None else body.description,
        "types": list(known["types"]) if body.types is None else _in_order(body.types),
        "enabled": known["enabled"] if body.enabled is None else body.enabled,
    }


async def remove_webhook(gateway: Gateway, principal: Principal, endpoint_id: UUID) -> None:
    """Remove an endpoint, its secret, its log and what it has not been told yet."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        known = await webhook_queries.webhook_row(tx, endpoint_id)
        await webhook_store.remove(tx, endpoint_id)
        await note_change(tx, principal, "webhook-removed", endpoint_id, known["url"])


async def rotate_secret(
    gateway: Gateway, principal: Principal, endpoint_id: UUID
) -> webhook_schemas.WebhookWithSecret:
    """Give an endpoint another secret, shown this once; for a day both sign."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        known = await webhook_queries.webhook_row(tx, endpoint_id)
        secret, sealed = _new_secret(gateway, known["operator_id"])
        await webhook_store.rotate(tx, endpoint_id, sealed, clock.now() + SECRETS_OVERLAP)
        await note_change(tx, principal, "webhook-secret", endpoint_id, known["url"])
        shown = webhook_schemas.webhook(await webhook_queries.webhook_row(tx, endpoint_id))
    return {**shown, "secret": secret}


async def test_webhook(
    gateway: Gateway, principal: Principal, endpoint_id: UUID
) -> webhook_schemas.WebhookMessageShown:
    """Send an endpoint a message that tells of nothing; what came of it stands in its log."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        await _enabled(tx, endpoint_id)
        message_id = new_id()
        await webhook_store.add_test(tx, endpoint_id, message_id, webhook_schemas.TEST, clock.now())
        return await webhook_queries.message(tx, endpoint_id, message_id)


async def redeliver(
    gateway: Gateway, principal: Principal, endpoint_id: UUID, message_id: UUID
) -> webhook_schemas.WebhookMessageShown:
    """Send a message once more, now, under the same id; with the pauses of before, should it fail."""
    principal.must("change-settings")
    async with acting_as(gateway.pool, principal) as tx:
        await _enabled(tx, endpoint_id)
        await webhook_queries.message(tx, endpoint_id, message_id)
        await webhook_store.queue_again(tx, endpoint_id, message_id, clock.now())
        return await webhook_queries.message(tx, endpoint_id, message_id)


async def _enabled(tx: Tx, endpoint_id: UUID) -> None:
    if not (await webhook_queries.webhook_row(tx, endpoint_id))["enabled"]:
        raise Problem(409, "webhook-off", "This webhook is switched off; switch it on first.")
