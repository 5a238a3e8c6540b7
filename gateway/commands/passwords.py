"""Passwords: which ones are strong enough, and argon2id hashes, made and checked in a thread."""

from __future__ import annotations

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from gateway.problems import wrong
from gateway.schemas.fields import LEAST_PASSWORD

# As many as an online attacker may try at the door's pace within months (zxcvbn's score 2 begins here).
GUESSES_AT_LEAST = 10**6


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's minimum for argon2id


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex(16))


async def must_be_strong(field: str, password: str, *about: str) -> None:
    """Refuse a short or a common password, or one made of what is known `about` its owner.

    Raises 422 `weak-password`.
    """
    if len(password) < LEAST_PASSWORD:
        raise wrong(field, f"At least {LEAST_PASSWORD} characters.", "weak-password")
    known = [word for text in about for word in (text, *text.replace("@", " ").replace(".", " ").split())]
    judged = await asyncio.to_thread(zxcvbn, password, known, 200)
    if not password.strip() or judged["guesses"] < GUESSES_AT_LEAST:
        raise wrong(field, "This password is easily guessed; choose another.", "weak-password")


async def hash_password(password: str) -> str:
    """An argon2id hash, made in a thread."""
    return await asyncio.to_thread(_hasher().hash, password)


async def is_right(password_hash: str | None, password: str) -> bool:
    """Takes as long for an unknown address as for a wrong password."""

    def verify() -> bool:
        try:
            return _hasher().verify(password_hash or _nobodys_hash(), password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    return await asyncio.to_thread(verify)
