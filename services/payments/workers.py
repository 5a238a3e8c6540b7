"""Payments' own work: commands that waited, and republishing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from services.payments import store
from services.payments.domain import Account, Moved
from services.payments.handlers import reminders
from services.payments.handlers.administration import partner_changed
from services.payments.handlers.answers import moved
from services.payments.handlers.closings import day_closed
from services.payments.handlers.desk import move_money
from services.payments.handlers.gateways import gateway_changed
from services.payments.handlers.held import held_state, place_where_possible, say_what_is_wrong
from services.payments.handlers.links import link_state
from services.payments.handlers.reminders import rule_changed
from services.payments.handlers.settling import checkout_changed
from services.payments.office import SERVICE, Office
from services.payments.store import Row
from services.payments.store.held import held_of
from services.payments.store.partners import partner_of
from shared import clock, outbox
from shared.contracts.envelope import Message
from shared.contracts.payments import (
    HeldPaymentPlaced,
    HeldPaymentRejected,
    MoneyRepublished,
    OnlineSettingsChanged,
    PaymentHeld,
)
from shared.contracts.topics import partner_topics
from shared.db import Pool, Tx, in_transaction
from shared.erasure import Erased
from shared.kafka import Kafka
from shared.outbox import Said
from shared.republishing import is_ahead
from shared.service import Step
from shared.topics import create_topics

# The gateway may show a bill of a large run minutes before it is heard of here.
LONGEST_WAIT = timedelta(minutes=15)
ROWS_A_STEP = 500
STATES_A_STEP = 2_000  # bills and payments that a step has in memory, of however many customers
STATES_A_MESSAGE = 200

SayNext: TypeAlias = Callable[[Tx, Any], Awaitable[Any]]


def settle_waiting(office: Office) -> Step:
    """A step that decides the payments and links whose bill has come; the rest is refused in the end."""

    async def step(pool: Pool) -> bool:
        async with in_transaction(pool) as tx:
            commands = await store.waiting.take_ripe(tx, clock.now() - LONGEST_WAIT)
            if commands:
                await move_money(tx, commands, office, final=True)
            return len(commands) > 0

    return step


async def expire_links(pool: Pool) -> bool:
    """End the links whose time is over, and forget the secrets of gateways that were taken away."""
    async with in_transaction(pool) as tx:
        rows = await store.links.expire(tx)
        await outbox.say(tx, [Said(link_state(row)) for row in rows], lane=outbox.BULK)
        await store.gateways.forget_secrets(tx)
    return len(rows) > 0


def remind(office: Office) -> Step:
    """A step that carries out the rules that are switched on, piece by piece."""
    after: dict[UUID, UUID | None] = {}

    async def step(pool: Pool) -> bool:
        more = False
        for rule in await store.reminders.rules_switched_on(pool):
            async with in_transaction(pool) as tx:
                after[rule["rule_id"]] = await reminders.remind(tx, office, rule, after.get(rule["rule_id"]))
                more = more or after[rule["rule_id"]] is not None
        return more

    return step


def place_held_money() -> Step:
    """A step that looks again at held money, piece by piece: its operator or invoice may have come late.

    What arrives places at once the money that names it. This finds the rest: a tree that grew, a customer
    who moved or got another code, a currency that changed, credit that was refunded.
    """
    after_id: UUID | None = None

    async def step(pool: Pool) -> bool:
        nonlocal after_id
        async with in_transaction(pool) as tx:
            held_ids = await store.held.waiting_after(tx, after_id, ROWS_A_STEP)
            await place_where_possible(tx, held_ids)
            await say_what_is_wrong(tx, held_ids)
        after_id = held_ids[-1] if len(held_ids) == ROWS_A_STEP else None
        return after_id is not None

    return step


def make_partner_topics(kafka: Kafka) -> Step:
    """A step that makes the topics of partners who were let in, and then says so."""

    async def step(pool: Pool) -> bool:
        wishes = await store.partners.wanting_topics(pool)
        # Two requests for one name make its topics once: Kafka refuses a wish that names a topic twice.
        topics = {topic for wish in wishes for topic in partner_topics(wish.partner.name)}
        if topics:
            await create_topics(kafka, topics)
        for wish in wishes:
            async with in_transaction(pool) as tx:
                if await store.partners.end_wish(tx, wish):
                    await outbox.say(tx, [Said(partner_changed(wish.partner), because=wish.because)])
        return False

    return step


async def republish(pool: Pool) -> bool:
    """Say the next piece of a republish, or its end once all of it has left the outbox."""
    async with in_transaction(pool) as tx:
        job = await store.republishes.lock_open(tx)
        if job is None:
            return False
        if job["said"] == len(job["subjects"]):
            return await store.republishes.ends.end(tx, SERVICE, job)
        if await is_ahead(tx, SERVICE):
            return False
        last = await _SAY[job["subjects"][job["said"]]](tx, job["after_id"])
        await store.republishes.advance(tx, job, said=job["said"] + (last is None), after_id=last)
        return True


def _say_rows(subject: str, id_column: str, state: Callable[[Row], Message]) -> SayNext:
    """Say the next rows of a subject, each in its state of now; the last id, None at its end."""

    async def say_next(tx: Tx, after_id: Any) -> Any:
        rows = await store.republishes.rows_after(tx, subject, after_id, ROWS_A_STEP)
        await outbox.say(tx, [Said(state(row)) for row in rows], lane=outbox.BULK)
        return rows[-1][id_column] if rows else None

    return say_next


async def _say_settings(tx: Tx, _after_id: Any) -> Any:
    settings = await store.reminders.settings(tx)
    if settings is not None:
        await outbox.say(tx, [Said(OnlineSettingsChanged(**settings))], lane=outbox.BULK)


def _held(row: Row) -> Message:
    held = held_of(row)
    if held.state == "rejected":
        return held_state(HeldPaymentRejected, held, rejection_reason=held.rejection_reason)
    return held_state(HeldPaymentPlaced if held.state == "placed" else PaymentHeld, held)


async def _say_payments(tx: Tx, after_id: Any) -> Any:
    customer_ids = await store.republishes.customers_after(tx, after_id, ROWS_A_STEP, STATES_A_STEP)
    accounts = await store.read_accounts(tx, customer_ids)
    said = [each for account in accounts.values() for each in _money_of(account)]
    await outbox.say(tx, said, lane=outbox.BULK)
    return customer_ids[-1] if customer_ids else None


_SAY: Mapping[str, SayNext] = {
    "partners": _say_rows("partners", "partner_id", lambda row: partner_changed(partner_of(row))),
    "payments": _say_payments,
    "held": _say_rows("held", "held_id", _held),
    "gateways": _say_rows("gateways", "gateway_id", gateway_changed),
    "rules": _say_rows("rules", "rule_id", rule_changed),
    "links": _say_rows("links", "link_id", link_state),
    "checkouts": _say_rows("checkouts", "checkout_id", checkout_changed),
    "settings": _say_settings,
    "closings": _say_rows("closings", "closing_id", day_closed),
}


def _money_of(account: Account) -> Iterator[Said]:
    """A customer's money, in parts where one message could not hold it."""
    payments = list(account.payments.values())
    bills = [each for each in account.receivables.values() if each.version > 0]
    for start in range(0, max(len(payments), len(bills), 1), STATES_A_MESSAGE):
        part = slice(start, start + STATES_A_MESSAGE)
        yield Said(moved(MoneyRepublished, Moved(tuple(payments[part]), tuple(bills[part]), account)))


async def forget_erased(pool: Pool, erased: Erased) -> bool:
    """Forget the words beside an erased customer's money, and say their payments anew without them."""
    async with in_transaction(pool) as tx:
        if await store.erasure.has_account(tx, erased.customer_id):
            await store.lock_accounts(tx, {erased.customer_id})
            if await store.erasure.erase_from_payments(tx, erased.customer_id):
                accounts = await store.read_accounts(tx, {erased.customer_id})
                said = [each for account in accounts.values() for each in _money_of(account)]
                await outbox.say(tx, said, lane=outbox.BULK)
        return await store.erasure.erase_the_rest(tx, erased.customer_id, erased.code)
