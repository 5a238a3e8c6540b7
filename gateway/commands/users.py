"""People: signing in, users, sessions and API tokens. Nobody grants more than their own role or subtree."""

from __future__ import annotations

import asyncio
import hashlib
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.context import Gateway
from gateway.domain import Principal, Problem, Role, not_found, wrong
from gateway.queries import bills as queries
from gateway.schemas import bills as shapes
from gateway.schemas import bodies, cursors
from gateway.schemas.bills import Body
from gateway.schemas.filters import Page
from gateway.store import operations
from gateway.store import users as people
from gateway.store.access import acting_as
from shared import clock
from shared.db import Pool, Tx, in_transaction
from shared.ids import new_id

SIGN_INS_A_MINUTE = 10
MINUTE = timedelta(seconds=60)
TOKEN_PREFIX = "ispb_"


@dataclass(frozen=True, slots=True)
class Session:
    """A fresh session: the token goes into the cookie, the CSRF token to the page."""

    principal: Principal
    token: str = field(repr=False)
    csrf_token: str = field(repr=False)
    seconds: int


def digest(token: str) -> bytes:
    """What is kept of a token; it is random, so one round is enough."""
    return hashlib.sha256(token.encode()).digest()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's minimum for argon2id


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex(16))


async def hash_password(password: str) -> str:
    """An argon2id hash, made in a thread."""
    return await asyncio.to_thread(_hasher().hash, password)


async def _is_right(password_hash: str | None, password: str) -> bool:
    """Takes as long for an unknown address as for a wrong password."""

    def verify() -> bool:
        try:
            return _hasher().verify(password_hash or _nobodys_hash(), password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    return await asyncio.to_thread(verify)


async def sign_in(gateway: Gateway, email: str, password: str, address: str) -> Session:
    """A session for who knows the password; ten tries a minute for an account and for an address."""
    await _count(gateway.pool, f"account:{email}", f"address:{address}")
    async with in_transaction(gateway.pool) as tx:
        known = await people.one(tx, "user_by_email", email=email)
    right = await _is_right(known["password_hash"] if known else None, password)
    if known is None or not right or not known["active"]:
        raise Problem(401, "not-signed-in", "Address and password do not match.")
    token, csrf_token, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), clock.now()
    seconds = gateway.settings.session_hours * 3600
    async with in_transaction(gateway.pool) as tx:
        await people.do(
            tx,
            "add_session",
            token_hash=digest(token),
            user_id=known["id"],
            csrf_token=csrf_token,
            now=now,
            expires_at=now + timedelta(seconds=seconds),
        )
        row = await people.one(tx, "by_session", token_hash=digest(token), now=now)
    assert row is not None, "the session was added in this transaction"
    return Session(people.principal(row), token, csrf_token, seconds)


async def _count(pool: Pool, *subjects: str) -> None:
    """Count a try for each subject, or 429 when one of them has had its share within the last minute."""
    now = clock.now()
    async with in_transaction(pool) as tx:
        # In one order everywhere, or two sign-ins could wait on each other.
        for subject in sorted(subject[:300] for subject in subjects):
            await people.value(tx, "lock_sign_ins", subject=subject)
            found = await people.one(tx, "sign_ins_since", subject=subject, since=now - MINUTE)
            if found and found["tries"] >= SIGN_INS_A_MINUTE:
                wait = (found["first_at"] + MINUTE - now).total_seconds()
                raise Problem(
                    429,
                    "too-many-requests",
                    "Too many tries; wait a minute.",
                    retry_after_seconds=max(1, math.ceil(wait)),
                )
            await people.do(tx, "add_sign_in", id=new_id(), subject=subject, now=now)


async def by_session(pool: Pool, token: str) -> Principal | None:
    """Whose session this is."""
    async with pool.acquire() as connection:
        row = await people.one(connection, "by_session", token_hash=digest(token), now=clock.now())
    return people.principal(row) if row else None


async def by_token(pool: Pool, token: str) -> Principal | None:
    """Whose API token this is."""
    async with pool.acquire() as connection:
        row = await people.one(connection, "by_token", token_hash=digest(token), now=clock.now())
    return people.principal(row) if row else None


async def sign_out(pool: Pool, token: str) -> None:
    """End a session."""
    async with in_transaction(pool) as tx:
        await people.do(tx, "end_session", token_hash=digest(token))


async def change_password(
    gateway: Gateway, principal: Principal, body: bodies.ChangePassword, session_token: str | None
) -> None:
    """A new password; every other session of the user ends."""
    async with in_transaction(gateway.pool) as tx:
        known = await people.value(tx, "password_of", id=principal.user_id)
    if not await _is_right(known, body.current_password):
        raise wrong("current_password", "This is not your password.")
    fresh = await hash_password(body.new_password)
    async with in_transaction(gateway.pool) as tx:
        await _change(tx, principal.user_id, password_hash=fresh)
        await _note(tx, principal, "password-changed", principal.user_id, principal.email)
        kept = digest(session_token) if session_token else None
        await people.do(tx, "end_sessions_of", user_id=principal.user_id, except_hash=kept)


async def _change(
    tx: Tx,
    user_id: UUID,
    *,
    name: str | None = None,
    role: str | None = None,
    operator_id: UUID | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
) -> None:
    changed = {"name": name, "role": role, "operator_id": operator_id, "active": active}
    await people.do(tx, "change_user", id=user_id, password_hash=password_hash, **changed)


async def _note(tx: Tx, principal: Principal, kind: str, user_id: UUID, about: str) -> None:
    await operations.note_done(tx, principal, kind, user_id, about, clock.now())


async def create_user(gateway: Gateway, principal: Principal, read: Callable[[], bodies.User]) -> Body:
    """Add a user with at most the caller's role, within the caller's subtree."""
    principal.must("change-users")
    body = read()
    _may_grant(principal, body.role)
    password_hash = await hash_password(body.password)
    user = {**body.model_dump(exclude={"password"}), "id": new_id(), "password_hash": password_hash}
    async with acting_as(gateway.pool, principal) as tx:
        await queries.operator(tx, principal, body.operator_id)
        await people.add_user(tx, user, clock.now())
        await _note(tx, principal, "user-made", user["id"], body.email)
    return shapes.user({**user, "active": True})


def _may_grant(principal: Principal, role: Role | None) -> None:
    if role is not None and not principal.may_grant(role):
        raise Problem(403, "forbidden", "Nobody grants more than their own role.")


async def change_user(
    gateway: Gateway, principal: Principal, user_id: UUID, read: Callable[[], bodies.UserChange]
) -> Body:
    """Change a user of the subtree who has no more rights than the caller."""
    principal.must("change-users")
    async with acting_as(gateway.pool, principal) as tx:
        known = await _user(tx, principal, user_id)
        body = read()
        _may_grant(principal, known["role"])
        _may_grant(principal, body.role)
        if body.operator_id is not None:
            await queries.operator(tx, principal, body.operator_id)
    password_hash = await hash_password(body.password) if body.password else None
    async with acting_as(gateway.pool, principal) as tx:
        await _change(tx, user_id, password_hash=password_hash, **body.model_dump(exclude={"password"}))
        if password_hash or body.active is False:
            await people.do(tx, "end_sessions_of", user_id=user_id, except_hash=None)
        await _note(tx, principal, "user-changed", user_id, known["email"])
        return shapes.user(await _user(tx, principal, user_id))


async def _user(tx: Tx, principal: Principal, user_id: UUID) -> people.Row:
    row = await people.user_by_id(tx, user_id)
    if row is None or not principal.reaches(row["operator_id"]):
        raise not_found("There is no such user.")
    return row


async def user(gateway: Gateway, principal: Principal, user_id: UUID) -> Body:
    """A user of the subtree."""
    principal.must("change-users")
    async with acting_as(gateway.pool, principal) as tx:
        return shapes.user(await _user(tx, principal, user_id))


async def list_users(gateway: Gateway, principal: Principal, page: Page) -> Body:
    """The users of the subtree."""
    principal.must("change-users")
    return await _list(gateway, principal, "users", shapes.user, page)


async def create_token(gateway: Gateway, principal: Principal, read: Callable[[], bodies.Token]) -> Body:
    """An API token; what it opens doors with is shown this once."""
    body = read()
    now = clock.now()
    if body.expires_at is not None and (body.expires_at.tzinfo is None or body.expires_at <= now):
        raise wrong("expires_at", "This must be a time to come, with its zone.")
    async with acting_as(gateway.pool, principal) as tx:
        owner = await _user(tx, principal, body.user_id or principal.user_id)
        if owner["id"] != principal.user_id:
            principal.must("change-users")
        _may_grant(principal, owner["role"])
        issued = await issue_token(tx, owner, body.name, body.expires_at)
        await _note(tx, principal, "token-made", owner["id"], f"{body.name} ({owner['email']})")
        return issued


async def issue_token(tx: Tx, owner: people.Row, name: str, expires_at: object = None) -> Body:
    """A new token of this user, as a body that carries it."""
    token, now = TOKEN_PREFIX + secrets.token_urlsafe(32), clock.now()
    row = {"id": new_id(), "user_id": owner["id"], "name": name, "expires_at": expires_at}
    await people.do(tx, "add_token", **row, token_hash=digest(token), now=now)
    shown = shapes.token({**row, "email": owner["email"], "created_at": now, "revoked_at": None})
    return {**shown, "token": token}


async def list_tokens(gateway: Gateway, principal: Principal, page: Page) -> Body:
    """The caller's tokens; for staff, those of their subtree."""
    mine = None if principal.may("change-users") else principal.user_id
    return await _list(gateway, principal, "tokens", shapes.token, page, user_id=mine)


async def _token(tx: Tx, principal: Principal, token_id: UUID) -> people.Row:
    row = await people.one(tx, "token_by_id", id=token_id)
    own = row is not None and row["user_id"] == principal.user_id
    if row is None or not (own or (principal.may("change-users") and principal.reaches(row["operator_id"]))):
        raise not_found("There is no such token.")
    return row


async def revoke_token(gateway: Gateway, principal: Principal, token_id: UUID) -> None:
    """End a token; again changes nothing."""
    async with acting_as(gateway.pool, principal) as tx:
        known = await _token(tx, principal, token_id)
        if known["revoked_at"] is None:
            await people.do(tx, "revoke_token", id=token_id, now=clock.now())
            await _note(
                tx, principal, "token-revoked", known["user_id"], f"{known['name']} ({known['email']})"
            )


async def token(gateway: Gateway, principal: Principal, token_id: UUID) -> Body:
    """One token, without what opens doors."""
    async with acting_as(gateway.pool, principal) as tx:
        return shapes.token(await _token(tx, principal, token_id))


async def _list(
    gateway: Gateway,
    principal: Principal,
    statement: str,
    shape: Callable[[people.Row], Body],
    page: Page,
    **parameters: object,
) -> Body:
    reach = list(principal.reach) if principal.reach is not None else None
    after = cursors.unseal_id(gateway.secret, statement, page.cursor)
    async with acting_as(gateway.pool, principal) as tx:
        rows = await people.many(tx, statement, reach=reach, after=after, limit=page.limit + 1, **parameters)
    shown = rows[: page.limit]
    last = cursors.seal(gateway.secret, statement, str(shown[-1]["id"])) if len(rows) > page.limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": last}
