"""Payments of bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.store.statements import named
from shared.db import Tx


async def last_of_bills(tx: Tx, bill_ids: Sequence[UUID]) -> dict[str, Mapping[str, Any]]:
    """Return what settled each bill last."""
    return {str(row["bill_id"]): row async for row in named.last_payments(tx, bill_ids=list(bill_ids))}
