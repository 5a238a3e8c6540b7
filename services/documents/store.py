"""Rows of documents in and out: operators, profiles, what waits to be rendered, files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.documents.domain import Letterhead, Own, StoredLogo, letterhead
from shared import clock
from shared.cloudevents import envelope_from_json, envelope_to_json
from shared.contracts.documents import IspProfileChanged, Logo, ProfileChange, ProfileFields
from shared.contracts.envelope import Command, Envelope
from shared.db import Connection, Pool, Tx, statements
from shared.installation import Installation

Row: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = "Pool | Connection | Tx"

_queries = statements(__file__)
installation = Installation(_queries)


async def path_of(tx: Reader, operator_id: UUID) -> Sequence[UUID] | None:
    """Return the operators from the root to this one; None for one never heard of."""
    row = await _queries.operator(tx, operator_id=operator_id)
    return row["path"] if row else None


async def own_profiles(tx: Reader, operator_id: UUID, moment: datetime) -> list[tuple[UUID, str, Own]]:
    """Return what an operator and those above it said of themselves at a moment, nearest first."""
    rows = _queries.profiles_on_path(tx, operator_id=operator_id, moment=moment)
    return [(row["operator_id"], row["operator_name"], _own(row)) async for row in rows]


def _own(row: Row) -> Own:
    if row["fields"] is None:
        return Own()
    logo = row["logo"]
    return Own(
        **{name: value for name, value in row["fields"].items() if value is not None},
        logo=StoredLogo(logo["key"], logo["width"], logo["height"]) if logo else None,
        no_logo=row["no_logo"],
    )


async def letterhead_of(tx: Reader, operator_id: UUID, name: str, moment: datetime) -> Letterhead:
    """Return an operator's letterhead as it was at a moment; its bare name while it is not known here."""
    profiles = await own_profiles(tx, operator_id, moment)
    if not profiles:
        return Letterhead(name=name, company=name)
    return letterhead([own for _, _, own in profiles], profiles[-1][1])


async def lock_profile(tx: Tx, operator_id: UUID) -> None:
    """Let nobody else change an operator's profile until this transaction ends."""
    await _queries.lock_profile(tx, operator_id=operator_id)


async def newest_profiles(tx: Tx) -> list[IspProfileChanged]:
    """Return every operator's own profile as it is now."""
    return [profile_changed(row) async for row in _queries.newest_profiles(tx)]


async def newest_profile(tx: Tx, operator_id: UUID) -> IspProfileChanged | None:
    """Return an operator's own profile as it is now; None where it never said anything of itself."""
    row = await _queries.newest_profile(tx, operator_id=operator_id)
    return profile_changed(row) if row else None


def profile_changed(row: Row) -> IspProfileChanged:
    """Return a version of a profile as the world hears it."""
    return IspProfileChanged(
        operator_id=row["operator_id"],
        fields=ProfileFields(**row["fields"]),
        logo=Logo(**row["logo"]) if row["logo"] else None,
        no_logo=row["no_logo"],
        valid_from=row["valid_from"],
        changed_by=row["changed_by"],
        version=row["version"],
    )


def changed(
    known: IspProfileChanged | None,
    change: ProfileChange,
    logo: Logo | None,
    *,
    changed_by: str,
    now: datetime,
) -> IspProfileChanged:
    """Return a profile with a change applied: what is named is set or given back, everything else stays."""
    fields = known.fields.model_dump() if known else {}
    fields |= {name: value for name, value in change.fields.model_dump().items() if value is not None}
    fields |= {name: None for name in change.inherit if name != "logo"}
    kept_logo = known.logo if known else None
    no_logo = change.no_logo or (known is not None and known.no_logo)
    if logo is not None:
        kept_logo, no_logo = logo, False
    elif "logo" in change.inherit:
        kept_logo, no_logo = None, False
    elif no_logo:
        kept_logo = None
    return IspProfileChanged(
        operator_id=change.operator_id,
        fields=ProfileFields(**fields),
        logo=kept_logo,
        no_logo=no_logo,
        valid_from=now,
        changed_by=changed_by,
        version=known.version + 1 if known else 1,
    )


async def save_profile(tx: Tx, profile: IspProfileChanged) -> None:
    """Add a version of a profile."""
    await _queries.add_profile(
        tx,
        operator_id=profile.operator_id,
        version=profile.version,
        valid_from=profile.valid_from,
        fields=profile.fields.model_dump(mode="json"),
        logo=profile.logo.model_dump(mode="json") if profile.logo else None,
        no_logo=profile.no_logo,
        changed_by=profile.changed_by,
    )


async def learn_profiles(tx: Tx, said: Collection[IspProfileChanged]) -> int:
    """Add the versions that were said since a backup, valid from when they were; return how many."""
    learned = 0
    for profile in sorted(said, key=lambda each: each.version):
        known = await newest_profile(tx, profile.operator_id)
        if profile.version > (known.version if known else 0):
            await save_profile(tx, profile)
            learned += 1
    return learned


@dataclass(frozen=True, slots=True)
class Queued:
    """A command that waits to be carried out."""

    document_id: UUID
    kind: str
    command: Command
    envelope: Envelope
    bulk_action_id: UUID | None
    position: int
    patience_seconds: float


async def queue(tx: Tx, renderings: Sequence[Queued]) -> None:
    """Put commands in line; bulk ones behind those that a person waits for."""
    await _queries.queue_renderings(
        tx,
        document_ids=[each.document_id for each in renderings],
        kinds=[each.kind for each in renderings],
        command_ids=[each.envelope.id for each in renderings],
        envelopes=[envelope_to_json(each.envelope) for each in renderings],
        commands=[each.command.model_dump(mode="json") for each in renderings],
        lanes=[1 if each.bulk_action_id else 0 for each in renderings],
        bulk_action_ids=[each.bulk_action_id for each in renderings],
        positions=[each.position for each in renderings],
        patience_seconds=[each.patience_seconds for each in renderings],
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A command that is ours for as long as the lease lasts."""

    document_id: UUID
    kind: str
    command: dict[str, Any]
    envelope: Envelope
    attempts: int
    is_late: bool


async def claim(pool: Pool, holder: UUID, lease_seconds: float) -> Claimed | None:
    """Take the next command in line, whoever held it before; None when nothing waits."""
    row = await _queries.claim_rendering(pool, holder=holder, lease_seconds=lease_seconds)
    if row is None:
        return None
    envelope = envelope_from_json(row["envelope"])
    return Claimed(row["document_id"], row["kind"], row["command"], envelope, row["attempts"], row["is_late"])


async def extend_lease(pool: Pool, document_id: UUID, holder: UUID, lease_seconds: float) -> None:
    """Keep a claimed command for longer; a lease that was lost stays lost."""
    await _queries.extend_lease(pool, document_id=document_id, holder=holder, lease_seconds=lease_seconds)


async def release(
    pool: Pool, document_id: UUID, holder: UUID, *, attempts: int, pause_seconds: float
) -> None:
    """Give a claimed command back to the line, to be taken again after a pause."""
    await _queries.release_rendering(
        pool, document_id=document_id, holder=holder, attempts=attempts, pause_seconds=pause_seconds
    )


async def end(tx: Tx, document_id: UUID, holder: UUID) -> bool:
    """Take a command out of the line for good; False where the lease was lost to somebody else."""
    return bool(await _queries.end_rendering(tx, document_id=document_id, holder=holder))


@dataclass(frozen=True, slots=True)
class File:
    """A file in the blob store, as its row knows it."""

    blob_key: str
    media_type: str
    size_bytes: int
    sha256: str
    crc32: int
    pages: int
    as_of: datetime
    picture: dict[str, Any] | None = None


async def use_file(pool: Pool, blob_key: str) -> File | None:
    """Return the file of that key, kept for longer now; None when it was never made."""
    row = await _queries.use_file(pool, blob_key=blob_key, now=clock.now())
    return File(**dict(row)) if row else None


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A file with its place in a bulk action."""

    position: int
    document_id: UUID
    blob_key: str


async def bulk_files_after(
    pool: Pool, bulk_action_id: UUID, after: tuple[int, UUID], most: int
) -> list[BulkFile]:
    """Return the next files of a bulk action, in their order."""
    rows = _queries.bulk_files_after(
        pool, bulk_action_id=bulk_action_id, after_position=after[0], after_document_id=after[1], most=most
    )
    return [BulkFile(row["position"], row["document_id"], row["blob_key"]) async for row in rows]


async def keep_bulk_file(tx: Tx, bulk_action_id: UUID, file: BulkFile) -> None:
    """Note which file has which place in a bulk action."""
    await _queries.keep_bulk_file(
        tx,
        bulk_action_id=bulk_action_id,
        position=file.position,
        document_id=file.document_id,
        blob_key=file.blob_key,
        now=clock.now(),
    )


async def keep_file(tx: Tx, file: File, customer_id: UUID | None) -> None:
    """Note a file that is in the blob store, and whom it is about."""
    await _queries.keep_file(
        tx,
        blob_key=file.blob_key,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        crc32=file.crc32,
        pages=file.pages,
        picture=file.picture,
        as_of=file.as_of,
        customer_id=customer_id,
        now=clock.now(),
    )


async def expired_files(pool: Pool, before: datetime, most: int) -> list[str]:
    """Return the keys of files that nobody has asked for since a moment, the longest forgotten first."""
    return [row["blob_key"] async for row in _queries.expired_files(pool, before=before, most=most)]


async def forget_files(pool: Pool, blob_keys: Sequence[str], before: datetime) -> None:
    """Forget files, except those that somebody has asked for meanwhile."""
    await _queries.forget_files(pool, blob_keys=blob_keys, before=before)


async def forget_bulk_files(pool: Pool, before: datetime) -> None:
    """Forget the places of files in bulk actions of before a moment."""
    await _queries.forget_bulk_files(pool, before=before)


async def start_republish(tx: Tx, command_id: UUID, envelope: Envelope) -> None:
    """Note a republish with the last row that the outbox holds for it."""
    await _queries.start_republish(tx, command_id=command_id, envelope=envelope_to_json(envelope))


async def end_republishes(tx: Tx) -> list[Row]:
    """Take away the republishes whose messages have left the outbox, and return them."""
    return [row async for row in _queries.end_republishes(tx)]


async def files_about(pool: Pool, customer_id: UUID) -> list[str]:
    """Return the keys of a customer's files, and of what was joined with one of them in it."""
    return [row["blob_key"] async for row in _queries.files_about(pool, customer_id=customer_id)]


async def forget_files_about(pool: Pool, blob_keys: Sequence[str]) -> None:
    """Forget files that are gone from the blob store, whenever somebody asked for them last."""
    await _queries.forget_files_about(pool, blob_keys=blob_keys)


async def is_rendering_about(pool: Pool, customer_id: UUID) -> bool:
    """Return whether something about a customer waits in line or is being made."""
    return bool(await _queries.is_rendering_about(pool, customer_id=customer_id))
