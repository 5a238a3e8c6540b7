"""Sessions: sign in, at a measured pace, and sign out."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from gateway.access import Principal
from gateway.commands.passwords import is_right
from gateway.context import Gateway
from gateway.problems import Problem
from gateway.store import sessions as session_store
from gateway.store import statements
from gateway.store.sessions import digest
from shared import clock
from shared.db import Pool, in_transaction
from shared.ids import new_id

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WRONG_TRIES_A_MINUTE = 10  # for one account from one address
WRONG_TRIES_AN_HOUR = 100  # for one account from anywhere, and from one address for any account


@dataclass(frozen=True, slots=True)
class Session:
    """A fresh session: the token goes into the cookie, the CSRF token to the page."""

    principal: Principal
    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    seconds: int


async def sign_in(gateway: Gateway, email: str, password: str, address: str) -> Session:
    """A session for who knows the password; wrong tries are paced, so that one office is not shut out."""
    async with in_transaction(gateway.pool) as tx:
        known = await statements.one(tx, "user_by_email", email=email)
    tries = await count_try(gateway.pool, email, address)
    right = await is_right(known["password_hash"] if known else None, password)
    if known is None or not right or not known["active"]:
        raise Problem(401, "not-signed-in", "Address and password do not match.")
    await forget_try(gateway.pool, tries)
    token, csrf_token, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), clock.now()
    seconds = gateway.settings.session_hours * 3600
    async with in_transaction(gateway.pool) as tx:
        await statements.do(
            tx,
            "add_session",
            token_hash=digest(token),
            user_id=known["id"],
            csrf_token=csrf_token,
            now=now,
            expires_at=now + timedelta(seconds=seconds),
        )
        row = await statements.one(
            tx, "by_session", token_hash=digest(token), now=now, idle_since=now - MINUTE
        )
    assert row is not None, "the session was added in this transaction"
    return Session(session_store.principal(row), token, csrf_token, seconds)


async def count_try(pool: Pool, account: str, address: str) -> list[UUID]:
    """Count a try before it is known to be wrong, so that a hundred at once are a hundred.

    Raises 429 `too-many-requests` when the pair of both, the account or the address has had its share.
    """
    now = clock.now()
    shares = {
        f"account:{account[:200]} address:{address}": (MINUTE, WRONG_TRIES_A_MINUTE),
        f"account:{account[:200]}": (HOUR, WRONG_TRIES_AN_HOUR),
        f"address:{address}": (HOUR, WRONG_TRIES_AN_HOUR),
    }
    tries = [new_id() for _ in shares]
    async with in_transaction(pool) as tx:
        # In one order everywhere, or two sign-ins could wait on each other.
        for (subject, (window, most)), try_id in zip(sorted(shares.items()), tries, strict=True):
            await statements.value(tx, "lock_sign_ins", subject=subject)
            counted = await statements.one(tx, "sign_ins_since", subject=subject, since=now - window)
            if counted and counted["tries"] >= most:
                raise _too_many(counted["first_at"] + window - now)
            await statements.do(tx, "add_sign_in", id=try_id, subject=subject, now=now)
    return tries


def _too_many(wait: timedelta) -> Problem:
    return Problem(
        429,
        "too-many-requests",
        "Too many wrong tries; wait before the next one.",
        retry_after_seconds=max(1, math.ceil(wait.total_seconds())),
    )


async def forget_try(pool: Pool, tries: Sequence[UUID]) -> None:
    """Take back what was counted: the password was right."""
    async with in_transaction(pool) as tx:
        await statements.do(tx, "forget_sign_ins", ids=list(tries))


async def sign_out(pool: Pool, token: str) -> None:
    """End a session."""
    async with in_transaction(pool) as tx:
        await statements.do(tx, "end_session", token_hash=digest(token))
