"""Partners let in, and the wish to hear everything again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from services.payments import store
from services.payments.domain import NameTaken, NotFound, Refused, WrongName, is_within
from services.payments.handlers.answers import CONSUMER, SERVICE, refused
from services.payments.store import Row, queries
from shared import clock, inbox, outbox
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.contracts.partner import PARTNER_TOPICS
from shared.contracts.payments import AddPartner, ClosePartner, PartnerChanged
from shared.contracts.topics import partner_topics
from shared.db import Tx
from shared.outbox import Said

SUBJECTS = ("partners", "payments", "held", "gateways", "rules", "links", "checkouts", "settings")


def partner_changed(row: Row) -> PartnerChanged:
    """A partner as the world hears it."""
    return PartnerChanged(
        partner_id=row["partner_id"],
        name=row["name"],
        operator_id=row["operator_id"],
        active=row["active"],
        version=row["version"],
    )


async def add_partners(received: Sequence[Received[AddPartner]], tx: Tx) -> None:
    """Let partner systems in; the end is said once their topics exist.

    The same name for the same operator again is the partner that there is, open again if it was closed.
    """
    for each in await inbox.recognise(tx, received, CONSUMER):
        try:
            row = await _add_partner(tx, each.data)
            await queries.ask_for_topics(
                tx,
                command_id=each.id,
                partner_id=row["partner_id"],
                envelope=envelope_to_json(each.envelope),
            )
        except Refused as refusal:
            await outbox.say(tx, [refused(refusal, each)])


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


async def close_partners(received: Sequence[Received[ClosePartner]], tx: Tx) -> None:
    """Take nothing more from partner systems; closing a closed one says so again."""
    for each in await inbox.recognise(tx, received, CONSUMER):
        try:
            row = await _close_partner(tx, each.data)
            await outbox.say(tx, [Said(partner_changed(row), because=each.envelope)])
        except Refused as refusal:
            await outbox.say(tx, [refused(refusal, each)])


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


async def republish(received: Sequence[Received[Republish]], tx: Tx) -> None:
    """Open the work; its end is said once everything has left the outbox."""
    for each in await inbox.recognise(tx, received, CONSUMER):
        wanted = each.data
        if wanted.service == SERVICE:
            subjects = [name for name in SUBJECTS if not wanted.subjects or name in wanted.subjects]
            await queries.start_republish(
                tx,
                command_id=each.id,
                envelope=envelope_to_json(each.envelope),
                subjects=subjects,
                asked_at=clock.now(),
            )
