"""Partners let in, and the wish to hear everything again."""

from __future__ import annotations

import re
from uuid import UUID

from services.payments import store
from services.payments.domain import NameTaken, NotFound, WrongName, is_within
from services.payments.handlers.answers import SERVICE
from services.payments.store import Row, queries
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.contracts.partner import PARTNER_TOPICS
from shared.contracts.payments import AddPartner, ClosePartner, PartnerChanged
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
    path: list[UUID] | None = await queries.operator_path(tx, operator_id=command.operator_id)
    if path is None or not is_within(path, command.scope):
        raise NotFound
    await queries.add_partner(
        tx, partner_id=command.partner_id, name=command.name, operator_id=command.operator_id
    )
    row: Row | None = await store.partner(tx, command.name)
    if row is None or row["operator_id"] != command.operator_id:
        raise NameTaken
    if not row["active"]:
        await queries.open_partner(tx, name=command.name)
    return row


async def close_partner(command: Received[ClosePartner], tx: Tx) -> list[Said]:
    """Take nothing more from a partner system; closing a closed one says so again."""
    row = await _close_partner(tx, command.data)
    return [Said(partner_changed(row), because=command.envelope)]


async def _close_partner(tx: Tx, command: ClosePartner) -> Row:
    row: Row | None = await queries.partner_by_id(tx, partner_id=command.partner_id)
    if row is None:
        raise NotFound
    path: list[UUID] | None = await queries.operator_path(tx, operator_id=row["operator_id"])
    if not is_within(path, command.scope):
        raise NotFound
    await queries.close_partner(tx, partner_id=command.partner_id)
    closed: Row = await queries.partner_by_id(tx, partner_id=command.partner_id)
    return closed


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
