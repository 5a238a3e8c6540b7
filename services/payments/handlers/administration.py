"""Partners let in, and the wish to hear everything again."""

from __future__ import annotations

import re
from uuid import UUID

from services.payments import store
from services.payments.domain import NameTaken, NotFound, PartnerRemoved, WrongName, is_within
from services.payments.handlers.answers import SERVICE
from services.payments.store import Row, queries
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.contracts.partner import PARTNER_TOPICS
from shared.contracts.payments import (
    AddPartner,
    ChangePartner,
    ClosePartner,
    NotePartnerAccess,
    PartnerChanged,
)
from shared.contracts.topics import partner_topics
from shared.db import Tx
from shared.outbox import Said

SUBJECTS = ("partners", "payments", "held", "gateways", "rules", "links", "checkouts", "settings", "closings")


def partner_changed(row: Row) -> PartnerChanged:
    """A partner as the world hears it."""
    return PartnerChanged(
        partner_id=row["partner_id"],
        name=row["name"],
        operator_id=row["operator_id"],
        active=row["active"],
        paused=row["paused"],
        key_changed_at=row["key_changed_at"],
        bytes_per_second=row["bytes_per_second"],
        version=row["version"],
    )


async def add_partner(command: Received[AddPartner], tx: Tx) -> list[Said]:
    """Let a partner system in; the end is said once its topics exist.

    The same name for the same operator again is the partner that there is, open again if it was closed.
    """
    row = await _add_partner(tx, command.data)
    await queries.ask_for_topics(
        tx,
        command_id=command.id,
        partner_id=row["partner_id"],
        envelope=envelope_to_json(command.envelope),
    )
    return []


async def _add_partner(tx: Tx, command: AddPartner) -> Row:
    says, _ = partner_topics(command.name)
    if re.fullmatch(PARTNER_TOPICS, says.name) is None:
        raise WrongName
    await _check_reach(tx, command.operator_id, command.scope)
    await queries.add_partner(
        tx, partner_id=command.partner_id, name=command.name, operator_id=command.operator_id
    )
    row: Row | None = await store.partner(tx, command.name)
    if row is None or row["operator_id"] != command.operator_id:
        raise NameTaken
    if not row["active"]:
        await queries.open_partner(tx, name=command.name, now=clock.now())
    return row


async def close_partner(command: Received[ClosePartner], tx: Tx) -> list[Said]:
    """Take nothing more from a partner system; closing a closed one says so again."""
    row = await _close_partner(tx, command.data)
    return [Said(partner_changed(row), because=command.envelope)]


async def _close_partner(tx: Tx, command: ClosePartner) -> Row:
    await _partner_in_reach(tx, command)
    await queries.close_partner(tx, partner_id=command.partner_id)
    closed: Row = await queries.partner_by_id(tx, partner_id=command.partner_id)
    return closed


async def _partner_in_reach(tx: Tx, command: ClosePartner | ChangePartner | NotePartnerAccess) -> Row:
    row: Row | None = await queries.partner_by_id(tx, partner_id=command.partner_id)
    if row is None:
        raise NotFound
    await _check_reach(tx, row["operator_id"], command.scope)
    return row


async def _check_reach(tx: Tx, operator_id: UUID, scope: UUID | None) -> None:
    path: list[UUID] | None = await queries.operator_path(tx, operator_id=operator_id)
    if path is None or not is_within(path, scope):
        raise NotFound


async def change_partner(command: Received[ChangePartner], tx: Tx) -> list[Said]:
    """Change whose a partner is, or pause it; what it sent before stays with whose it was then."""
    row = await _partner_in_reach(tx, command.data)
    if not row["active"]:
        raise PartnerRemoved
    operator_id = command.data.operator_id
    if operator_id is not None:
        await _check_reach(tx, operator_id, command.data.scope)
    await queries.change_partner(
        tx,
        partner_id=command.data.partner_id,
        operator_id=operator_id,
        paused=command.data.paused,
        now=clock.now(),
    )
    changed = await queries.partner_by_id(tx, partner_id=command.data.partner_id)
    return [Said(partner_changed(changed), because=command.envelope)]


async def note_partner_access(command: Received[NotePartnerAccess], tx: Tx) -> list[Said]:
    """Note what the command line did on the broker, for the desk to show."""
    noted = command.data
    await _partner_in_reach(tx, noted)
    await queries.note_partner_access(
        tx,
        partner_id=noted.partner_id,
        key_changed_at=noted.key_changed_at,
        bytes_per_second=noted.bytes_per_second,
    )
    changed = await queries.partner_by_id(tx, partner_id=noted.partner_id)
    return [Said(partner_changed(changed), because=command.envelope)]


async def republish(command: Received[Republish], tx: Tx) -> list[Said]:
    """Open the work; its end is said once everything has left the outbox."""
    wanted = command.data
    if wanted.service == SERVICE:
        subjects = [name for name in SUBJECTS if not wanted.subjects or name in wanted.subjects]
        await queries.start_republish(
            tx,
            command_id=command.id,
            envelope=envelope_to_json(command.envelope),
            subjects=subjects,
            asked_at=clock.now(),
        )
    return []
