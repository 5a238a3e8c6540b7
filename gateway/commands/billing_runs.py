"""Billing runs: bill a period for a subtree."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, Wish, perform, required, signature
from gateway.problems import wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import operators as operator_queries
from gateway.schemas import billing_runs as billing_run_schemas
from shared.contracts import invoicing
from shared.db import Tx


async def start_run(
    gateway: Gateway, principal: Principal, read: Callable[[], billing_run_schemas.Run], key: Key | None
) -> Outcome:
    """Bill a period for the caller's subtree or an operator's in it."""
    principal.must("bill")

    async def look(tx: Tx) -> billing_run_schemas.Run:
        required(key)
        body = read()
        if body.operator_id is not None:
            await operator_queries.operator(tx, principal, body.operator_id)
        elif not principal.sees_all:
            body = body.model_copy(update={"operator_id": principal.operator_id})
        await check_period(tx, body.period, body.dry_run)
        return body

    async def wish(tx: Tx, body: billing_run_schemas.Run, operation_id: UUID) -> Wish:
        command = invoicing.StartRun(
            run_id=operation_id, kind="requested", **body.model_dump(), **signature(principal)
        )
        return Wish("run", operation_id, command)

    return await perform(gateway, principal, look, wish, key)


async def check_period(tx: Tx, period: str, dry_run: bool) -> None:
    """Refuse a month that has not begun, unless it is only tried, and one before billing began."""
    settings = await settings_queries.billing_settings(tx)
    if period > (await settings_queries.today(tx)).strftime("%Y-%m") and not dry_run:
        raise wrong("period", "This month has not begun; it can only be tried.", "period-in-the-future")
    if settings["billing_from"] and period < settings["billing_from"]:
        raise wrong("period", f"Billing begins with {settings['billing_from']}.", "before-billing-from")
