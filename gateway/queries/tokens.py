"""API tokens: whose one is, and those of a subtree."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import not_found
from gateway.queries.users import listed
from gateway.schemas import tokens as token_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import sessions as session_store
from gateway.store import statements
from gateway.store.access import acting_as, reaches
from gateway.store.sessions import digest
from shared import clock
from shared.db import Pool, Tx

USED_EVERY = timedelta(minutes=1)


async def by_token(pool: Pool, token: str, address: str) -> Principal | None:
    """Return whose API token this is, and keep when and from where it was used last."""
    now = clock.now()
    async with pool.acquire() as connection:
        row = await statements.one(connection, "by_token", token_hash=digest(token), now=now)
        if row is None:
            return None
        if row["last_used_at"] is None or row["last_used_at"] < now - USED_EVERY:
            await statements.do(
                connection,
                "note_token_used",
                id=row["token_id"],
                now=now,
                before=now - USED_EVERY,
                address=address,
            )
    return session_store.principal(row)


async def list_tokens(gateway: Gateway, principal: Principal, page: Page) -> Listed[token_schemas.TokenShown]:
    """The caller's tokens; for staff, those of their subtree."""
    mine = None if principal.may("change-users") else principal.user_id
    return await listed(gateway, principal, "tokens", token_schemas.token, page, user_id=mine)


async def find_token(tx: Tx, principal: Principal, token_id: UUID) -> statements.Row:
    row = await statements.one(tx, "token_by_id", id=token_id)
    if row is None or not (row["user_id"] == principal.user_id or await _manages(tx, principal, row)):
        raise not_found("There is no such token.")
    return row


async def _manages(tx: Tx, principal: Principal, row: statements.Row) -> bool:
    return principal.may("change-users") and await reaches(tx, principal, row["operator_id"])


async def token(gateway: Gateway, principal: Principal, token_id: UUID) -> token_schemas.TokenShown:
    """One token, without what opens doors."""
    async with acting_as(gateway.pool, principal) as tx:
        return token_schemas.token(await find_token(tx, principal, token_id))
