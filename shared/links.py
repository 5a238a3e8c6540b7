"""Tokens of payment links: derived from the link's id, so that no table and no topic carries one.

Whoever holds the deployment's link key can show or send an address again; anybody else can guess 2^128.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

TOKEN_LENGTH = 22  # 62^22 is just above 2^128
_TOKEN_BYTES = 16
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of payment links below the public address of payments."""

    key: str = field(repr=False)
    payments_url: str

    def token(self, link_id: UUID) -> str:
        """Return the 22 letters and digits that open a link."""
        digest = hmac.new(self.key.encode(), link_id.bytes, hashlib.sha256).digest()
        return _base62(digest[:_TOKEN_BYTES])

    def url(self, link_id: UUID) -> str:
        """Return the address of the link's page."""
        return f"{self.payments_url.rstrip('/')}/pay/{self.token(link_id)}"

    def opens(self, link_id: UUID, token: str) -> bool:
        """Whether a token is that of a link."""
        return hmac.compare_digest(self.token(link_id).encode(), token.encode())

    @staticmethod
    def hash(token: str) -> str:
        """Return what tables and topics know a token by: its SHA-256 in hexadecimal."""
        return hashlib.sha256(token.encode()).hexdigest()


def _base62(number_bytes: bytes) -> str:
    number = int.from_bytes(number_bytes)
    digits = []
    for _ in range(TOKEN_LENGTH):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))
