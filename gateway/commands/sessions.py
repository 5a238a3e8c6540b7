"""Sessions: sign in, at a measured pace, and sign out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from gateway.access import Principal
from gateway.commands import second_factor
from gateway.commands.passwords import is_right
from gateway.commands.tries import count_try, forget_try
from gateway.context import Gateway
from gateway.problems import Problem
from gateway.store import sessions as session_store
from gateway.store import users as user_store
from gateway.store.sessions import digest
from gateway.store.statements import Row
from shared import clock
from shared.db import Pool, in_transaction

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A fresh session: the token goes into the cookie, the CSRF token to the page."""

    principal: Principal
    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    seconds: int


async def sign_in(
    gateway: Gateway, email: str, password: str, address: str, code: str | None = None
) -> Session:
    """A session for who knows the password; wrong tries are paced, so that one office is not shut out.

    Raises 401 `not-signed-in`, or `code-required` where the user has a second factor and the code is missing
    or wrong.
    """
    async with in_transaction(gateway.pool) as tx:
        known = await user_store.by_email(tx, email)
    tries = await count_try(gateway.pool, email, address)
    right = await is_right(known["password_hash"] if known else None, password)
    if known is None or not right or not known["active"]:
        raise Problem(401, "not-signed-in", "Address and password do not match.")
    if known["second_factor"] is not None:
        if not code:
            await forget_try(gateway.pool, tries)
        await second_factor.must_match(gateway, known, code or "")
    await forget_try(gateway.pool, tries)
    return await _begin(gateway, known)


async def ticket_for(gateway: Gateway, email: str) -> str:
    """Return the ticket of a user who has just shown the password, for the page that asks for the code."""
    async with in_transaction(gateway.pool) as tx:
        known = await user_store.by_email(tx, email)
    assert known is not None, "the password was right a moment ago"
    return second_factor.ticket(gateway, known["id"])


async def sign_in_by_code(gateway: Gateway, ticket: str, code: str, address: str) -> Session:
    """A session for who has shown the password a moment ago, and now the code."""
    user_id = second_factor.read_ticket(gateway, ticket)
    async with in_transaction(gateway.pool) as tx:
        known = await user_store.at_the_door(tx, user_id)
    if known is None or not known["active"]:
        raise Problem(401, "not-signed-in", "Address and password do not match.")
    tries = await count_try(gateway.pool, known["email"], address)
    await second_factor.must_match(gateway, known, code)
    await forget_try(gateway.pool, tries)
    return await _begin(gateway, known)


async def _begin(gateway: Gateway, known: Row) -> Session:
    token, csrf_token, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), clock.now()
    seconds = gateway.settings.session_hours * 3600
    async with in_transaction(gateway.pool) as tx:
        await session_store.add(
            tx, digest(token), known["id"], csrf_token, now, expires_at=now + timedelta(seconds=seconds)
        )
        row = await session_store.by_hash(tx, digest(token), now, idle_since=now - MINUTE)
    assert row is not None, "the session was added in this transaction"
    return Session(session_store.principal(row), token, csrf_token, seconds)


async def sign_out(pool: Pool, token: str) -> None:
    """End a session."""
    async with in_transaction(pool) as tx:
        await session_store.end(tx, digest(token))
