"""Partners: add a system that sends payments."""

from __future__ import annotations

from collections.abc import Callable

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.queries import operators as operator_queries
from gateway.schemas import partners as partner_schemas
from shared.contracts import payments


async def add_partner(
    gateway: Gateway, principal: Principal, read: Callable[[], partner_schemas.Partner], key: Key | None
) -> Outcome:
    """Let a partner system in, for one operator's subtree. Its topics are made by `ispbills partners add`."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        body = read()
        await operator_queries.operator(operation.tx, principal, body.operator_id)
        await operation.claim()
        command = payments.AddPartner(
            partner_id=operation.id, name=body.name, operator_id=body.operator_id, **operation.signature
        )
        await operation.submit("partner-made", operation.id, command, name=body.name)
    return operation.outcome
