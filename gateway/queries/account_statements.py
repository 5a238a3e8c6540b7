"""A customer's account between two days: opening + billed − paid = closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gateway.problems import wrong
from gateway.queries.billing_settings import billing_settings
from gateway.queries.customers import customer_row
from gateway.schemas import account_statements as account_statement_schemas
from gateway.store import account_statements as account_statement_store
from gateway.store.access import see_everything
from shared import clock
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of a range of days, and the balance on both of its sides; credit is below zero."""

    customer: Mapping[str, Any]
    currency: str
    from_date: date
    to_date: date
    opening_minor: int
    entries: list[Mapping[str, Any]]
    closing_minor: int


async def statement(tx: Tx, customer_id: UUID, from_date: date | None, to_date: date | None) -> Statement:
    """The account of a customer within reach; the last twelve months where no days are named.

    The account is told whole, also what an operator billed whom the customer has left: else its balance
    would be none of theirs.
    """
    customer = await customer_row(tx, customer_id)
    settings = await billing_settings(tx)
    to_date = to_date or clock.today(settings["time_zone"])
    from_date = from_date or to_date.replace(year=max(to_date.year - 1, 1), day=1)
    if from_date > to_date:
        raise wrong("from", "This is after `to`.")
    await see_everything(tx)
    moved = await account_statement_store.movements(tx, customer_id, to_date, settings["time_zone"])
    earlier = [row for row in moved if row["on_day"] < from_date]
    entries = [row for row in moved if row["on_day"] >= from_date]
    opening = _sum(earlier)
    return Statement(
        customer, settings["currency"], from_date, to_date, opening, entries, opening + _sum(entries)
    )


def _sum(rows: list[Mapping[str, Any]]) -> int:
    return sum(row["billed_minor"] - row["paid_minor"] for row in rows)


def shown(found: Statement) -> account_statement_schemas.Statement:
    """Return a statement as the API writes it, each entry with the balance after it."""
    return account_statement_schemas.statement(
        found.customer["id"],
        found.currency,
        (found.from_date, found.to_date),
        (found.opening_minor, found.closing_minor),
        found.entries,
    )
