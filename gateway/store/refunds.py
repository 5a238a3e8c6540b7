"""Refunds that were said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.store.statements import Row, named
from shared.db import Tx


async def by_id(tx: Tx, refund_id: UUID) -> Mapping[str, Any] | None:
    """A refund by its id."""
    row: Mapping[str, Any] | None = await named.refund_by_id(tx, id=refund_id)
    return row


async def of_payments(tx: Tx, payment_ids: Sequence[UUID]) -> dict[str, list[Row]]:
    """Return what went back of each payment through the gateway that took it, or is on its way."""
    refunds: dict[str, list[Row]] = {}
    async for row in named.refunds_of_payments(tx, payment_ids=list(payment_ids)):
        refunds.setdefault(str(row["payment_id"]), []).append(row)
    return refunds


async def through_gateway(tx: Tx, refund_id: UUID) -> Row | None:
    """A refund through a gateway by its id."""
    row: Row | None = await named.provider_refund_by_id(tx, id=refund_id)
    return row
