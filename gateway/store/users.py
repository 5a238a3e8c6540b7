"""Users: only hashes of passwords are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway.access import Principal
from gateway.problems import wrong
from gateway.store.statements import Row, named, one
from shared.db import Tx


async def in_reach(tx: Tx, principal: Principal, limit: int) -> list[Row]:
    """Users of the caller's subtree, by name."""
    return [row async for row in named.people_in_reach(tx, top=principal.top, limit=limit)]


async def add_user(tx: Tx, user: Mapping[str, Any], now: datetime) -> None:
    """Add a user; an e-mail address that is taken is 422."""
    try:
        await named.add_user(tx, **user, now=now)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "user_account_email_is_taken":
            raise
        raise wrong("email", "Another user has this address.", "email-taken") from error


async def user_by_id(tx: Tx, user_id: UUID) -> Row | None:
    """A user without their password."""
    return await one(tx, "user_by_id", id=user_id)
