"""What the gateway works with: its pool, its settings, and those who wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.operations.listener import Waiters
from gateway.schemas.portal_links import Portals
from gateway.settings import Settings
from shared.db import Pool


@dataclass(frozen=True, slots=True)
class Gateway:
    """Handed to every command; `pool` opens with the service."""

    settings: Settings
    waiters: Waiters
    portals: Portals
    open_pool: Callable[[], Pool]

    @property
    def pool(self) -> Pool:
        """The database, once the service runs."""
        return self.open_pool()

    @property
    def secret(self) -> str:
        """What cursors are sealed with."""
        return self.settings.session_secret
