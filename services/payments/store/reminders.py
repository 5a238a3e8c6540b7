"""Rules of reminders as rows, and the bills that they remind of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared import clock
from shared.contracts.payments import SaveReminderRule
from shared.db import Pool, Tx


async def save_rule(tx: Tx, rule: SaveReminderRule) -> Row | None:
    """Write a rule and return it; None where its id is another operator's."""
    row: Row | None = await queries.save_rule(
        tx,
        rule_id=rule.rule_id,
        operator_id=rule.operator_id,
        days=rule.days,
        template=rule.template,
        language=rule.language,
        enabled=rule.enabled,
        excluded=list(rule.exclude_operator_ids),
    )
    return row


async def rules_switched_on(pool: Pool) -> list[Row]:
    """Return the rules that are to be carried out."""
    return [row async for row in queries.enabled_rules(pool)]


async def skipped(tx: Tx, rule: Row, due_on: date) -> Row:
    """Return how many bills due on a day a rule leaves out: of excluded operators, and reminded before."""
    row: Row = await queries.skipped_by_rule(
        tx,
        rule_id=rule["rule_id"],
        operator_id=rule["operator_id"],
        due_on=due_on,
        excluded=rule["exclude_operator_ids"],
    )
    return row


async def bills_of(
    tx: Tx | Pool, rule: Row, due: tuple[date, date], after_id: UUID | None, most: int
) -> list[Row]:
    """Return the next bills due between two days that a rule is to remind of."""
    rows = queries.bills_to_remind(
        tx,
        rule_id=rule["rule_id"],
        operator_id=rule["operator_id"],
        due_from=due[0],
        due_on=due[1],
        excluded=rule["exclude_operator_ids"],
        after_id=after_id,
        most=most,
    )
    return [row async for row in rows]


async def end_day(tx: Tx, rule: Row, day: date) -> None:
    """Note that a rule has done its day, unless it was changed meanwhile."""
    await queries.rule_is_done(tx, rule_id=rule["rule_id"], day=day, version=rule["version"])


async def remember(tx: Tx, rule: Row, links: Mapping[UUID, UUID]) -> set[UUID]:
    """Note the bills that are reminded of, each with its link; return those that were not before."""
    rows = queries.remember_reminders(
        tx,
        rule_id=rule["rule_id"],
        invoice_ids=list(links),
        link_ids=list(links.values()),
        now=clock.now(),
    )
    return {row["invoice_id"] async for row in rows}


async def settings(tx: Tx) -> dict[str, Any] | None:
    """Return whether customers are told of their payments; None where nobody has ever said."""
    row = await queries.online_settings(tx)
    return None if row is None else dict(row)


async def change_settings(tx: Tx, send_receipts: bool) -> dict[str, Any]:
    """Switch the messages for received payments on or off; return the settings."""
    return dict(await queries.change_online_settings(tx, send_receipts=send_receipts))
