"""Access tokens of all replicas: sealed in Postgres, fetched by whoever holds the lease, used by all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.payments import store
from services.payments.office import Office
from services.payments.providers.protocol import NoAnswer
from services.payments.providers.tokens import Fetch, Token
from shared.db import Pool
from shared.sealing import NotOurs

_NOBODY = UUID(int=0)  # a token is the credentials', whichever operators use them
_KIND = "token"
_PATIENCE_SECONDS = 35.0
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class SharedTokens:
    """The keeper of tokens: one replica asks the provider for the next one, the others wait for it."""

    office: Office
    pool_of: Callable[[], Pool]

    async def renew(self, key: str, refused: str | None, fetch: Fetch) -> Token:
        """Return the token that there is, or the next one; `refused`: one that is no longer taken."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            kept = await self._kept(key)
            if kept is not None and kept.is_fresh and kept.text != refused:
                return kept
            if await store.tokens.lease(self.pool_of(), key):
                return await self._fetch(key, refused, fetch)
            if time.monotonic() > deadline:
                raise NoAnswer("the token is still being fetched")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _fetch(self, key: str, refused: str | None, fetch: Fetch) -> Token:
        """Fetch the next token under the lease, unless another replica has just done so."""
        kept = await self._kept(key)
        is_good = kept is not None and kept.text != refused
        try:
            if kept is None or not is_good or not kept.is_fresh:
                try:
                    kept = await fetch(kept)
                except NoAnswer:
                    if kept is None or not is_good or not kept.is_valid:
                        raise
                    return kept  # it was to be refreshed ahead, and still counts
                await self._keep(key, kept)
            return kept
        finally:
            await store.tokens.release(self.pool_of(), key)

    async def _kept(self, key: str) -> Token | None:
        sealed = await store.tokens.sealed(self.pool_of(), key)
        if sealed is None:
            return None
        with suppress(NotOurs):  # under a key of before
            said = self.office.open_secrets(sealed, _NOBODY, _KIND).secret
            return Token(str(said["text"]), float(said["until"]), said["refresh"] or None)
        return None

    async def _keep(self, key: str, token: Token) -> None:
        secret = {"text": token.text, "until": repr(token.until), "refresh": token.refresh or ""}
        sealed = self.office.seal_secrets(secret, _NOBODY, _KIND, datetime.now(UTC))
        await store.tokens.keep(self.pool_of(), key, sealed, datetime.fromtimestamp(token.until, UTC))
