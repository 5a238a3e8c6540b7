"""Users of a subtree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import not_found
from gateway.schemas import cursors
from gateway.schemas import users as user_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import statements
from gateway.store import users as user_store
from gateway.store.access import acting_as, reaches
from shared.db import Tx

T = TypeVar("T")


async def find_user(tx: Tx, principal: Principal, user_id: UUID) -> statements.Row:
    row = await user_store.user_by_id(tx, user_id)
    if row is None or not await reaches(tx, principal, row["operator_id"]):
        raise not_found("There is no such user.")
    return row


async def user(gateway: Gateway, principal: Principal, user_id: UUID) -> user_schemas.UserShown:
    """A user of the subtree."""
    principal.must("change-users")
    async with acting_as(gateway.pool, principal) as tx:
        return user_schemas.user(await find_user(tx, principal, user_id))


async def list_users(gateway: Gateway, principal: Principal, page: Page) -> Listed[user_schemas.UserShown]:
    """The users of the subtree."""
    principal.must("change-users")
    return await listed(gateway, principal, "users", user_schemas.user, page)


async def listed(
    gateway: Gateway,
    principal: Principal,
    statement: str,
    shape: Callable[[statements.Row], T],
    page: Page,
    **parameters: object,
) -> Listed[T]:
    """Return a page of what a statement reads of the caller's subtree, each row as `shape` shows it."""
    after = cursors.unseal_id(gateway.secret, statement, page.cursor)
    async with acting_as(gateway.pool, principal) as tx:
        rows = await statements.many(
            tx, statement, top=principal.top, after=after, limit=page.limit + 1, **parameters
        )
    shown = rows[: page.limit]
    last = cursors.seal(gateway.secret, statement, str(shown[-1]["id"])) if len(rows) > page.limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": last}
