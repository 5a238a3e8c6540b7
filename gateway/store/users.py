"""Users: only hashes of passwords are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway.access import Principal
from gateway.problems import wrong
from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def in_reach(tx: Tx, principal: Principal, limit: int) -> list[Row]:
    """Users of the caller's subtree, by name."""
    return await many(named.people_in_reach(tx, top=principal.top, limit=limit))


async def add_user(tx: Tx, user: Mapping[str, Any], now: datetime) -> None:
    """Add a user; an e-mail address that is taken is 422."""
    try:
        await named.add_user(tx, **user, now=now)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "user_account_email_is_taken":
            raise
        raise wrong("email", "Another user has this address.", "email-taken") from error


async def by_id(tx: Tx, user_id: UUID) -> Row | None:
    """A user without their password."""
    return await one(named.user_by_id(tx, id=user_id))


async def page(tx: Tx, *, top: UUID | None, after: UUID | None, limit: int) -> list[Row]:
    """Return users of a subtree, from the one after `after`."""
    return await many(named.users(tx, top=top, after=after, limit=limit))


async def at_the_door(tx: Tx, user_id: UUID) -> Row | None:
    """Return what signing in asks of a user: hashes, the second factor, whether they are active."""
    return await one(named.user_at_the_door(tx, id=user_id))


async def by_email(tx: Tx, email: str) -> Row | None:
    """Return the same of the user with this address."""
    return await one(named.user_by_email(tx, email=email))


async def password_of(tx: Tx, user_id: UUID) -> str | None:
    """Return the hash of a user's password."""
    password_hash: str | None = await named.password_of(tx, id=user_id)
    return password_hash


async def change(
    tx: Tx,
    user_id: UUID,
    *,
    name: str | None = None,
    role: str | None = None,
    operator_id: UUID | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
) -> None:
    """Change what is given of a user."""
    await named.change_user(
        tx,
        id=user_id,
        name=name,
        role=role,
        operator_id=operator_id,
        active=active,
        password_hash=password_hash,
    )


async def lock_last_admins(tx: Tx) -> list[UUID]:
    """Lock the root's active admins and return their ids."""
    return [row["id"] for row in await many(named.lock_last_admins(tx))]


async def set_second_factor(
    tx: Tx, user_id: UUID, sealed: bytes, step: int, recovery_codes: Sequence[bytes]
) -> None:
    """Put a second factor in force, from the step after the one that was shown."""
    await named.set_second_factor(
        tx, id=user_id, second_factor=sealed, step=step, recovery_codes=list(recovery_codes)
    )


async def forget_second_factor(tx: Tx, user_id: UUID) -> None:
    """Take a user's second factor away, its recovery codes too."""
    await named.forget_second_factor(tx, id=user_id)


async def take_step(tx: Tx, user_id: UUID, step: int) -> bool:
    """Use up a step of the second factor; false when it was used before."""
    return bool(await named.take_second_factor_step(tx, id=user_id, step=step))


async def take_recovery_code(tx: Tx, user_id: UUID, code: bytes) -> bool:
    """Use up a recovery code; false for one that is none, or was used before."""
    return bool(await named.take_recovery_code(tx, id=user_id, code=code))


async def any_user(tx: Tx) -> bool:
    """Whether anybody can sign in yet."""
    return bool(await named.any_user(tx))


async def first_admin(tx: Tx) -> Row | None:
    """Return the oldest active admin of the root."""
    return await one(named.first_admin(tx))
