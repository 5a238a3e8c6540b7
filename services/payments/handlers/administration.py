"""Partners let in, and the wish to hear everything again."""

from __future__ import annotations

import re
from dataclasses import asdict
from uuid import UUID

from services.payments import store
from services.payments.domain import NameTaken, NotFound, PartnerRemoved, WrongName, is_within
from services.payments.handlers.answers import SERVICE
from services.payments.store.partners import Partner
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


def partner_changed(partner: Partner) -> PartnerChanged:
    """A partner as the world hears it."""
    return PartnerChanged(**asdict(partner))


async def add_partner(command: Received[AddPartner], tx: Tx) -> list[Said]:
    """Let a partner system in; the end is said once its topics exist.

    The same name for the same operator again is the partner that there is, open again if it was closed.
    """
    await store.partners.ask_for_topics(tx, command, await _add_partner(tx, command.data))
    return []


async def _add_partner(tx: Tx, command: AddPartner) -> Partner:
    says, _ = partner_topics(command.name)
    if re.fullmatch(PARTNER_TOPICS, says.name) is None:
        raise WrongName
    await _check_reach(tx, command.operator_id, command.scope)
    partner = await store.partners.add(tx, command.partner_id, command.name, command.operator_id)
    if partner is None or partner.operator_id != command.operator_id:
        raise NameTaken
    if not partner.active:
        await store.partners.open_again(tx, partner)
    return partner


async def close_partner(command: Received[ClosePartner], tx: Tx) -> list[Said]:
    """Take nothing more from a partner system; closing a closed one says so again."""
    closed = await store.partners.close(tx, await _partner_in_reach(tx, command.data))
    return [Said(partner_changed(closed), because=command.envelope)]


async def _partner_in_reach(tx: Tx, command: ClosePartner | ChangePartner | NotePartnerAccess) -> Partner:
    partner = await store.partners.by_id(tx, command.partner_id)
    if partner is None:
        raise NotFound
    await _check_reach(tx, partner.operator_id, command.scope)
    return partner


async def _check_reach(tx: Tx, operator_id: UUID, scope: UUID | None) -> None:
    path = await store.operators.path(tx, operator_id)
    if path is None or not is_within(path, scope):
        raise NotFound


async def change_partner(command: Received[ChangePartner], tx: Tx) -> list[Said]:
    """Change whose a partner is, or pause it; what it sent before stays with whose it was then."""
    partner = await _partner_in_reach(tx, command.data)
    if not partner.active:
        raise PartnerRemoved
    operator_id = command.data.operator_id
    if operator_id is not None:
        await _check_reach(tx, operator_id, command.data.scope)
    changed = await store.partners.change(tx, partner, operator_id=operator_id, paused=command.data.paused)
    return [Said(partner_changed(changed), because=command.envelope)]


async def note_partner_access(command: Received[NotePartnerAccess], tx: Tx) -> list[Said]:
    """Note what the command line did on the broker, for the desk to show."""
    noted = command.data
    changed = await store.partners.note_access(
        tx,
        await _partner_in_reach(tx, noted),
        key_changed_at=noted.key_changed_at,
        bytes_per_second=noted.bytes_per_second,
    )
    return [Said(partner_changed(changed), because=command.envelope)]


async def republish(command: Received[Republish], tx: Tx) -> list[Said]:
    """Open the work; its end is said once everything has left the outbox."""
    wanted = command.data
    if wanted.service == SERVICE:
        subjects = [name for name in SUBJECTS if not wanted.subjects or name in wanted.subjects]
        await store.republishes.start(tx, command, subjects)
    return []
