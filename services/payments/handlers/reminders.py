"""Reminders by rule: who would hear, once a bill and rule, never of a bill that is paid or being paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.payments import store
from services.payments.domain import NotFound, is_within
from services.payments.handlers import links, messages
from services.payments.handlers.books import NewLink
from services.payments.handlers.messages import usable
from services.payments.handlers.settling import zone_of
from services.payments.office import Office
from services.payments.store import Row
from shared import clock, outbox
from shared.contracts.envelope import Message, Received
from shared.contracts.payments import (
    ChangeOnlineSettings,
    Language,
    OnlineSettingsChanged,
    PlannedReminder,
    ReminderRuleChanged,
    RemindersPlanned,
    SaveReminderRule,
    TryReminderRule,
)
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import Said

MOST_NAMED = 200
MOST_COUNTED = 100_000
BILLS_A_STEP = 200
# Days on which the service was down are caught up as far back as this; what is older would only confuse.
CAUGHT_UP_DAYS = 3


def rule_changed(row: Row) -> ReminderRuleChanged:
    """A rule as the world hears it."""
    return ReminderRuleChanged(
        rule_id=row["rule_id"],
        operator_id=row["operator_id"],
        days=row["days"],
        template=row["template"],
        language=row["language"],
        enabled=row["enabled"],
        exclude_operator_ids=tuple(row["exclude_operator_ids"]),
        version=row["version"],
    )


async def save_rule(command: Received[SaveReminderRule], tx: Tx) -> list[Said]:
    """Make or change a rule; it stays with its operator."""
    return await _answer(command, tx, _save)


async def try_rule(command: Received[TryReminderRule], tx: Tx) -> list[Said]:
    """Say who would hear, and change nothing."""
    return await _answer(command, tx, _plan)


async def _answer(command: Received[Any], tx: Tx, carry_out: Any) -> list[Said]:
    path = await store.operators.path(tx, command.data.operator_id)
    if path is None or not is_within(path, command.data.scope):
        raise NotFound
    message: Message = await carry_out(tx, command.data)
    return [Said(message, because=command.envelope)]


async def _save(tx: Tx, command: SaveReminderRule) -> Message:
    row = await store.reminders.save_rule(tx, command)
    if row is None:
        raise NotFound
    return rule_changed(row)


async def _plan(tx: Tx, command: TryReminderRule) -> Message:
    day = command.day or await _today(tx)
    rule = {
        "rule_id": command.rule_id,
        "operator_id": command.operator_id,
        "days": command.days,
        "exclude_operator_ids": list(command.exclude_operator_ids),
    }
    bills = await _bills(tx, rule, (day, day), None, MOST_COUNTED)
    facts, skipped = await _sort_out(tx, [row["invoice_id"] for row in bills])
    left_out = await store.reminders.skipped(tx, rule, _due_on(rule, day))
    skipped |= {"excluded": left_out["excluded"], "already-reminded": left_out["reminded"]}
    named = [_planned(row) for row in facts[:MOST_NAMED]]
    return RemindersPlanned(
        rule_id=command.rule_id,
        day=day,
        total=len(facts),
        reminders=tuple(named),
        skipped={reason: count for reason, count in skipped.items() if count},
    )


def _planned(row: Row) -> PlannedReminder:
    return PlannedReminder(
        invoice_id=row["invoice_id"],
        customer_id=row["customer_id"],
        number=row["number"],
        customer_name=row["name"] or None,
        mobile_tail=row["mobile"][-3:],
        balance_minor=row["total_minor"] - row["paid_minor"],
        due_on=row["due_on"],
    )


async def _today(tx: Any) -> date:
    return clock.now().astimezone(await zone_of(tx)).date()


def _due_on(rule: Row, day: date) -> date:
    return day - timedelta(days=rule["days"])


def _days(rule: Row, today: date) -> tuple[date, date]:
    """The first and last day that a rule is carried out for: today, and those that were missed before it."""
    done = rule["done_through"]
    if done is None or done >= today:
        return today, today
    return max(done + timedelta(days=1), today - timedelta(days=CAUGHT_UP_DAYS)), today


async def _bills(tx: Any, rule: Row, days: tuple[date, date], after_id: UUID | None, most: int) -> list[Row]:
    due = (_due_on(rule, days[0]), _due_on(rule, days[1]))
    return await store.reminders.bills_of(tx, rule, due, after_id, most)


async def _sort_out(tx: Tx, invoice_ids: Sequence[UUID]) -> tuple[list[Row], dict[str, int]]:
    """Those of the bills that a reminder can be sent of, and how many not, by reason."""
    ids = list(invoice_ids)
    facts = await store.facts.of_bills(tx, ids)
    pending = await store.checkouts.with_checkout_under_way(tx, ids)
    payable = await store.gateways.payable_online(tx, ids)
    good, skipped = [], {"no-mobile": 0, "pending-checkout": 0, "online-payments-not-configured": 0}
    for row in facts.values():
        if row["invoice_id"] in pending:
            skipped["pending-checkout"] += 1
        elif row["invoice_id"] not in payable:
            skipped["online-payments-not-configured"] += 1
        elif usable(row["mobile"]) is None:
            skipped["no-mobile"] += 1
        else:
            good.append(row)
    return good, skipped


async def remind(tx: Tx, office: Office, rule: Row, after_id: UUID | None) -> UUID | None:
    """Remind of the next bills that the rule means today; where to go on, None once there are no more.

    A bill paid in this moment is not reminded of: the accounts are locked, and what is owed is read behind
    the locks.
    """
    today = await _today(tx)
    bills = await _bills(tx, rule, _days(rule, today), after_id, BILLS_A_STEP)
    if len(bills) < BILLS_A_STEP:
        await store.reminders.end_day(tx, rule, today)
    if not bills:
        return None
    await store.lock_accounts(tx, {row["customer_id"] for row in bills})
    facts, _ = await _sort_out(tx, [row["invoice_id"] for row in bills])
    owed = [row for row in facts if not row["voided"] and row["paid_minor"] < row["total_minor"]]
    link_ids = {row["invoice_id"]: new_id() for row in owed}
    fresh = await store.reminders.remember(tx, rule, link_ids)
    await _send(tx, office, rule, [row for row in owed if row["invoice_id"] in fresh], link_ids)
    return bills[-1]["invoice_id"] if len(bills) == BILLS_A_STEP else None


async def _send(
    tx: Tx, office: Office, rule: Row, owed: Sequence[Row], link_ids: Mapping[UUID, UUID]
) -> None:
    if not owed:
        return
    languages: dict[UUID, Language] = {row["invoice_id"]: _language(rule, row) for row in owed}
    ids = [(link_ids[row["invoice_id"]], row["invoice_id"], row["customer_id"]) for row in owed]
    made = [NewLink(*each, languages[each[1]], has_message=True) for each in ids]
    said = await links.make(tx, office, made)
    for row in owed:
        message = messages.of_link(
            office, row, link_ids[row["invoice_id"]], rule["template"], mobile=row["mobile"],
            language=languages[row["invoice_id"]], at=clock.now(),
        )  # fmt: skip
        said.append(Said(message))
    await outbox.say(tx, said, lane=outbox.BULK)


def _language(rule: Row, facts: Row) -> Language:
    """The rule's language, or that of the documents of the bill's operator."""
    said = facts["language"] if rule["language"] == "operator" else rule["language"]
    return "bn" if said == "bn" else "en"


async def change_settings(command: Received[ChangeOnlineSettings], tx: Tx) -> list[Said]:
    """Switch the messages for received payments on or off."""
    settings = await store.reminders.change_settings(tx, command.data.send_receipts)
    return [Said(OnlineSettingsChanged(**settings), because=command.envelope)]
