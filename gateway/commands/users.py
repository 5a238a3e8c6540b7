"""Users: add and change them; nobody grants more than their own role or subtree."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal, Role
from gateway.commands.passwords import hash_password, is_right, must_be_strong
from gateway.commands.tries import count_try, forget_try
from gateway.context import Gateway
from gateway.problems import Problem, wrong
from gateway.queries import operators as operator_queries
from gateway.queries.users import find_user
from gateway.schemas import sessions as session_schemas
from gateway.schemas import users as user_schemas
from gateway.store import operations as operation_store
from gateway.store import operators as operator_store
from gateway.store import sessions as session_store
from gateway.store import tokens as token_store
from gateway.store import users as user_store
from gateway.store.access import acting_as
from gateway.store.sessions import digest
from shared import clock
from shared.db import Tx, in_transaction
from shared.ids import new_id


async def change_password(
    gateway: Gateway, principal: Principal, body: session_schemas.ChangePassword, session_token: str | None
) -> None:
    """A new password: every other session of the user ends, and their tokens where they ask for it."""
    async with in_transaction(gateway.pool) as tx:
        known = await user_store.password_of(tx, principal.user_id)
    tries = await count_try(gateway.pool, principal.email, principal.address)
    if not await is_right(known, body.current_password):
        raise wrong("current_password", "This is not your password.")
    await forget_try(gateway.pool, tries)
    await must_be_strong("new_password", body.new_password, principal.email, principal.name)
    fresh = await hash_password(body.new_password)
    async with in_transaction(gateway.pool) as tx:
        await user_store.change(tx, principal.user_id, password_hash=fresh)
        await note_change(tx, principal, "password-changed", principal.user_id, principal.email)
        kept = digest(session_token) if session_token else None
        await session_store.end_all_of(tx, principal.user_id, except_hash=kept)
        if body.revoke_tokens:
            await token_store.revoke_all_of(tx, principal.user_id, clock.now())


async def note_change(tx: Tx, principal: Principal, kind: str, user_id: UUID, about: str) -> None:
    await operation_store.note_done(tx, principal, kind, user_id, about, clock.now())


async def create_user(
    gateway: Gateway, principal: Principal, read: Callable[[], user_schemas.User]
) -> user_schemas.UserShown:
    """Add a user with at most the caller's role, within the caller's subtree."""
    principal.must("change-users")
    body = read()
    must_grant(principal, body.role)
    await must_be_strong("password", body.password, body.email, body.name)
    password_hash = await hash_password(body.password)
    user = {**body.model_dump(exclude={"password"}), "id": new_id(), "password_hash": password_hash}
    async with acting_as(gateway.pool, principal) as tx:
        await operator_queries.operator(tx, principal, body.operator_id)
        await user_store.add_user(tx, user, clock.now())
        await note_change(tx, principal, "user-made", user["id"], body.email)
    return user_schemas.user({**user, "active": True})


def must_grant(principal: Principal, role: Role | None) -> None:
    if role is not None and not principal.may_grant(role):
        raise Problem(403, "forbidden", "Nobody grants more than their own role.")


async def _keep_an_admin(tx: Tx, user_id: UUID, body: user_schemas.UserChange) -> None:
    """Refuse to leave the root without an active admin: 409 `last-admin`."""
    at_the_root = body.operator_id in (None, await operator_store.root_operator_id(tx))
    stays = body.active is not False and body.role in (None, "admin") and at_the_root
    if stays:
        return
    if await user_store.lock_last_admins(tx) == [user_id]:
        raise Problem(409, "last-admin", "This is the last active admin of the ISP; make another one first.")


async def change_user(
    gateway: Gateway, principal: Principal, user_id: UUID, read: Callable[[], user_schemas.UserChange]
) -> user_schemas.UserShown:
    """Change a user of the subtree who has no more rights than the caller."""
    principal.must("change-users")
    async with acting_as(gateway.pool, principal) as tx:
        known = await find_user(tx, principal, user_id)
        body = read()
        must_grant(principal, known["role"])
        must_grant(principal, body.role)
        if body.operator_id is not None:
            await operator_queries.operator(tx, principal, body.operator_id)
    password_hash = None
    if body.password is not None:
        await must_be_strong("password", body.password, known["email"], body.name or known["name"])
        password_hash = await hash_password(body.password)
    async with acting_as(gateway.pool, principal) as tx:
        await _keep_an_admin(tx, user_id, body)
        await user_store.change(
            tx, user_id, password_hash=password_hash, **body.model_dump(exclude={"password"})
        )
        if password_hash or body.active is False:
            await session_store.end_all_of(tx, user_id)
            await token_store.revoke_all_of(tx, user_id, clock.now())
        await note_change(tx, principal, "user-changed", user_id, known["email"])
        return user_schemas.user(await find_user(tx, principal, user_id))
