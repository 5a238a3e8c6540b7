"""Access tokens: one a set of credentials, refreshed ahead; who comes meanwhile waits for the same one."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

REFRESH_AHEAD_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when it counts (by the world's clock, in seconds)."""

    text: str = field(repr=False)
    until: float
    refresh: str | None = field(default=None, repr=False)

    @property
    def is_fresh(self) -> bool:
        """Whether it lasts for a while."""
        return time.time() < self.until - REFRESH_AHEAD_SECONDS

    @property
    def is_valid(self) -> bool:
        """Whether it still counts."""
        return time.time() < self.until


Fetch: TypeAlias = Callable[[Token | None], Awaitable[Token]]


class Keeper(Protocol):
    """Keeps tokens for all replicas."""

    async def renew(self, key: str, refused: str | None, fetch: Fetch) -> Token:
        """Return the token that there is, or the next one; `refused`: one that is no longer taken."""


@dataclass
class Tokens:
    """The tokens that this process knows, by what opens them; with a keeper, those of all replicas."""

    keeper: Keeper | None = None
    known: dict[str, Token] = field(default_factory=dict, repr=False)
    refused: dict[str, str] = field(default_factory=dict, repr=False)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def get(self, credentials: str, fetch: Fetch) -> str:
        """Return the token of these credentials; one caller fetches it, the others wait."""
        key = hashlib.sha256(credentials.encode()).hexdigest()
        async with self.locks.setdefault(key, asyncio.Lock()):
            token = self.known.get(key)
            if token is None or not token.is_fresh:
                token = self.known[key] = await self._renewed(key, token, fetch)
            return token.text

    async def _renewed(self, key: str, token: Token | None, fetch: Fetch) -> Token:
        if self.keeper is None:
            return await fetch(token)
        return await self.keeper.renew(key, self.refused.get(key), fetch)

    def drop(self, credentials: str, text: str) -> None:
        """Forget a token that the provider no longer takes, unless it was replaced meanwhile."""
        key = hashlib.sha256(credentials.encode()).hexdigest()
        if (token := self.known.get(key)) and token.text == text:
            self.refused[key] = text
            del self.known[key]
