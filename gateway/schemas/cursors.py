"""Cursors: where a list goes on, sealed so that a spoilt one is noticed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from uuid import UUID

from gateway.problems import Problem, wrong

_SEAL_BYTES = 12


def seal(secret: str, kind: str, *values: str) -> str:
    """An opaque cursor for one kind of list."""
    text = json.dumps(values).encode()
    return base64.urlsafe_b64encode(_mac(secret, kind, text) + text).decode().rstrip("=")


def unseal(secret: str, kind: str, cursor: str, count: int) -> list[str]:
    """The values of a cursor of this kind; 422 when it is none of ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise _spoilt() from error
    mac, text = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret, kind, text)):
        raise _spoilt()
    values: list[str] = json.loads(text)
    if len(values) != count:
        raise _spoilt()
    return values


def unseal_id(secret: str, kind: str, cursor: str | None) -> UUID | None:
    """The id of a cursor that holds nothing else."""
    return UUID(unseal(secret, kind, cursor, 1)[0]) if cursor is not None else None


def _mac(secret: str, kind: str, text: bytes) -> bytes:
    return hmac.digest(secret.encode(), kind.encode() + b"\n" + text, hashlib.sha256)[:_SEAL_BYTES]


def _spoilt() -> Problem:
    return wrong("cursor", "Invalid cursor for this list.")
