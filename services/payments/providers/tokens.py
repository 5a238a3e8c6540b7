"""Access tokens: one a set of credentials, refreshed ahead; who comes meanwhile waits for the same one."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

REFRESH_AHEAD_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when it counts (by the machine's own clock)."""

    text: str = field(repr=False)
    until: float
    refresh: str | None = field(default=None, repr=False)

    @property
    def is_fresh(self) -> bool:
        """Whether it lasts for a while."""
        return time.monotonic() < self.until - REFRESH_AHEAD_SECONDS


@dataclass
class Tokens:
    """The tokens of this process, by what opens them."""

    known: dict[str, Token] = field(default_factory=dict, repr=False)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def get(self, credentials: str, fetch: Callable[[Token | None], Awaitable[Token]]) -> str:
        """Return the token of these credentials; one caller fetches it, the others wait."""
        key = hashlib.sha256(credentials.encode()).hexdigest()
        async with self.locks.setdefault(key, asyncio.Lock()):
            token = self.known.get(key)
            if token is None or not token.is_fresh:
                token = self.known[key] = await fetch(token)
            return token.text

    def drop(self, credentials: str, text: str) -> None:
        """Forget a token that the provider no longer takes, unless it was replaced meanwhile."""
        key = hashlib.sha256(credentials.encode()).hexdigest()
        if (token := self.known.get(key)) and token.text == text:
            del self.known[key]
