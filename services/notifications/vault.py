"""What only notifications can open: keys of gateways, addresses of links, and texts that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from pydantic import SecretStr

from services.notifications.domain import LinkUnreadable, SecretUnreadable
from shared import clock
from shared.contracts.notifications import PROVIDER_SECRETS, Provider
from shared.sealing import NotOurs, Opened, open_sealed, public_key_of, seal

SERVICE = "notifications"


@dataclass(frozen=True)
class Vault:
    """The private key at work."""

    key: SecretStr

    @cached_property
    def public_key(self) -> str:
        """The key that seals what this one opens."""
        return public_key_of(self.key.get_secret_value())

    def link(self, sealed: str, operator_id: UUID) -> str:
        """Return the address of a link; raises LinkUnreadable."""
        try:
            url = self._open(sealed, operator_id, "link").secret.get("url")
        except NotOurs as error:
            raise LinkUnreadable("sealed_url") from error
        if not isinstance(url, str) or not url.startswith(("http://", "https://")) or len(url.split()) != 1:
            raise LinkUnreadable("sealed_url")
        return url

    def seal_text(self, text: str, operator_id: UUID) -> str:
        """Seal a text for the time until it is sent."""
        return seal(
            self.public_key,
            {"text": text},
            service=SERVICE,
            operator_id=operator_id,
            provider="text",
            at=clock.now(),
        )

    def text(self, sealed: str, operator_id: UUID) -> str:
        """Return a text of our own; raises NotOurs after a change of keys."""
        return str(self._open(sealed, operator_id, "text").secret["text"])

    def secrets(
        self, sealed: str | None, operator_id: UUID, provider: Provider, not_before: datetime | None = None
    ) -> tuple[Mapping[str, str], datetime | None]:
        """Return a gateway's keys and when they were sealed; raises SecretUnreadable."""
        if sealed is None:
            return {}, None
        try:
            opened = self._open(sealed, operator_id, provider, not_before)
        except NotOurs as error:
            raise SecretUnreadable("sealed") from error
        if not set(opened.secret) <= set(PROVIDER_SECRETS[provider]):
            raise SecretUnreadable("sealed")
        if not all(isinstance(value, str) for value in opened.secret.values()):
            raise SecretUnreadable("sealed")
        return {name: value.strip() for name, value in opened.secret.items()}, opened.at

    def _open(
        self, sealed: str, operator_id: UUID, provider: str, not_before: datetime | None = None
    ) -> Opened:
        return open_sealed(
            self.key.get_secret_value(),
            sealed,
            service=SERVICE,
            operator_id=operator_id,
            provider=provider,
            not_before=not_before,
        )
