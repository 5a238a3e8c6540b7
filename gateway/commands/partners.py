"""Partners: add a system that sends payments."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, signature
from gateway.queries import operators as operator_queries
from gateway.schemas import partners as partner_schemas
from shared.contracts import payments
from shared.db import Tx


async def add_partner(
    gateway: Gateway, principal: Principal, read: Callable[[], partner_schemas.Partner], key: Key | None
) -> Outcome:
    """Let a partner system in, for one operator's subtree. Its topics are made by `ispbills partners add`."""
    principal.must("change-settings")

    async def look(tx: Tx) -> partner_schemas.Partner:
        body = read()
        await operator_queries.operator(tx, principal, body.operator_id)
        return body

    async def wish(tx: Tx, body: partner_schemas.Partner, operation_id: UUID) -> Wish:
        command = payments.AddPartner(
            partner_id=operation_id, name=body.name, operator_id=body.operator_id, **signature(principal)
        )
        return Wish("partner-made", operation_id, command, {"name": body.name})

    return await perform(gateway, principal, look, wish, key)
