"""API tokens: make one, revoke one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.access import Principal
from gateway.commands.users import note_change
from gateway.context import Gateway
from gateway.problems import Problem, wrong
from gateway.queries.billing_settings import billing_settings
from gateway.queries.tokens import find_token
from gateway.queries.users import find_user
from gateway.schemas import tokens as token_schemas
from gateway.store import tokens as token_store
from gateway.store.access import acting_as
from gateway.store.sessions import digest
from gateway.store.statements import Row
from shared import clock
from shared.db import Tx
from shared.ids import new_id

TOKEN_PREFIX = "ispb_"
UNUSED = {"revoked_at": None, "last_used_at": None, "last_used_from": None}


async def create_token(
    gateway: Gateway, principal: Principal, read: Callable[[], token_schemas.Token]
) -> token_schemas.NewToken:
    """An API token for oneself, made by a session; what it opens doors with is shown this once."""
    if principal.token_id is not None:
        raise Problem(403, "forbidden", "A token cannot make tokens; sign in to make one.")
    body = read()
    async with acting_as(gateway.pool, principal) as tx:
        expires_at = await _to_come(tx, body.expires_at)
        if body.user_id not in (None, principal.user_id):
            raise Problem(403, "forbidden", "A token is made by the one whose it is.")
        owner = await find_user(tx, principal, principal.user_id)
        issued = await issue_token(tx, owner, body.name, expires_at)
        await note_change(tx, principal, "token-made", owner["id"], f"{body.name} ({owner['email']})")
        return issued


async def _to_come(tx: Tx, expires_at: datetime | None) -> datetime | None:
    """The time at which a token ends; without a zone it is in that of billing."""
    if expires_at is not None and expires_at.tzinfo is None:
        expires_at = expires_at.replace(tzinfo=ZoneInfo((await billing_settings(tx))["time_zone"]))
    if expires_at is not None and expires_at <= clock.now():
        raise wrong("expires_at", "This must be a time to come.")
    return expires_at


async def issue_token(
    tx: Tx, owner: Row, name: str, expires_at: datetime | None = None
) -> token_schemas.NewToken:
    """A new token of this user, as a body that carries it."""
    token, now = TOKEN_PREFIX + secrets.token_urlsafe(32), clock.now()
    row: dict[str, Any] = {"id": new_id(), "user_id": owner["id"], "name": name, "expires_at": expires_at}
    await token_store.add(tx, row["id"], owner["id"], name, digest(token), now, expires_at)
    shown = token_schemas.token({**row, "email": owner["email"], "created_at": now, **UNUSED})
    return {**shown, "token": token}


async def revoke_token(gateway: Gateway, principal: Principal, token_id: UUID) -> None:
    """End a token; again changes nothing."""
    async with acting_as(gateway.pool, principal) as tx:
        known = await find_token(tx, principal, token_id)
        if known["revoked_at"] is None:
            await token_store.revoke(tx, token_id, clock.now())
            await note_change(
                tx, principal, "token-revoked", known["user_id"], f"{known['name']} ({known['email']})"
            )
