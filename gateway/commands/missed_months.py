"""Missed months: left out on purpose, and brought back. Nothing is billed or taken away by either."""

from __future__ import annotations

from gateway.access import Principal
from gateway.context import Gateway
from gateway.problems import Problem, not_found
from gateway.queries import missed_months as missed_month_queries
from gateway.schemas.missed_months import MonthLeftOut
from gateway.store import billing_runs as billing_run_store
from gateway.store import operations as operation_store
from gateway.store.access import acting_as
from shared import clock


async def leave_out(gateway: Gateway, principal: Principal, period: str) -> MonthLeftOut:
    """Remind nobody of a missed month any more, here and below; again: the first decision stands."""
    principal.must("bill")
    async with acting_as(gateway.pool, principal) as tx:
        known = await missed_month_queries.month_left_out(tx, principal, period)
        if known is not None:
            return known
        if period not in await missed_month_queries.missed_periods(tx, principal):
            raise Problem(409, "not-missed", "This month was not missed.")
        now = clock.now()
        await billing_run_store.leave_month_out(tx, principal, period, now)
        await operation_store.note_done(tx, principal, "month-left-out", principal.operator_id, period, now)
        found = await missed_month_queries.month_left_out(tx, principal, period)
    assert found is not None, "it has just been left out"
    return found


async def bring_back(gateway: Gateway, principal: Principal, period: str) -> None:
    """Be reminded of a month again; 404 where the caller's operator has not left it out."""
    principal.must("bill")
    async with acting_as(gateway.pool, principal) as tx:
        if not await billing_run_store.bring_month_back(tx, principal.operator_id, period):
            raise not_found("This month is not left out here.")
        await operation_store.note_done(
            tx, principal, "month-brought-back", principal.operator_id, period, clock.now()
        )
