"""Operators: add one below another, rename one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, signature
from gateway.problems import wrong
from gateway.queries import operators as operator_queries
from gateway.schemas import operators as operator_schemas
from gateway.store import statements
from shared.contracts import catalog
from shared.db import Tx


async def create_operator(
    gateway: Gateway, principal: Principal, read: Callable[[], operator_schemas.Operator], key: Key | None
) -> Outcome:
    """Add an operator below one of the caller's subtree."""
    principal.must("change-operators")

    async def look(tx: Tx) -> operator_schemas.Operator:
        body = read()
        await operator_queries.operator(tx, principal, body.parent_id)
        return body

    async def wish(tx: Tx, body: operator_schemas.Operator, operation_id: UUID) -> Wish:
        if await statements.one(tx, "operator_by_code", code=body.code):
            raise wrong("code", "Another operator has this code.", "code-taken")
        command = catalog.CreateOperator(
            operator_id=operation_id,
            code=body.code,
            name=body.name,
            parent_id=body.parent_id,
            **signature(principal),
        )
        return Wish("operator-made", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def change_operator(
    gateway: Gateway,
    principal: Principal,
    operator_id: UUID,
    read: Callable[[], operator_schemas.OperatorChange],
    key: Key | None,
) -> Outcome:
    """Rename an operator."""
    principal.must("change-operators")

    async def look(tx: Tx) -> operator_schemas.OperatorChange:
        await operator_queries.operator(tx, principal, operator_id)
        return read()

    async def wish(tx: Tx, body: operator_schemas.OperatorChange, operation_id: UUID) -> Wish:
        command = catalog.ChangeOperator(operator_id=operator_id, name=body.name, **signature(principal))
        return Wish("operator-changed", operator_id, command)

    return await perform(gateway, principal, look, wish, key)
