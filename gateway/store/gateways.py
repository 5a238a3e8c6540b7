"""By whom messages are sent and money is taken online: what is set up, and what counts for whom."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def sms_gateways(tx: Tx, top: UUID | None, operator_id: UUID | None = None) -> list[Row]:
    """Return the SMS gateways of one operator or of a whole reach, in the order in which they are tried."""
    return await many(named.sms_gateways(tx, top=top, operator_id=operator_id))


async def sms_gateway(tx: Tx, gateway_id: UUID) -> Row | None:
    """Return an SMS gateway within the reader's reach."""
    row: Row | None = await named.sms_gateway_by_id(tx, id=gateway_id)
    return row


async def has_sms(tx: Tx, operator_id: UUID) -> bool:
    """Whether messages of an operator go anywhere; one below it may have a gateway of its own besides."""
    return bool(await sms_ways(tx, [operator_id]))


async def sms_ways(tx: Tx, operator_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """Return by which gateways messages of these operators go; operators without any are left out."""
    ways: dict[UUID, list[Row]] = {}
    async for row in named.nearest_sms_gateways(tx, operator_ids=list(operator_ids)):
        ways.setdefault(row["operator_id"], []).append(row)
    return ways


async def payment_gateways(
    tx: Tx, top: UUID | None, operator_id: UUID | None = None, provider: str | None = None
) -> list[Row]:
    """Return the payment gateways of one operator or of a whole reach."""
    rows = named.payment_gateways(tx, top=top, operator_id=operator_id, provider=provider)
    return await many(rows)


async def payment_ways(tx: Tx, operator_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """Return through whom bills of these operators are paid; operators without any are left out."""
    ways: dict[UUID, list[Row]] = {}
    async for row in named.nearest_payment_gateways(tx, operator_ids=list(operator_ids)):
        ways.setdefault(row["operator_id"], []).append(row)
    return ways


async def online_settings(tx: Tx) -> Row | None:
    """Return what is done about money that is paid online; nothing until somebody has said."""
    return await one(named.online_settings(tx))
