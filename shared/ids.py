"""Identifiers: UUIDv7, so that rows made one after another lie side by side in their indexes (RFC 9562)."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
