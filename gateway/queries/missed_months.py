"""Months that nobody ran: older ones are never made up by the clock, so a person is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gateway.access import Principal
from gateway.domain import months_between
from gateway.queries.billing_settings import billing_settings
from gateway.queries.lists import listed
from gateway.schemas import missed_months as missed_month_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.schemas.missed_months import MissedMonth, MonthLeftOut, UnbilledCustomer
from gateway.store import billing_runs as billing_run_store
from gateway.store.statements import Row
from shared import clock
from shared.db import Tx

# Nobody runs what is older than that by a button.
MOST_MONTHS = 24


async def missed_periods(tx: Tx, principal: Principal) -> list[str]:
    """Return the months, oldest first, without a run of everybody here, that left somebody unbilled.

    Those that are left out on purpose are not among them.
    """
    periods = await _never_run(tx, principal)
    left_out = await _left_out(tx, principal, periods)
    return [
        period for period in periods if period not in left_out
        and await billing_run_store.is_anybody_unbilled(tx, period, first_day(period))
    ]  # fmt: skip


async def _never_run(tx: Tx, principal: Principal) -> list[str]:
    """Return the months since billing began without a run of everybody here."""
    settings = await billing_settings(tx)
    current = clock.today(settings["time_zone"]).strftime("%Y-%m")
    periods = months_between(settings["billing_from"] or current, current)[-MOST_MONTHS:]
    runs = await billing_run_store.months_with_a_run(tx, principal.operator_id, since=periods[0])
    were_run = {run["period"] for run in runs}
    return [period for period in periods if period not in were_run]


async def _left_out(tx: Tx, principal: Principal, periods: Sequence[str]) -> dict[str, Row]:
    """Return the decisions on these months: the first of the operator and those above."""
    if not periods:
        return {}
    rows = await billing_run_store.months_left_out(tx, principal.operator_id, since=periods[0])
    return {row["period"]: row for row in reversed(rows) if row["period"] in periods}


async def list_left_out(tx: Tx, principal: Principal) -> Listed[MonthLeftOut]:
    """Return the months that were never run and are left out on purpose, oldest first."""
    left_out = await _left_out(tx, principal, await _never_run(tx, principal))
    shown = [missed_month_schemas.month_left_out(row, principal.operator_id) for row in left_out.values()]
    return {"items": sorted(shown, key=lambda each: each["period"]), "next_cursor": None}


async def month_left_out(tx: Tx, principal: Principal, period: str) -> MonthLeftOut | None:
    """Return the decision on one month; None where there is none."""
    listed = await list_left_out(tx, principal)
    return next((each for each in listed["items"] if each["period"] == period), None)


async def missed_month(tx: Tx, period: str) -> MissedMonth:
    """Return whom a run over the month would bill, at the prices of now."""
    figures = await billing_run_store.unbilled_figures(tx, period, first_day(period))
    assert figures is not None, "an aggregate has a row"
    currency = (await billing_settings(tx))["currency"]
    return missed_month_schemas.missed_month({**figures, "period": period, "currency": currency})


async def list_missed_months(tx: Tx, principal: Principal) -> Listed[MissedMonth]:
    """Return the months that were missed, oldest first: so few that they are one page."""
    periods = await missed_periods(tx, principal)
    return {"items": [await missed_month(tx, period) for period in periods], "next_cursor": None}


async def list_unbilled(tx: Tx, period: str, page: Page, secret: str) -> Listed[UnbilledCustomer]:
    """Return who has no bill for the month, though a run would make one."""
    return await listed(
        tx,
        "unbilled_customers",
        billing_run_store.page_of_unbilled,
        missed_month_schemas.unbilled_customer,
        page,
        secret,
        "customer_id",
        period=period,
        first_day=first_day(period),
    )


def first_day(period: str) -> date:
    """The 1st of a month."""
    return date.fromisoformat(f"{period}-01")
