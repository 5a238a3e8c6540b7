"""Views that somebody saved: each user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway.problems import wrong
from gateway.store.statements import Row, many, named
from shared.db import Tx

MOST_VIEWS = 50


async def of_user(tx: Tx, user_id: UUID) -> list[Row]:
    """Return a user's views, by name."""
    return await many(named.saved_views(tx, user_id=user_id, limit=MOST_VIEWS))


async def by_id(tx: Tx, user_id: UUID, view_id: UUID) -> Row | None:
    """One of a user's views."""
    row: Row | None = await named.saved_view_by_id(tx, id=view_id, user_id=user_id)
    return row


async def default(tx: Tx, user_id: UUID) -> Row | None:
    """The view on which a user's desk opens."""
    row: Row | None = await named.default_view(tx, user_id=user_id)
    return row


async def add(tx: Tx, view: Mapping[str, Any], now: datetime) -> None:
    """Keep a view; a name that the user has already is 422."""
    await _only_default(tx, view)
    with _names_apart():
        await named.add_saved_view(tx, **view, now=now)


async def change(tx: Tx, view: Mapping[str, Any]) -> None:
    """Give a view another name, or the desk's first place; a name that the user has already is 422."""
    await _only_default(tx, view)
    with _names_apart():
        await named.change_saved_view(
            tx, id=view["id"], user_id=view["user_id"], name=view["name"], is_default=view["is_default"]
        )


async def remove(tx: Tx, user_id: UUID, view_id: UUID) -> None:
    """Forget a view."""
    await named.remove_saved_view(tx, id=view_id, user_id=user_id)


async def _only_default(tx: Tx, view: Mapping[str, Any]) -> None:
    if view["is_default"]:
        await named.forget_default_view(tx, user_id=view["user_id"])


@contextmanager
def _names_apart() -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "saved_view_name_is_taken":
            raise
        raise wrong("name", "Another view has this name.", "name-taken") from error
