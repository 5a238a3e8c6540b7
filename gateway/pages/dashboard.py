"""The dashboard: billed, collected and owed, by month and operator; what is due; the latest runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import floor, log10
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.domain import PERIOD, shifted
from gateway.pages.bill_address import BillAddress
from gateway.pages.web import forms, labels
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import missed_months as missed_month_queries
from gateway.schemas.filters import Page
from gateway.store import bills as bill_store
from gateway.store import dashboard as dashboard_store
from gateway.store import held_payments as held_payment_store
from shared.db import Tx

MONTHS_SHOWN = 6
OPERATORS_SHOWN = 8
BILLS_SHOWN = 5
RUNS_SHOWN = 5
AGES: tuple[tuple[int, int | None], ...] = ((1, 30), (31, 60), (61, 90), (91, None))
PLOT: dict[str, int] = {"width": 640, "left": 44, "top": 36, "bottom": 232}


@get("/")
async def show_dashboard(visit: ThisVisit) -> Response[Any]:
    """Show one month, from the totals that the read model keeps."""
    own = visit.principal.operator_id
    async with visit.reading() as tx:
        this_month = visit.desk.today.strftime("%Y-%m")
        latest = max(await bill_store.latest_period(tx, visit.principal) or "", this_month)
        asked = visit.request.query_params.get("period", "")
        period = min(asked, latest) if PERIOD.fullmatch(asked) else latest
        months = await dashboard_store.months(tx, own, period, MONTHS_SHOWN)
        operators = directly(await dashboard_store.month_by_operator(tx, own, period))
        today = await _today(tx, visit)
    month = next((each for each in months if each["period"] == period), None)
    return forms.show(
        visit,
        "dashboard/page.html",
        period=period,
        previous=shifted(period, -1),
        following=shifted(period, 1) if period < latest else "",
        month=month or dict.fromkeys(("bills", "total_minor", "paid_minor", "balance_minor"), 0),
        months=months,
        chart=chart(months, visit.formats.digits, visit.formats.lakhs),
        operators=operators[:OPERATORS_SHOWN],
        more_operators=operators[OPERATORS_SHOWN:],
        **today,
    )


async def _today(tx: Tx, visit: Visit) -> dict[str, Any]:
    """Return what is due, came in today, is left as credit, and the latest runs."""
    own, today = visit.principal.operator_id, visit.desk.today
    midnight = datetime.combine(today, time(), visit.formats.zone)
    runs = await billing_run_queries.list_runs(tx, None, Page(limit=RUNS_SHOWN), visit.gateway.secret)
    waiting = await held_payment_store.counts(tx)
    held_since = waiting["oldest"] if waiting else None
    may_bill = visit.principal.may("bill")
    return {
        "due": await dashboard_store.owed_by_due_date(tx, own, today),
        "due_bills": await dashboard_store.due_today(tx, today, BILLS_SHOWN),
        "collected": await dashboard_store.collected(tx, today, least_id(midnight), midnight),
        "ages": ages(await dashboard_store.overdue_by_age(tx, own, today), today),
        "credit": await dashboard_store.credit_left(tx),
        "runs": runs["items"],
        "held_for": labels.age_text(visit.desk.now - held_since) if held_since else "",
        "missed": await missed_month_queries.missed_periods(tx, visit.principal) if may_bill else [],
    }


def ages(overdue: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return every age of what is overdue, also those of nothing, with the bills that it stands for."""
    known = {row["from_days"]: row for row in overdue}
    listed = []
    for first, last in AGES:
        row = known.get(first, {"bills": 0, "balance_minor": 0})
        address = BillAddress(
            overdue=True,
            due_from=(today - timedelta(days=last)).isoformat() if last else "",
            due_to=(today - timedelta(days=first)).isoformat(),
        )
        listed.append({**row, "from_days": first, "to_days": last, "address": address.to()})
    return listed


def least_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 (RFC 9562) of a moment."""
    milliseconds = int(moment.astimezone(UTC).timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (0x2 << 62))


def directly(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The operator's own row holds everyone below it: what is left without them is its own."""
    names = ("bills", "total_minor", "paid_minor", "balance_minor")
    below = [dict(row) for row in rows if not row["is_own"]]
    for row in (each for each in rows if each["is_own"]):
        left = {name: row[name] - sum(each[name] for each in below) for name in names}
        if left["bills"]:
            below.append({**row, **left})
    return below


def chart(months: Sequence[Mapping[str, Any]], digits: int, lakhs: bool) -> dict[str, Any]:
    """Return bars from zero in the units of the drawing: collected below, what is still owed on top of it."""
    most = max((month["total_minor"] for month in months), default=0)
    unit, unit_name = _unit(most / 10**digits, lakhs)
    scale = unit * 10**digits
    step = _step(most / scale)
    top = max(step, most / scale)
    slot = (PLOT["width"] - PLOT["left"]) / max(len(months), 1)
    bars = [
        _bar(month, scale, top, PLOT["left"] + slot * place + slot / 2) for place, month in enumerate(months)
    ]
    lines = [{"y": _y(step * each, top), "text": f"{step * each:g}"} for each in range(int(top / step) + 1)]
    return {"bars": bars, "lines": lines, "unit": unit_name, **PLOT}


def _y(value: float, top: float) -> float:
    placed: float = PLOT["bottom"] - (PLOT["bottom"] - PLOT["top"]) * value / top
    return round(placed, 1)


def _bar(month: Mapping[str, Any], scale: int, top: float, middle: float) -> dict[str, Any]:
    """Return the two parts of one month's bar."""
    billed, paid = month["total_minor"] / scale, min(month["paid_minor"], month["total_minor"]) / scale
    billed_y, paid_y = _y(billed, top), _y(paid, top)
    return {
        "period": month["period"],
        "x": round(middle - 20, 1),
        "paid_y": paid_y,
        "paid_height": round(PLOT["bottom"] - paid_y, 1),
        "owed_y": billed_y,
        # A line of the card between the two keeps them apart without colour.
        "owed_height": max(round(paid_y - billed_y - 1.5, 1), 0),
        "billed": f"{billed:.1f}",
        "paid": f"{paid:.1f}",
    }


def _unit(most: float, lakhs: bool) -> tuple[int, str]:
    """Millions, or crores and lakhs where amounts are counted so."""
    if lakhs:
        choices = ((10_000_000, _("crore")), (100_000, _("lakh")), (1_000, _("thousand")))
    else:
        choices = ((1_000_000_000, _("billion")), (1_000_000, _("million")), (1_000, _("thousand")))
    return next(((size, name) for size, name in choices if most >= size), (1, ""))


def _step(most: float) -> float:
    """A round distance of the lines: two to five of them."""
    if most <= 0:
        return 1
    power: float = 10.0 ** floor(log10(most))
    share = most / power
    return power * (2 if share >= 5 else 1 if share >= 2 else 0.5)


ROUTES = [show_dashboard]
