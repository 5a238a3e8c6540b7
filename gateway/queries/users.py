"""Users of a subtree."""

from __future__ import annotations

from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import users as user_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import users as user_store
from gateway.store.access import acting_as, reaches
from gateway.store.statements import Row
from shared.db import Tx


async def find_user(tx: Tx, principal: Principal, user_id: UUID) -> Row:
    row = await user_store.by_id(tx, user_id)
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
    async with acting_as(gateway.pool, principal) as tx:
        return await listed(
            tx, "users", user_store.page, user_schemas.user, page, gateway.secret, top=principal.top
        )
