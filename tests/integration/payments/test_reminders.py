"""Reminders by rule: once a bill and rule, never of what is paid or being paid; and what a dry run says."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.payments import workers
from shared import clock
from shared.contracts.envelope import CommandRefused
from shared.contracts.notifications import CancelMessage, SendMessage
from shared.contracts.payments import (
    ChangeOnlineSettings,
    ReminderRuleChanged,
    RemindersPlanned,
    SaveReminderRule,
    TryReminderRule,
)
from shared.ids import new_id
from tests.integration.payments.harness import CLERK, OFFICE
from tests.integration.payments.online import MOBILE, Online
from tests.integration.payments.test_what_customers_see import profile


def today() -> date:
    return clock.today("Asia/Dhaka")


async def rule(online: Online, days: int = 3, **more: Any) -> UUID:
    """A rule that is switched on: so many days after the due date."""
    command = SaveReminderRule(
        actor=CLERK, rule_id=new_id(), operator_id=online.harness.root, days=days, enabled=True, **more
    )
    end = await online.harness.ask(command)
    assert isinstance(end, ReminderRuleChanged)
    return end.rule_id


async def due(online: Online, code: str, mobile: str | None = MOBILE, days: int = 3) -> tuple[UUID, UUID]:
    customer = await online.harness.customer(code, mobile=mobile)
    return customer, await online.harness.billed(customer, 1_000, due_on=today() - timedelta(days=days))


async def reminded(online: Online) -> list[SendMessage]:
    return [each for each in await online.harness.said_of(SendMessage) if each.template == "reminder"]


async def test_a_bill_is_reminded_of_once_over_restarts_and_replicas(online: Online) -> None:
    await online.sandbox()
    _, invoice = await due(online, "C-1")
    await due(online, "C-2", days=2)
    await rule(online)
    replicas = [workers.remind(OFFICE) for _ in range(3)]
    await asyncio.gather(*(each(online.harness.pool) for each in replicas))
    await workers.remind(OFFICE)(online.harness.pool)
    (message,) = await reminded(online)
    assert (message.invoice_id, message.mobile) == (invoice, MOBILE)
    assert await online.harness.pool.fetchval("SELECT count(*) FROM payment_link") == 1


@pytest.mark.usefixtures("unasked")
async def test_what_is_paid_excluded_or_being_paid_is_not_reminded_of(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    paid, paid_bill = await due(online, "C-1")
    await harness.tell(harness.pays(paid, 1_000, paid_bill))
    paying, paying_bill = await due(online, "C-2")
    await online.checkout(await online.link(paying, paying_bill), "sandbox")
    await online.browser.get(f"/paid/{(await online.row())['reference']}")
    await due(online, "C-3", mobile=None)
    await rule(online)
    await rule(online, exclude_operator_ids=(harness.north,))
    await workers.remind(OFFICE)(harness.pool)
    assert await reminded(online) == []


async def test_a_reminder_that_waits_is_cancelled_when_its_bill_is_paid(online: Online) -> None:
    await online.sandbox()
    customer, invoice = await due(online, "C-1")
    await rule(online)
    await workers.remind(OFFICE)(online.harness.pool)
    (message,) = await reminded(online)
    await online.harness.tell(online.harness.pays(customer, 1_000, invoice))
    (cancelled,) = await online.harness.said_of(CancelMessage)
    assert cancelled.message_id == message.message_id


async def test_a_dry_run_says_who_would_get_what_and_sends_nothing(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    _, invoice = await due(online, "C-1")
    await due(online, "C-2", mobile=None)
    command = TryReminderRule(actor=CLERK, rule_id=new_id(), operator_id=harness.root, days=3)
    end = await harness.ask(command)
    assert isinstance(end, RemindersPlanned)
    assert (end.total, end.skipped) == (1, {"no-mobile": 1})
    assert (end.reminders[0].invoice_id, end.reminders[0].mobile_tail) == (invoice, MOBILE[-3:])
    assert await reminded(online) == []
    foreign = command.model_copy(update={"scope": harness.south})
    assert isinstance(await harness.ask(foreign), CommandRefused)


async def test_a_receipt_goes_out_where_the_installation_wants_it(online: Online) -> None:
    harness = online.harness
    customer = await harness.customer("C-1", mobile=MOBILE)
    await harness.tell(harness.pays(customer, 500))
    await harness.ask(ChangeOnlineSettings(actor=CLERK, send_receipts=True))
    command, id = harness.pays(customer, 700), new_id()
    await harness.tell(command, ids=[id])
    await harness.tell(command, ids=[id])
    (message,) = [each for each in await harness.said_of(SendMessage) if each.template == "payment-received"]
    assert (message.values["amount"], message.mobile) == ("7.00", MOBILE)


async def test_a_day_on_which_the_service_was_down_is_caught_up_once_and_no_older_one(online: Online) -> None:
    await online.sandbox()
    await rule(online)
    await workers.remind(OFFICE)(online.harness.pool)
    _, missed = await due(online, "C-1", days=5)
    _, paid = await due(online, "C-2", days=4)
    _, todays = await due(online, "C-3", days=3)
    await due(online, "C-4", days=7)
    await online.harness.tell(online.harness.pays(await _owner(online, paid), 1_000, paid))
    await online.meddle("UPDATE reminder_rule SET done_through = $1", today() - timedelta(days=9))
    for _ in range(2):
        await workers.remind(OFFICE)(online.harness.pool)
    assert {each.invoice_id for each in await reminded(online)} == {missed, todays}
    assert await online.harness.pool.fetchval("SELECT done_through FROM reminder_rule") == today()


async def test_a_changed_rule_catches_nothing_up_that_it_did_not_mean(online: Online) -> None:
    await online.sandbox()
    rule_id = await rule(online, days=30)
    await workers.remind(OFFICE)(online.harness.pool)
    await online.meddle("UPDATE reminder_rule SET done_through = $1", today() - timedelta(days=2))
    await due(online, "C-1", days=4)
    change = SaveReminderRule(
        actor=CLERK, rule_id=rule_id, operator_id=online.harness.root, days=3, enabled=True
    )
    await online.harness.tell(change)
    await workers.remind(OFFICE)(online.harness.pool)
    assert await reminded(online) == []


async def test_a_reminder_is_in_the_language_of_its_rule_else_in_that_of_the_operators_documents(
    online: Online,
) -> None:
    await online.sandbox()
    await due(online, "C-1")
    await online.harness.tell(profile(online.harness.root, name="Shapla Net", language="bn"))
    await rule(online)
    await rule(online, language="en")
    await workers.remind(OFFICE)(online.harness.pool)
    by_language = {each.language: each for each in await reminded(online)}
    assert by_language.keys() == {"en", "bn"}
    assert (by_language["bn"].values["balance"], by_language["en"].values["balance"]) == ("১০.০০", "10.00")


async def _owner(online: Online, invoice_id: UUID) -> UUID:
    owner: UUID = await online.harness.pool.fetchval(
        "SELECT customer_id FROM receivable WHERE invoice_id = $1", invoice_id
    )
    return owner
