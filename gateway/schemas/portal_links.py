"""The address of a customer's own page: an unguessable token that names them, kept nowhere."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Portals:
    """Makes and reads portal addresses; a new secret makes all of them invalid."""

    public_url: str
    secret: str = field(repr=False)

    def url(self, customer_id: UUID) -> str:
        """Where a customer sees their bills."""
        token = (
            base64.urlsafe_b64encode(customer_id.bytes + self._mac(customer_id.bytes)).decode().rstrip("=")
        )
        return f"{self.public_url}/portal/{token}"

    def customer_of(self, token: str) -> UUID | None:
        """Whose page a token opens, if it is one of ours."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        if len(raw) != 16 + _MAC_BYTES or not hmac.compare_digest(raw[16:], self._mac(raw[:16])):
            return None
        return UUID(bytes=raw[:16])

    def _mac(self, customer: bytes) -> bytes:
        return hmac.digest(self.secret.encode(), b"portal\n" + customer, hashlib.sha256)[:_MAC_BYTES]
