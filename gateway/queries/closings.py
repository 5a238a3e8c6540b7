"""Days of a collector or an operator: open with the figures of now, or closed with what was signed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gateway.access import Principal
from gateway.problems import not_found
from gateway.queries.billing_settings import billing_settings
from gateway.queries.operators import operator
from gateway.schemas import closings as closing_schemas
from gateway.schemas import cursors
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import closings as closing_store
from gateway.store import operators as operator_store
from gateway.store import users as user_store
from gateway.store.access import reaches
from gateway.store.closings import Summed, Whose
from gateway.store.statements import Row
from shared.db import Tx


async def whose_day(tx: Tx, principal: Principal, operator_id: UUID | None, collector: str | None) -> Whose:
    """Return whose day is meant, within reach; the caller's operator where nobody is named. Raises 404."""
    if collector is None:
        row = await operator(tx, principal, operator_id or principal.operator_id)
        return Whose(row["id"], row["name"])
    user = await user_store.by_email(tx, collector)
    if user is None or not await reaches(tx, principal, user["operator_id"]):
        raise not_found("There is no such user.")
    above = await operator_store.by_id(tx, user["operator_id"])
    return Whose(user["operator_id"], above["name"] if above else "", collector, user["name"])


async def sheet(tx: Tx, whose: Whose, day: date) -> closing_schemas.DaySheet:
    """The sheet of a day: what was signed, and what changed since; else the figures of now."""
    closed = await closing_store.of_day(tx, whose, day)
    if closed is not None:
        later = await closing_store.corrections(tx, whose, day, closed["closed_at"])
        return {
            **closing_schemas.figures(closed),
            "state": "closed",
            "closing": closing_schemas.closing(closed),
            "corrections": [closing_schemas.correction(row) for row in later],
        }
    summed = await closing_store.sum_up(tx, whose, day)
    currency = (await billing_settings(tx))["currency"]
    return {
        **closing_schemas.figures(_as_row(whose, day, currency, summed)),
        "state": "open",
        "closing": None,
        "corrections": [],
    }


def _as_row(whose: Whose, day: date, currency: str, summed: Summed) -> Row:
    """The figures of an open day, as the row of a closed one has them."""
    cash = sum(
        line["amount_minor"] for line in summed.lines if line["method"] == "cash" and line["source"] == "desk"
    )
    late, taken_back = summed.late, summed.reversed
    return {
        "operator_id": whose.operator_id,
        "operator_name": whose.operator_name,
        "collector": whose.collector,
        "collector_name": whose.collector_name,
        "day": day,
        "currency": currency,
        "lines": summed.lines,
        "payments": sum(line["payments"] for line in summed.lines),
        "collected_minor": sum(line["amount_minor"] for line in summed.lines),
        "cash_minor": cash,
        "late_payments": late["payments"],
        "late_minor": late["amount_minor"],
        "reversed_payments": taken_back["payments"],
        "reversed_minor": taken_back["amount_minor"],
        "expected_minor": cash + late["amount_minor"] - taken_back["amount_minor"],
    }


async def closing(tx: Tx, closing_id: UUID) -> closing_schemas.Closing:
    """A closed day, or 404."""
    row = await closing_store.by_id(tx, closing_id)
    if row is None:
        raise not_found("There is no such closed day.")
    return closing_schemas.closing(row)


async def list_closings(
    tx: Tx, principal: Principal, collector: str | None, operator_id: UUID | None, page: Page, secret: str
) -> Listed[closing_schemas.Closing]:
    """Closed days, the last ones first."""
    after = None
    if page.cursor is not None:
        day, closing_id = cursors.unseal(secret, "closings", page.cursor, 2)
        after = (date.fromisoformat(day), UUID(closing_id))
    rows = await closing_store.page(tx, principal, collector, operator_id, after, page.limit + 1)
    shown = rows[: page.limit]
    last = None
    if len(rows) > page.limit:
        last = cursors.seal(secret, "closings", str(shown[-1]["day"]), str(shown[-1]["id"]))
    return {"items": [closing_schemas.closing(row) for row in shown], "next_cursor": last}
