"""Two-factor sign-in: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost one."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pyotp
from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from gateway.access import Principal
from gateway.commands.passwords import is_right
from gateway.commands.tries import count_try, forget_try
from gateway.context import Gateway
from gateway.problems import Problem, wrong
from gateway.store import operations as operation_store
from gateway.store import users as user_store
from gateway.store.sessions import digest
from gateway.store.statements import Row
from shared import clock
from shared.db import in_transaction

STEP_SECONDS = 30
STEPS_AROUND = 1  # the clock of a phone may be half a minute off
RECOVERY_CODES = 10
TICKET_LASTS = timedelta(minutes=5)
SETUP_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Setup:
    """A secret that is not in force yet: for the app, and sealed for the form that confirms it."""

    secret: str = field(repr=False)
    address: str = field(repr=False)
    sealed: str = field(repr=False)


def begin(gateway: Gateway, principal: Principal) -> Setup:
    """Return a new secret; nothing changes until a code of it is shown."""
    secret = pyotp.random_base32()
    return _setup(principal, secret, _seal(gateway, "setup", principal.user_id, SETUP_LASTS, secret))


def resume(gateway: Gateway, principal: Principal, sealed: str) -> Setup:
    """Return the secret of a form that was sent; raises 422 when it is too old or another user's."""
    user_id, secret = _open(gateway, "setup", sealed)
    if user_id != principal.user_id:
        raise wrong("code", "This form is too old; begin again.")
    return _setup(principal, secret, sealed)


def _setup(principal: Principal, secret: str, sealed: str) -> Setup:
    address = pyotp.TOTP(secret).provisioning_uri(name=principal.email, issuer_name="ispbills")
    return Setup(secret, address, sealed)


async def turn_on(gateway: Gateway, principal: Principal, sealed: str, code: str) -> list[str]:
    """Put the secret in force once a code of it is shown; return the recovery codes, this once.

    Raises 422 for a code that does not match.
    """
    secret = resume(gateway, principal, sealed).secret
    step = _matching_step(secret, code, after=0)
    if step is None:
        raise wrong("code", "This code does not match.")
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES)]
    async with in_transaction(gateway.pool) as tx:
        await user_store.set_second_factor(
            tx,
            principal.user_id,
            _box(gateway).encrypt(secret.encode()),
            step,
            recovery_codes=[digest(each) for each in codes],
        )
        await operation_store.note_done(
            tx, principal, "second-factor-on", principal.user_id, principal.email, clock.now()
        )
    return codes


async def turn_off(gateway: Gateway, principal: Principal, password: str) -> None:
    """Go back to the password alone, by whoever knows it; wrong ones are paced. Raises 422."""
    tries = await count_try(gateway.pool, principal.email, principal.address)
    async with in_transaction(gateway.pool) as tx:
        known = await user_store.password_of(tx, principal.user_id)
    if not await is_right(known, password):
        raise wrong("current_password", "This is not your password.")
    await forget_try(gateway.pool, tries)
    async with in_transaction(gateway.pool) as tx:
        await user_store.forget_second_factor(tx, principal.user_id)
        await operation_store.note_done(
            tx, principal, "second-factor-off", principal.user_id, principal.email, clock.now()
        )


async def is_on(gateway: Gateway, principal: Principal) -> bool:
    """Whether the user signs in with two factors."""
    async with in_transaction(gateway.pool) as tx:
        known = await user_store.at_the_door(tx, principal.user_id)
    return known is not None and known["second_factor"] is not None


async def must_match(gateway: Gateway, known: Row, code: str) -> None:
    """Take a code of the app or a recovery code, each once; raises 401 `code-required`."""
    plain = code.strip().replace(" ", "").lower()
    secret = _box(gateway).decrypt(known["second_factor"]).decode()
    step = _matching_step(secret, plain, after=known["second_factor_step"] or 0)
    async with in_transaction(gateway.pool) as tx:
        if step is not None:
            taken = await user_store.take_step(tx, known["id"], step)
        else:
            taken = await user_store.take_recovery_code(tx, known["id"], digest(plain))
    if not taken:
        raise Problem(401, "code-required", "A code of your authenticator app is needed.")


def ticket(gateway: Gateway, user_id: UUID) -> str:
    """Return what says for five minutes that this user has shown the password."""
    return _seal(gateway, "ticket", user_id, TICKET_LASTS)


def read_ticket(gateway: Gateway, sealed: str) -> UUID:
    """Return whose ticket this is; raises 401 for one that is spoilt or too old."""
    try:
        return _open(gateway, "ticket", sealed)[0]
    except Problem as problem:
        raise Problem(401, "not-signed-in", "This took too long; sign in again.") from problem


def _matching_step(secret: str, code: str, after: int) -> int | None:
    """The time step whose code this is, of those around now that came after the last one taken."""
    totp, now = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP_SECONDS
    steps = range(max(now - STEPS_AROUND, after + 1), now + STEPS_AROUND + 1)
    plain = code.strip().replace(" ", "")
    return next(
        (s for s in steps if hmac.compare_digest(totp.at(s * STEP_SECONDS).encode(), plain.encode())), None
    )


def _box(gateway: Gateway) -> SecretBox:
    return SecretBox(hashlib.sha256(b"second factor\x00" + gateway.secret.encode()).digest())


def _seal(gateway: Gateway, purpose: str, user_id: UUID, lasts: timedelta, secret: str = "") -> str:
    until = (clock.now() + lasts).timestamp()
    text = json.dumps([purpose, str(user_id), until, secret]).encode()
    return _box(gateway).encrypt(text, encoder=URLSafeBase64Encoder).decode()


def _open(gateway: Gateway, purpose: str, sealed: str) -> tuple[UUID, str]:
    try:
        text = _box(gateway).decrypt(sealed.encode(), encoder=URLSafeBase64Encoder)
        kind, user_id, until, secret = json.loads(text)
    except (CryptoError, ValueError, TypeError) as error:
        raise wrong("code", "This form is too old; begin again.") from error
    if kind != purpose or until < clock.now().timestamp():
        raise wrong("code", "This form is too old; begin again.")
    return UUID(user_id), secret
