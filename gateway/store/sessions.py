"""Sessions: only hashes of what opens doors are kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, named, one
from shared.db import Tx


def digest(token: str) -> bytes:
    """Return what is kept of a token; it is random, so one round is enough."""
    return hashlib.sha256(token.encode()).digest()


def principal(row: Row) -> Principal:
    """Return who the row of `by_session` or `by_token` is."""
    return Principal(
        user_id=row["id"],
        email=row["email"],
        name=row["name"],
        role=row["role"],
        operator_id=row["operator_id"],
        sees_all=row["is_root"],
        token_id=row["token_id"],
        csrf_token=row["csrf_token"],
    )


async def add(
    tx: Tx, token_hash: bytes, user_id: UUID, csrf_token: str, now: datetime, expires_at: datetime
) -> None:
    """Begin a session."""
    await named.add_session(
        tx, token_hash=token_hash, user_id=user_id, csrf_token=csrf_token, now=now, expires_at=expires_at
    )


async def by_hash(tx: Tx, token_hash: bytes, now: datetime, idle_since: datetime) -> Row | None:
    """Return whose session this is, unless it has ended or was idle for too long."""
    return await one(named.by_session(tx, token_hash=token_hash, now=now, idle_since=idle_since))


async def note_seen(tx: Tx, token_hash: bytes, now: datetime, before: datetime) -> None:
    """Note that a session is used; once in a while is enough."""
    await named.note_session_seen(tx, token_hash=token_hash, now=now, before=before)


async def end(tx: Tx, token_hash: bytes) -> None:
    """End a session."""
    await named.end_session(tx, token_hash=token_hash)


async def end_all_of(tx: Tx, user_id: UUID, except_hash: bytes | None = None) -> None:
    """End a user's sessions, all but the one that is named."""
    await named.end_sessions_of(tx, user_id=user_id, except_hash=except_hash)
