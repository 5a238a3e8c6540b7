"""Rows of documents in and out: operators, profiles, what waits to be rendered, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.documents.domain import Letterhead, Own, StoredLogo, letterhead
from shared import clock, installation
from shared.cloudevents import envelope_from_json, envelope_to_json
from shared.contracts.documents import IspProfileChanged, Logo, ProfileChange, ProfileFields
from shared.contracts.envelope import Command, Envelope
from shared.db import Connection, Pool, Tx, statements
from shared.installation import Place

Row: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = "Pool | Connection | Tx"

queries = statements(__file__)


async def billing_place(tx: Reader) -> Place:
    """Return where the installation bills."""
    return await installation.billing_place(tx, queries)


async def path_of(tx: Reader, operator_id: UUID) -> Sequence[UUID] | None:
    """From the root to an operator; None for one never heard of."""
    row = await queries.operator(tx, operator_id=operator_id)
    return row["path"] if row else None


async def own_profiles(tx: Reader, operator_id: UUID, moment: datetime) -> list[tuple[UUID, str, Own]]:
    """Return what an operator and those above it said of themselves at a moment, nearest first."""
    rows = queries.profiles_on_path(tx, operator_id=operator_id, moment=moment)
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
    """An operator's letterhead as it was at a moment; its bare name while it is not known here."""
    profiles = await own_profiles(tx, operator_id, moment)
    if not profiles:
        return Letterhead(name=name, company=name)
    return letterhead([own for _, _, own in profiles], profiles[-1][1])


async def newest_profile(tx: Tx, operator_id: UUID) -> IspProfileChanged | None:
    """An operator's own profile as it is now; None where it never said anything of itself."""
    row = await queries.newest_profile(tx, operator_id=operator_id)
    return profile_changed(row) if row else None


def profile_changed(row: Row) -> IspProfileChanged:
    """A version of a profile as the world hears it."""
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
    """A profile with a change applied: what is named is set or given back, everything else stays."""
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
    await queries.add_profile(
        tx,
        operator_id=profile.operator_id,
        version=profile.version,
        valid_from=profile.valid_from,
        fields=profile.fields.model_dump(mode="json"),
        logo=profile.logo.model_dump(mode="json") if profile.logo else None,
        no_logo=profile.no_logo,
        changed_by=profile.changed_by,
    )


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
    await queries.queue_renderings(
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
    row = await queries.claim_rendering(pool, holder=holder, lease_seconds=lease_seconds)
    if row is None:
        return None
    envelope = envelope_from_json(row["envelope"])
    return Claimed(row["document_id"], row["kind"], row["command"], envelope, row["attempts"], row["is_late"])


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
    """The file of that key, kept for longer now; None when it was never made."""
    row = await queries.use_file(pool, blob_key=blob_key, now=clock.now())
    return File(**dict(row)) if row else None


async def bulk_files_after(pool: Pool, bulk_action_id: UUID, after: tuple[int, UUID], most: int) -> list[Row]:
    """The next files of a bulk action, in their order."""
    rows = queries.bulk_files_after(
        pool, bulk_action_id=bulk_action_id, after_position=after[0], after_document_id=after[1], most=most
    )
    return [row async for row in rows]


async def keep_file(tx: Tx, file: File) -> None:
    """Note a file that is in the blob store."""
    await queries.keep_file(
        tx,
        blob_key=file.blob_key,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        crc32=file.crc32,
        pages=file.pages,
        picture=file.picture,
        as_of=file.as_of,
        now=clock.now(),
    )
