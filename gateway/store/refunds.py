"""Refunds that were said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.store.statements import named
from shared.db import Tx


async def by_id(tx: Tx, refund_id: UUID) -> Mapping[str, Any] | None:
    """A refund by its id."""
    row: Mapping[str, Any] | None = await named.refund_by_id(tx, id=refund_id)
    return row
