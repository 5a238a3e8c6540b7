"""Users, sessions and API tokens: only hashes of what opens doors are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from gateway.domain import Principal, wrong
from shared.db import Tx, statements

_queries = statements(__file__)

Row: TypeAlias = Mapping[str, Any]


async def add_user(tx: Tx, user: Mapping[str, Any], now: datetime) -> None:
    """Add a user; an e-mail address that is taken is 422."""
    try:
        await _queries.add_user(tx, **user, now=now)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "user_account_email_is_taken":
            raise
        raise wrong("email", "Another user has this address.", "email-taken") from error


async def one(tx: Tx, statement: str, **parameters: Any) -> Row | None:
    """The row of a statement of `sql/people.sql` that answers one."""
    row: Row | None = await getattr(_queries, statement)(tx, **parameters)
    return row


async def value(tx: Tx, statement: str, **parameters: Any) -> Any:
    """The value of a statement of `sql/people.sql`."""
    return await getattr(_queries, statement)(tx, **parameters)


async def many(tx: Tx, statement: str, **parameters: Any) -> list[Row]:
    """The rows of a statement of `sql/people.sql`."""
    return [row async for row in getattr(_queries, statement)(tx, **parameters)]


async def do(tx: Tx, statement: str, **parameters: Any) -> None:
    """A statement of `sql/people.sql` that answers nothing."""
    await getattr(_queries, statement)(tx, **parameters)


def principal(row: Row) -> Principal:
    """Who the row of `by_session` or `by_token` is; an operator not yet projected reaches itself."""
    reach = None if row["is_root"] else tuple(row["reach"] or [row["operator_id"]])
    return Principal(
        user_id=row["id"],
        email=row["email"],
        name=row["name"],
        role=row["role"],
        operator_id=row["operator_id"],
        reach=reach,
        token_id=row["token_id"],
        csrf_token=row["csrf_token"],
    )


async def user_by_id(tx: Tx, user_id: UUID) -> Row | None:
    """A user without their password."""
    return await one(tx, "user_by_id", id=user_id)
