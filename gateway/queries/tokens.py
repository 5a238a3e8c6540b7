"""API tokens: whose one is, and those of a subtree."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import tokens as token_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import sessions as session_store
from gateway.store import tokens as token_store
from gateway.store.access import acting_as, reaches
from gateway.store.sessions import digest
from gateway.store.statements import Row
from shared import clock
from shared.db import Pool, Tx

USED_EVERY = timedelta(minutes=1)


async def by_token(pool: Pool, token: str, address: str) -> Principal | None:
    """Return whose API token this is, and keep when and from where it was used last."""
    now = clock.now()
    async with pool.acquire() as connection:
        row = await token_store.by_hash(connection, digest(token), now)
        if row is None:
            return None
        if row["last_used_at"] is None or row["last_used_at"] < now - USED_EVERY:
            await token_store.note_used(connection, row["token_id"], now, now - USED_EVERY, address)
    return session_store.principal(row)


async def list_tokens(gateway: Gateway, principal: Principal, page: Page) -> Listed[token_schemas.TokenShown]:
    """The caller's tokens; for staff, those of their subtree."""
    mine = None if principal.may("change-users") else principal.user_id
    async with acting_as(gateway.pool, principal) as tx:
        return await listed(
            tx,
            "tokens",
            token_store.page,
            token_schemas.token,
            page,
            gateway.secret,
            top=principal.top,
            user_id=mine,
        )


async def find_token(tx: Tx, principal: Principal, token_id: UUID) -> Row:
    row = await token_store.by_id(tx, token_id)
    if row is None or not (row["user_id"] == principal.user_id or await _manages(tx, principal, row)):
        raise not_found("There is no such token.")
    return row


async def _manages(tx: Tx, principal: Principal, row: Row) -> bool:
    return principal.may("change-users") and await reaches(tx, principal, row["operator_id"])


async def token(gateway: Gateway, principal: Principal, token_id: UUID) -> token_schemas.TokenShown:
    """One token, without what opens doors."""
    async with acting_as(gateway.pool, principal) as tx:
        return token_schemas.token(await find_token(tx, principal, token_id))
