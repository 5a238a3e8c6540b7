"""Secrets on the road and at rest: libsodium sealed boxes that only the owner of the private key opens.

The sealed text names the service, operator and provider that it is for and when it was made; all of it is
checked on opening, so that no sealed text can be put in another's place or an old one in that of a newer.
Source: https://doc.libsodium.org/public-key_cryptography/sealed_boxes
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox


class NotOurs(ValueError):
    """The sealed text is damaged, or was made with another key or for another purpose."""


class OlderThanKnown(NotOurs):
    """The sealed text was made before the one that is in its place."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened secret, and when it was sealed; it does not show in a traceback."""

    secret: Mapping[str, Any] = field(repr=False)
    at: datetime


def public_key_of(private_key: str) -> str:
    """Return the key to seal with, of the base64 of 32 bytes to open with."""
    return base64.b64encode(bytes(_private(private_key).public_key)).decode()


def seal(
    public_key: str,
    secret: Mapping[str, Any],
    *,
    service: str,
    operator_id: UUID,
    provider: str,
    at: datetime,
) -> str:
    """Return the secret as URL-safe base64 that only the service can open, for this purpose alone."""
    named = _purpose(service, operator_id, provider) | {"at": at.isoformat(), "secret": dict(secret)}
    box = SealedBox(PublicKey(base64.b64decode(public_key)))
    return base64.urlsafe_b64encode(box.encrypt(json.dumps(named).encode())).decode()


def open_sealed(
    private_key: str,
    text: str,
    *,
    service: str,
    operator_id: UUID,
    provider: str,
    not_before: datetime | None = None,
) -> Opened:
    """Return what was sealed for exactly this purpose; raises NotOurs, or OlderThanKnown."""
    try:
        named = json.loads(SealedBox(_private(private_key)).decrypt(base64.urlsafe_b64decode(text)))
        at = datetime.fromisoformat(named.pop("at"))
        secret = named.pop("secret")
    except (CryptoError, binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotOurs("cannot be opened") from error
    if named != _purpose(service, operator_id, provider) or not isinstance(secret, dict):
        raise NotOurs("sealed for another purpose")
    if not_before is not None and at < not_before:
        raise OlderThanKnown("made before the one in its place")
    return Opened(secret, at)


def _purpose(service: str, operator_id: UUID, provider: str) -> dict[str, Any]:
    return {"service": service, "operator": str(operator_id), "provider": provider}


def _private(key: str) -> PrivateKey:
    return PrivateKey(base64.b64decode(key))
