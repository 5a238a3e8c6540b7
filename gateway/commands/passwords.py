"""Passwords: argon2id hashes, made and checked in a thread."""

from __future__ import annotations

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's minimum for argon2id


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex(16))


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
