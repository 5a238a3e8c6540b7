"""Partners: systems that send payments, let in, changed, paused and removed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem
from gateway.queries import operators as operator_queries
from gateway.queries import partners as partner_queries
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


async def change_partner(
    gateway: Gateway,
    principal: Principal,
    partner_id: UUID,
    read: Callable[[], partner_schemas.PartnerChange],
    key: Key | None,
) -> Outcome:
    """Give a partner to another operator, pause it or resume it."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        partner = await partner_queries.partner(operation.tx, partner_id)
        body = read()
        if body.operator_id is not None:
            await operator_queries.operator(operation.tx, principal, body.operator_id)
        await operation.claim()
        if not partner["active"]:
            raise Problem(409, "partner-removed", "This partner was removed; add it again first.")
        command = payments.ChangePartner(
            partner_id=partner_id, operator_id=body.operator_id, paused=body.paused, **operation.signature
        )
        await operation.submit(_kind(body), partner_id, command, about=partner["name"])
    return operation.outcome


def _kind(body: partner_schemas.PartnerChange) -> str:
    if body.paused is None or body.operator_id is not None:
        return "partner-changed"
    return "partner-paused" if body.paused else "partner-resumed"


async def remove_partner(
    gateway: Gateway, principal: Principal, partner_id: UUID, key: Key | None
) -> Outcome:
    """Take nothing more from a partner; its user on Kafka is ended by `ispbills partners remove`."""
    async with opened(gateway, principal, "change-settings", key) as operation:
        partner = await partner_queries.partner(operation.tx, partner_id)
        await operation.claim()
        command = payments.ClosePartner(partner_id=partner_id, **operation.signature)
        await operation.submit("partner-removed", partner_id, command, about=partner["name"])
    return operation.outcome
