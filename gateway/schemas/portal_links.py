"""The address of a customer's own page: an unguessable token that names them, kept nowhere.

Which of their addresses is the one that opens is a number that counts up; zero is the first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from shared.links import Links

_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Portals:
    """Makes and reads portal addresses; a new secret makes all of them invalid.

    `links` makes the addresses of payment links, which the portal shows as well.
    """

    public_url: str
    secret: str = field(repr=False)
    links: Links

    def url(self, customer_id: UUID, generation: int) -> str:
        """Return the address at which a customer sees their bills."""
        token = (
            base64.urlsafe_b64encode(customer_id.bytes + self._mac(customer_id.bytes, generation))
            .decode()
            .rstrip("=")
        )
        return f"{self.public_url}/portal/{token}"

    def customer_named(self, token: str) -> UUID | None:
        """Return the customer whose page a token says that it opens; `opens` knows whether it does."""
        raw = _bytes_of(token)
        return UUID(bytes=raw[:16]) if raw is not None else None

    def opens(self, token: str, generation: int) -> bool:
        """Whether a token is ours and of this generation."""
        raw = _bytes_of(token)
        return raw is not None and hmac.compare_digest(raw[16:], self._mac(raw[:16], generation))

    def _mac(self, customer: bytes, generation: int) -> bytes:
        which = b"\n%d" % generation if generation else b""
        said = b"portal\n" + customer + which
        return hmac.digest(self.secret.encode(), said, hashlib.sha256)[:_MAC_BYTES]


def _bytes_of(token: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 16 + _MAC_BYTES else None
