"""Sessions: sign in, at a measured pace, and sign out."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

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

SIGN_INS_A_MINUTE = 10
MINUTE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Session:
    """A fresh session: the token goes into the cookie, the CSRF token to the page."""

    principal: Principal
    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    seconds: int


async def sign_in(gateway: Gateway, email: str, password: str, address: str) -> Session:
    """A session for who knows the password; ten tries a minute for an account and for an address."""
    await _count(gateway.pool, f"account:{email}", f"address:{address}")
    async with in_transaction(gateway.pool) as tx:
        known = await statements.one(tx, "user_by_email", email=email)
    right = await is_right(known["password_hash"] if known else None, password)
    if known is None or not right or not known["active"]:
        raise Problem(401, "not-signed-in", "Address and password do not match.")
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
        row = await statements.one(tx, "by_session", token_hash=digest(token), now=now)
    assert row is not None, "the session was added in this transaction"
    return Session(session_store.principal(row), token, csrf_token, seconds)


async def _count(pool: Pool, *subjects: str) -> None:
    """Count a try for each subject, or 429 when one of them has had its share within the last minute."""
    now = clock.now()
    async with in_transaction(pool) as tx:
        # In one order everywhere, or two sign-ins could wait on each other.
        for subject in sorted(subject[:300] for subject in subjects):
            await statements.value(tx, "lock_sign_ins", subject=subject)
            found = await statements.one(tx, "sign_ins_since", subject=subject, since=now - MINUTE)
            if found and found["tries"] >= SIGN_INS_A_MINUTE:
                wait = (found["first_at"] + MINUTE - now).total_seconds()
                raise Problem(
                    429,
                    "too-many-requests",
                    "Too many tries; wait a minute.",
                    retry_after_seconds=max(1, math.ceil(wait)),
                )
            await statements.do(tx, "add_sign_in", id=new_id(), subject=subject, now=now)


async def sign_out(pool: Pool, token: str) -> None:
    """End a session."""
    async with in_transaction(pool) as tx:
        await statements.do(tx, "end_session", token_hash=digest(token))
