"""Operators: add one below another, rename one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import code_taken
from gateway.queries import operators as operator_queries
from gateway.schemas import operators as operator_schemas
from gateway.store import operators as operator_store
from shared.contracts import catalog


async def create_operator(
    gateway: Gateway, principal: Principal, read: Callable[[], operator_schemas.Operator], key: Key | None
) -> Outcome:
    """Add an operator below one of the caller's subtree."""
    async with opened(gateway, principal, "change-operators", key) as operation:
        body = read()
        await operator_queries.operator(operation.tx, principal, body.parent_id)
        await operation.claim()
        if await operator_store.by_code(operation.tx, body.code):
            raise code_taken()
        command = catalog.CreateOperator(
            operator_id=operation.id,
            code=body.code,
            name=body.name,
            parent_id=body.parent_id,
            **operation.signature,
        )
        await operation.submit("operator-made", operation.id, command)
    return operation.outcome


async def change_operator(
    gateway: Gateway,
    principal: Principal,
    operator_id: UUID,
    read: Callable[[], operator_schemas.OperatorChange],
    key: Key | None,
) -> Outcome:
    """Rename an operator."""
    async with opened(gateway, principal, "change-operators", key) as operation:
        await operator_queries.operator(operation.tx, principal, operator_id)
        body = read()
        await operation.claim()
        command = catalog.ChangeOperator(operator_id=operator_id, name=body.name, **operation.signature)
        await operation.submit("operator-changed", operator_id, command)
    return operation.outcome
