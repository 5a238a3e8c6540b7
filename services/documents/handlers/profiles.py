"""ISP profiles: a change is a new version, valid for what is issued from then on."""

from __future__ import annotations

from services.documents import domain, store
from services.documents.handlers.renderings import PATIENCE_SECONDS, queued
from services.documents.store import Queued
from shared import clock
from shared.contracts.documents import (
    ChangeIspProfile,
    IspProfileChanged,
    Logo,
    PreviewIspProfile,
    ProfileChange,
)
from shared.contracts.envelope import Command, Received
from shared.db import Tx
from shared.refusals import NotFound


async def change_isp_profile(received: Received[ChangeIspProfile], tx: Tx) -> Queued | IspProfileChanged:
    """Add a version; one that brings a logo waits in line until the picture has been looked at."""
    command = received.data
    await _check(tx, command, command.change)
    if command.change.logo is None:
        return await apply_change(tx, command, None)
    return Queued(
        document_id=received.id,
        kind="isp-profile",
        command=command,
        envelope=received.envelope,
        bulk_action_id=None,
        position=0,
        patience_seconds=PATIENCE_SECONDS,
    )


async def preview_isp_profile(received: Received[PreviewIspProfile], tx: Tx) -> Queued:
    """Put a sample in line, drawn as a change would make it."""
    await _check(tx, received.data, received.data.change)
    return queued(received, "preview")


async def _check(tx: Tx, command: Command, change: ProfileChange) -> None:
    path = await store.path_of(tx, change.operator_id)
    if path is None or (command.scope is not None and command.scope not in path):
        raise NotFound("operator_id")
    domain.check_profile(change.fields.model_dump())


async def apply_change(tx: Tx, command: ChangeIspProfile, logo: Logo | None) -> IspProfileChanged:
    """Add the next version of a profile and return it."""
    change = command.change
    await store.lock_profile(tx, change.operator_id)
    known = await store.newest_profile(tx, change.operator_id)
    profile = store.changed(known, change, logo, changed_by=command.actor.signed_as, now=clock.now())
    await store.save_profile(tx, profile)
    return profile
