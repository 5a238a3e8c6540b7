"""API tokens: only their hashes are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def add(
    tx: Tx,
    token_id: UUID,
    user_id: UUID,
    name: str,
    token_hash: bytes,
    now: datetime,
    expires_at: datetime | None,
) -> None:
    """Add a token of a user."""
    await named.add_token(
        tx, id=token_id, user_id=user_id, name=name, token_hash=token_hash, now=now, expires_at=expires_at
    )


async def by_hash(tx: Tx, token_hash: bytes, now: datetime) -> Row | None:
    """Return whose token this is, unless it has ended."""
    return await one(named.by_token(tx, token_hash=token_hash, now=now))


async def note_used(tx: Tx, token_id: UUID, now: datetime, before: datetime, address: str) -> None:
    """Note from where a token is used; once in a while is enough."""
    await named.note_token_used(tx, id=token_id, now=now, before=before, address=address)


async def by_id(tx: Tx, token_id: UUID) -> Row | None:
    """Return a token with whose it is."""
    return await one(named.token_by_id(tx, id=token_id))


async def page(
    tx: Tx, *, top: UUID | None, user_id: UUID | None, after: UUID | None, limit: int
) -> list[Row]:
    """Return tokens of one user or of a subtree, from the one after `after`."""
    return await many(named.tokens(tx, top=top, user_id=user_id, after=after, limit=limit))


async def revoke(tx: Tx, token_id: UUID, now: datetime) -> None:
    """End a token."""
    await named.revoke_token(tx, id=token_id, now=now)


async def revoke_all_of(tx: Tx, user_id: UUID, now: datetime) -> None:
    """End every token of a user."""
    await named.revoke_tokens_of(tx, user_id=user_id, now=now)
