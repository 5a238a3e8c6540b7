"""Partner systems as rows, the wishes for their topics, and what each payment of theirs was told to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared import clock
from shared.cloudevents import envelope_from_json, envelope_to_json
from shared.contracts.envelope import Envelope, Received
from shared.contracts.payments import AddPartner
from shared.db import Pool, Tx


@dataclass(frozen=True, slots=True)
class Partner:
    """A system that sends payments for an operator; a paused one's are held, a closed one's rejected."""

    partner_id: UUID
    name: str
    operator_id: UUID
    active: bool
    paused: bool
    key_changed_at: datetime | None
    bytes_per_second: int | None
    version: int


_PARTNER = tuple(each.name for each in fields(Partner))


def partner_of(row: Row) -> Partner:
    """Return a row as a partner."""
    return Partner(**{name: row[name] for name in _PARTNER})


async def by_names(tx: Tx | Pool, names: Collection[str]) -> dict[str, Partner]:
    """Return those of the names that are partners', closed ones too."""
    return {row["name"]: partner_of(row) async for row in queries.partners(tx, names=list(names))}


async def by_name(tx: Tx | Pool, name: str) -> Partner | None:
    """Return the partner of a name; None where nobody was ever let in by it."""
    return (await by_names(tx, [name])).get(name)


async def by_id(tx: Tx, partner_id: UUID) -> Partner | None:
    """Return a partner, a closed one too; None for an unknown one."""
    row = await queries.partner_by_id(tx, partner_id=partner_id)
    return None if row is None else partner_of(row)


async def add(tx: Tx, partner_id: UUID, name: str, operator_id: UUID) -> Partner | None:
    """Add a partner unless its name or id is taken; return whoever has the name, None where nobody has."""
    await queries.add_partner(tx, partner_id=partner_id, name=name, operator_id=operator_id)
    return await by_name(tx, name)


async def open_again(tx: Tx, partner: Partner) -> None:
    """Take payments from a closed partner again; a pause of before is over."""
    await queries.open_partner(tx, name=partner.name, now=clock.now())


async def close(tx: Tx, partner: Partner) -> Partner:
    """Take nothing more from a partner; return it, as it was where it is closed already."""
    await queries.close_partner(tx, partner_id=partner.partner_id)
    return await _as_it_is(tx, partner)


async def change(tx: Tx, partner: Partner, *, operator_id: UUID | None, paused: bool | None) -> Partner:
    """Give a partner to another operator, or pause or resume it; None leaves what there is. Return it."""
    await queries.change_partner(
        tx, partner_id=partner.partner_id, operator_id=operator_id, paused=paused, now=clock.now()
    )
    return await _as_it_is(tx, partner)


async def note_access(
    tx: Tx, partner: Partner, *, key_changed_at: datetime | None, bytes_per_second: int | None
) -> Partner:
    """Note what the broker knows of a partner: since when its key counts, and its quota. Return it."""
    await queries.note_partner_access(
        tx, partner_id=partner.partner_id, key_changed_at=key_changed_at, bytes_per_second=bytes_per_second
    )
    return await _as_it_is(tx, partner)


async def _as_it_is(tx: Tx, partner: Partner) -> Partner:
    return partner_of(await queries.partner_by_id(tx, partner_id=partner.partner_id))


@dataclass(frozen=True, slots=True)
class TopicsWanted:
    """A partner who was let in by a command that ends once its topics exist."""

    command_id: UUID
    because: Envelope
    partner: Partner


async def ask_for_topics(tx: Tx, command: Received[AddPartner], partner: Partner) -> None:
    """Let a command wait for the topics of a partner; asked again, it waits once."""
    await queries.ask_for_topics(
        tx,
        command_id=command.id,
        partner_id=partner.partner_id,
        envelope=envelope_to_json(command.envelope),
    )


async def wanting_topics(pool: Pool) -> list[TopicsWanted]:
    """Return those who wait for their topics, the oldest wishes first."""
    return [
        TopicsWanted(row["command_id"], envelope_from_json(row["envelope"]), partner_of(row))
        async for row in queries.partner_requests(pool)
    ]


async def end_wish(tx: Tx, wanted: TopicsWanted) -> bool:
    """Take a wish for topics away; False where another replica has done so."""
    return await queries.end_request(tx, command_id=wanted.command_id) is not None


Key: TypeAlias = tuple[str, str]


class Facts(NamedTuple):
    """The part of a partner's payment that must not differ when it is sent again."""

    amount_minor: int
    currency: str
    target: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a payment said when it came first, and what it became; None where it is no payment of ours."""

    facts: Facts
    our_payment_id: UUID | None


async def remember(tx: Tx, events: Mapping[Key, Facts]) -> set[Key]:
    """Keep the facts of payments, by partner and the partner's id; return those that were never seen."""
    if not events:
        return set()
    names, ids = zip(*events, strict=True)
    amounts, currencies, targets = zip(*events.values(), strict=True)
    rows = queries.remember_events(
        tx, partner_names=names, payment_ids=ids, amounts=amounts, currencies=currencies, targets=targets
    )
    return {(row["partner_name"], row["payment_id"]) async for row in rows}


async def remembered(tx: Tx, keys: Collection[Key]) -> dict[Key, Remembered]:
    """Return what was kept of payments, by partner and the partner's id."""
    if not keys:
        return {}
    names, ids = zip(*keys, strict=True)
    rows = queries.remembered_events(tx, partner_names=names, payment_ids=ids)
    return {
        (row["partner_name"], row["payment_id"]): Remembered(
            Facts(row["amount_minor"], row["currency"], row["target"]), row["our_payment_id"]
        )
        async for row in rows
    }
