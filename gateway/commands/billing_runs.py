"""Billing runs: bill a period for a subtree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import wrong
from gateway.queries import billing_settings as settings_queries
from gateway.queries import operators as operator_queries
from gateway.schemas import billing_runs as billing_run_schemas
from shared.contracts import invoicing
from shared.db import Tx


async def start_run(
    gateway: Gateway,
    principal: Principal,
    read: Callable[[], billing_run_schemas.Run],
    key: Key | None,
    kind: Literal["requested", "generate_missing"] = "requested",
) -> Outcome:
    """Bill a period for the caller's subtree or an operator's in it; the kind says who is billed."""
    async with opened(gateway, principal, "bill", key) as operation:
        body = read()
        top_id = body.operator_id
        if top_id is not None:
            await operator_queries.operator(operation.tx, principal, top_id)
        elif not principal.sees_all:
            top_id = principal.operator_id
        await check_period(operation.tx, body.period, body.dry_run)
        await operation.claim()
        command = invoicing.StartRun(
            run_id=operation.id,
            kind=kind,
            period=body.period,
            operator_id=top_id,
            dry_run=body.dry_run,
            **operation.signature,
        )
        await operation.submit("run", operation.id, command)
    return operation.outcome


async def check_period(tx: Tx, period: str, dry_run: bool) -> None:
    """Refuse a month that has not begun, unless it is only tried, and one before billing began."""
    settings = await settings_queries.billing_settings(tx)
    if period > (await settings_queries.today(tx)).strftime("%Y-%m") and not dry_run:
        raise wrong("period", "This month has not begun; it can only be tried.", "period-in-the-future")
    if settings["billing_from"] and period < settings["billing_from"]:
        raise wrong("period", f"Billing begins with {settings['billing_from']}.", "before-billing-from")
