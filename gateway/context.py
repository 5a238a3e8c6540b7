"""The gateway's surroundings: its pool, its settings, and those who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from gateway.schemas.portal_links import Portals
from gateway.settings import Settings
from shared.blobs import Store
from shared.db import Pool


class Waiters(Protocol):
    """Those who wait for an operation to end; `operations.listener` wakes them."""

    def waiting_for(self, operation_id: UUID) -> AbstractContextManager[asyncio.Event]:
        """Return an event that is set whenever the operation may have ended."""
        ...


@dataclass(frozen=True, slots=True)
class Gateway:
    """Handed to every command; `pool` opens with the service."""

    settings: Settings
    waiters: Waiters
    portals: Portals
    open_pool: Callable[[], Pool]
    blobs: Store | None = None  # None: the installation has no place for files

    @property
    def pool(self) -> Pool:
        """The database, once the service runs."""
        return self.open_pool()

    @property
    def secret(self) -> str:
        """Return the secret that cursors are sealed with."""
        return self.settings.session_secret
