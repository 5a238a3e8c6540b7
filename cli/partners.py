"""`ispbills partners`: let a partner system in and out, through the outbox and Kafka like everybody.

Whom payments knows as a partner is one thing, who may write its topic another: the first is a command to
payments, the second a user of the broker with the rights of `shared.contracts.access`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click

from cli import conformance
from cli.kafka import kafka_or_refuse
from devstack.environment import ensure_environment
from gateway.store import operations
from gateway.store.operations import Operation
from services.payments import store
from services.payments.store.partners import Partner
from shared import clock, db, outbox
from shared.contracts.access import PARTNER_QUOTAS, partner_rights, partner_user
from shared.contracts.envelope import Actor
from shared.contracts.payments import AddPartner, ChangePartner, ClosePartner, NotePartnerAccess
from shared.contracts.topics import partner_topics
from shared.db import Pool
from shared.ids import new_id
from shared.kafka import SCRAM, Kafka
from shared.outbox import Said
from shared.quotas import set_quotas
from shared.topics import create_topics, is_read_by

if TYPE_CHECKING:
    from shared.broker_access import BrokerAccess

POLL_SECONDS = 0.1
UNREAD_SECONDS = 10
READERS = "payments.partners"
ACTOR = Actor(kind="system", name="ispbills partners")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
T = TypeVar("T")


def _check_name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if not NAME.fullmatch(name):
        raise click.BadParameter("small letters, digits and hyphens, at most 40")
    return name


_name = click.argument("name", callback=_check_name)
_json = click.option("--json", "as_json", is_flag=True, help="For programs.")
_wait = click.option(
    "--wait-seconds", default=60, show_default=True, help="How long to wait for the service."
)


@click.group()
def partners() -> None:
    """Let payment partners in and out: their topics, users and rights."""
    ensure_environment()


@partners.command()
@_name
@click.option("--operator", "operator_code", required=True, help="Whose partner it is: the operator's code.")
@_wait
@_json
def add(name: str, operator_code: str, wait_seconds: int, as_json: bool) -> None:
    """Make the topics and the user of a partner; its password is shown this once. Again: nothing changes."""
    kafka = kafka_or_refuse()
    partner = _in_payments(lambda pool: _register(pool, kafka, name, operator_code, wait_seconds))
    facts = _on_the_broker(kafka, lambda access: _let_in(access, name))
    if facts is None:
        facts = _unprotected(kafka, name)
    else:
        asyncio.run(set_quotas(kafka, partner_user(name), _quotas(partner.bytes_per_second)))
        if "password" in facts or partner.key_changed_at is None:
            _note_access("partner-key", partner, key_changed_at=clock.now())
    _show(facts, f"partner.{name}.payments and partner.{name}.receipts are open for {operator_code}", as_json)


@partners.command()
@_name
@_json
def rotate(name: str, as_json: bool) -> None:
    """Give a partner a new password, shown this once; the old one opens no new connection."""
    facts = _on_the_broker(kafka_or_refuse(), lambda access: _rotate(access, name))
    if facts is None:
        raise click.ClickException("Kafka has no authorizer: there is no password to change")
    _note_access("partner-key", _in_payments(lambda pool: _known(pool, name)), key_changed_at=clock.now())
    _show(facts, f"partner.{name} has a new password", as_json)


@partners.command()
@_name
@click.option("--operator", "operator_code", required=True, help="The code of the operator whose it is now.")
@_wait
def change(name: str, operator_code: str, wait_seconds: int) -> None:
    """Give a partner to another operator, whose subtree it reaches from its next payment on."""
    _in_payments(lambda pool: _move(pool, name, operator_code, wait_seconds))
    click.echo(f"{name} belongs to {operator_code}")


@partners.command()
@_name
@_wait
def pause(name: str, wait_seconds: int) -> None:
    """Hold whatever a partner sends, each with a receipt that says so, until it is resumed."""
    _in_payments(lambda pool: _pause(pool, name, wait_seconds, paused=True))
    click.echo(f"{name} is paused: what it sends is held; nothing is lost")


@partners.command()
@_name
@_wait
def resume(name: str, wait_seconds: int) -> None:
    """Take a paused partner's payments again; what was held meanwhile is recorded by itself."""
    _in_payments(lambda pool: _pause(pool, name, wait_seconds, paused=False))
    click.echo(f"{name} is active: what was held is being recorded")


@partners.command()
@_name
@click.option(
    "--bytes-per-second", type=click.IntRange(min=1_000), help="Each way; without it, what every partner may."
)
def limit(name: str, bytes_per_second: int | None) -> None:
    """Set how much a partner may write and read; Kafka slows it down beyond that, and nothing is lost."""
    kafka, partner = kafka_or_refuse(), _in_payments(lambda pool: _known(pool, name))
    quotas = _quotas(bytes_per_second)
    asyncio.run(set_quotas(kafka, partner_user(name), quotas))
    _note_access("partner-limits", partner, bytes_per_second=bytes_per_second)
    click.echo(f"{name} may write {quotas['producer_byte_rate']:,.0f} bytes a second, and read as many")


@partners.command()
@_name
@_wait
def remove(name: str, wait_seconds: int) -> None:
    """Take away a partner's user and rights at once and close it; payments that are there stay."""
    kafka = kafka_or_refuse()
    _on_the_broker(kafka, lambda access: access.remove_user(partner_user(name)))
    asyncio.run(set_quotas(kafka, partner_user(name), dict.fromkeys(PARTNER_QUOTAS)))
    partner = _in_payments(lambda pool: _close(pool, kafka, name, wait_seconds))
    _note_access("partner-removed", partner, key_changed_at=None)
    click.echo(f"{name} is closed: it can neither write nor read; what it has paid stays")


@partners.command("try")
@_name
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--for-real", is_flag=True, help="Outside development: what is recorded is money.")
@_json
def try_file(name: str, file: Path, for_real: bool, as_json: bool) -> None:
    """Send FILE (one event's data a line, as JSON) as the partner would, and explain each receipt."""
    if not for_real and os.environ.get("ISPBILLS_ENVIRONMENT") != "development":
        raise click.ClickException("what is sent is recorded as money here: --for-real says that you mean it")
    _in_payments(lambda pool: _open(pool, name))
    events = conformance.read_events(file)
    if not events:
        raise click.ClickException(f"{file} is empty: one event's data a line, as JSON")
    kafka = kafka_or_refuse()
    tried = _in_payments(lambda pool: conformance.try_events(pool, kafka, name, events))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in tried], indent=2))
    else:
        for each in tried:
            said = f"line {each.line}: {each.outcome or 'nothing'}  {each.payment_id or '-'}"
            click.echo(f"{said}  {each.explanation}")
    if not all(each.is_fine for each in tried):
        raise SystemExit(1)


def _quotas(bytes_per_second: int | None) -> dict[str, float]:
    """Return the quotas of a partner, with its own rate where it has one."""
    rates = dict.fromkeys(("producer_byte_rate", "consumer_byte_rate"), float(bytes_per_second or 0))
    return {**PARTNER_QUOTAS, **(rates if bytes_per_second else {})}


def _on_the_broker(kafka: Kafka, do: Callable[[BrokerAccess], T]) -> T | None:
    """Return what comes of it; None on a broker that knows no rights."""
    try:
        from shared.broker_access import BrokerAccess, NotAllowed, NotProtected
    except ImportError as error:
        raise click.ClickException("confluent-kafka (extra `admin`) is not installed") from error
    try:
        return do(BrokerAccess(kafka))
    except NotProtected:
        click.echo("Kafka has no authorizer: whoever reaches it may do everything", err=True)
        return None
    except NotAllowed as error:
        raise click.ClickException("this user may not change users and rights on Kafka") from error


def _let_in(access: BrokerAccess, name: str) -> dict[str, Any]:
    user = partner_user(name)
    access.set_rights(user, partner_rights(name))
    return _facts(name) if access.has_user(user) else _with_password(access, name)


def _rotate(access: BrokerAccess, name: str) -> dict[str, Any]:
    if not access.has_user(partner_user(name)):
        raise click.ClickException(f"{name} has no user yet: ispbills partners add {name} --operator CODE")
    return _with_password(access, name)


def _with_password(access: BrokerAccess, name: str) -> dict[str, Any]:
    password = secrets.token_urlsafe(24)
    access.set_passwords({partner_user(name): password})
    return _facts(name, password)


def _facts(name: str, password: str | None = None) -> dict[str, Any]:
    """Return what a partner's engineer needs to know."""
    payments, receipts = partner_topics(name)
    facts = {
        "name": name,
        "bootstrap_servers": os.environ.get("KAFKA_PARTNER_BOOTSTRAP_SERVERS"),
        "security_protocol": os.environ.get("KAFKA_PARTNER_SECURITY_PROTOCOL") or "SASL_SSL",
        "sasl_mechanism": SCRAM,
        "username": partner_user(name),
        "payments_topic": payments.name,
        "receipts_topic": receipts.name,
    }
    return facts if password is None else facts | {"password": password}


def _unprotected(kafka: Kafka, name: str) -> dict[str, Any]:
    nobody = {"sasl_mechanism": None, "username": None, "security_protocol": kafka.security_protocol}
    return _facts(name) | nobody | {"bootstrap_servers": kafka.bootstrap_servers}


def _show(facts: dict[str, Any], said: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(said)
    if facts["username"]:
        password = facts.get("password")
        click.echo(f"  servers   {facts['bootstrap_servers'] or '(KAFKA_PARTNER_BOOTSTRAP_SERVERS)'}")
        click.echo(f"  security  {facts['security_protocol']}, {facts['sasl_mechanism']}")
        click.echo(
            f"  user      {facts['username']}; groups and transactional ids begin with {facts['username']}."
        )
        click.echo(f"  password  {password}" if password else "  password  shown when it was made, or rotate")
        if password:
            click.echo("The password is not shown again.")


def _in_payments(do: Callable[[Pool], Coroutine[Any, Any, T]]) -> T:
    return asyncio.run(_with_pool(_needed("PAYMENTS_DATABASE_URL"), do))


async def _with_pool(url: str, do: Callable[[Pool], Coroutine[Any, Any, T]]) -> T:
    pool = await db.open_pool(url, schema="payments", application_name="ispbills partners", max_size=2)
    try:
        return await do(pool)
    finally:
        await pool.close()


async def _register(pool: Pool, kafka: Kafka, name: str, operator_code: str, wait_seconds: int) -> Partner:
    deadline = time.monotonic() + wait_seconds
    operator_id = await _operator_id(pool, operator_code)
    # The topics first: a partner that is registered can send.
    await create_topics(kafka, partner_topics(name))
    partner = await store.partners.by_name(pool, name)
    if partner is None or not partner.active:
        await _ask(pool, AddPartner(actor=ACTOR, partner_id=new_id(), name=name, operator_id=operator_id))
    partner = await _partner_that_is(pool, name, deadline, active=True)
    if partner.operator_id != operator_id:
        raise click.ClickException(
            f"the partner {name} belongs to another operator: ispbills partners change"
        )
    return partner


async def _operator_id(pool: Pool, operator_code: str) -> UUID:
    operator_id = await store.operators.id_of_code(pool, operator_code)
    if operator_id is None:
        raise click.ClickException(f"payments knows no operator with the code {operator_code}")
    return operator_id


async def _move(pool: Pool, name: str, operator_code: str, wait_seconds: int) -> None:
    deadline = time.monotonic() + wait_seconds
    partner, operator_id = await _open(pool, name), await _operator_id(pool, operator_code)
    await _ask(pool, ChangePartner(actor=ACTOR, partner_id=partner.partner_id, operator_id=operator_id))
    await _partner_that_is(pool, name, deadline, operator_id=operator_id)
    await _note("partner-changed", partner)


async def _pause(pool: Pool, name: str, wait_seconds: int, *, paused: bool) -> None:
    deadline = time.monotonic() + wait_seconds
    partner = await _open(pool, name)
    await _ask(pool, ChangePartner(actor=ACTOR, partner_id=partner.partner_id, paused=paused))
    await _partner_that_is(pool, name, deadline, paused=paused)
    await _note("partner-paused" if paused else "partner-resumed", partner)


async def _open(pool: Pool, name: str) -> Partner:
    partner = await _known(pool, name)
    if not partner.active:
        raise click.ClickException(f"{name} was removed: ispbills partners add {name} --operator CODE")
    return partner


async def _known(pool: Pool, name: str) -> Partner:
    partner = await store.partners.by_name(pool, name)
    if partner is None:
        raise click.ClickException(f"payments knows no partner {name}")
    return partner


async def _close(pool: Pool, kafka: Kafka, name: str, wait_seconds: int) -> Partner:
    deadline = time.monotonic() + wait_seconds
    partner = await _known(pool, name)
    # What it paid while it could is taken in first: a closed partner's events are rejected.
    topic, _ = partner_topics(name)
    unread = min(deadline, time.monotonic() + UNREAD_SECONDS)
    while not await is_read_by(kafka, READERS, topic.name) and time.monotonic() < unread:
        await asyncio.sleep(POLL_SECONDS)
    if partner.active:
        await _ask(pool, ClosePartner(actor=ACTOR, partner_id=partner.partner_id))
        partner = await _partner_that_is(pool, name, deadline, active=False)
    return partner


async def _partner_that_is(pool: Pool, name: str, deadline: float, **wanted: Any) -> Partner:
    while (partner := await store.partners.by_name(pool, name)) is None or any(
        getattr(partner, column) != value for column, value in wanted.items()
    ):
        if time.monotonic() > deadline:
            raise click.ClickException("payments has not answered yet; it follows once it does")
        await asyncio.sleep(POLL_SECONDS)
    return partner


def _note_access(kind: str, partner: Partner, **changed: Any) -> None:
    """Tell payments, and so the desk, what was done on the broker."""
    known = {"key_changed_at": partner.key_changed_at, "bytes_per_second": partner.bytes_per_second}
    command = NotePartnerAccess(actor=ACTOR, partner_id=partner.partner_id, **{**known, **changed})
    _in_payments(lambda pool: _ask(pool, command))
    asyncio.run(_note(kind, partner))


async def _note(kind: str, partner: Partner) -> None:
    """Write it down in the activity log, where the gateway's tables can be reached from here."""
    url = os.environ.get("GATEWAY_DATABASE_URL")
    if url:
        pool = await db.open_pool(url, schema="gateway", application_name="ispbills partners", max_size=1)
        try:
            async with db.in_transaction(pool) as tx:
                done = Operation(
                    new_id(),
                    kind,
                    partner.partner_id,
                    partner.operator_id,
                    f"cli:{ACTOR.name}",
                    "completed",
                    facts={"from": "", "about": partner.name},
                )
                await operations.add(tx, done, None, clock.now())
        finally:
            await pool.close()


async def _ask(pool: Pool, command: AddPartner | ChangePartner | ClosePartner | NotePartnerAccess) -> None:
    async with db.in_transaction(pool) as tx:
        await outbox.say(tx, [Said(command)])


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise click.ClickException(f"{name} is not set, and no stack runs here")
    return value
