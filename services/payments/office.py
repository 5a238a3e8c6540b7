"""The office of payments beside its tables: the addresses of links, and the keys of what is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.payments.settings import Settings
from shared.links import Links
from shared.outgoing import is_development
from shared.sealing import Opened, open_sealed, public_key_of, seal

SERVICE = "payments"


@dataclass(frozen=True, slots=True)
class Office:
    """The secrets of this deployment, and what is done with them."""

    links: Links
    public_url: str
    gateway_url: str
    sealing_key: str = field(repr=False)
    notifications_key: str
    is_development: bool = False

    def seal_url(self, link_id: UUID, operator_id: UUID, at: datetime) -> str:
        """Return a link's address, for notifications to open alone."""
        url = {"url": self.links.url(link_id)}
        return seal(
            self.notifications_key,
            url,
            service="notifications",
            operator_id=operator_id,
            provider="link",
            at=at,
        )

    def open_secrets(
        self, sealed: str, operator_id: UUID, provider: str, not_before: datetime | None = None
    ) -> Opened:
        """Return what was sealed for payments; raises NotOurs, or OlderThanKnown."""
        return open_sealed(
            self.sealing_key,
            sealed,
            service=SERVICE,
            operator_id=operator_id,
            provider=provider,
            not_before=not_before,
        )

    def seal_secrets(self, secrets: Mapping[str, Any], operator_id: UUID, provider: str, at: datetime) -> str:
        """Return a gateway's secrets as they rest."""
        key = public_key_of(self.sealing_key)
        return seal(key, secrets, service=SERVICE, operator_id=operator_id, provider=provider, at=at)


def office_of(settings: Settings) -> Office:
    """The office that the environment describes."""
    return Office(
        links=Links(settings.link_key.get_secret_value(), settings.public_url),
        public_url=settings.public_url.rstrip("/"),
        gateway_url=settings.gateway_public_url.rstrip("/"),
        sealing_key=settings.sealing_key.get_secret_value(),
        notifications_key=settings.notifications_sealing_public_key,
        is_development=is_development(),
    )
