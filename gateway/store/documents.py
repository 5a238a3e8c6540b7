"""Documents that were asked for, and the files that came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.store.statements import Row, named
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was made, as it lies in the blob store."""

    id: UUID
    kind: str
    subject_id: UUID
    blob_key: str
    media_type: str
    size_bytes: int
    file_name: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The key that tells one file from another: what it is about, and all that it shows."""

    kind: str
    subject_id: UUID
    shows: str


async def add(tx: Tx, document_id: UUID, asking: Asking, caller: str, now: datetime) -> None:
    """Note that a file is asked for."""
    await named.add_document(
        tx,
        id=document_id,
        kind=asking.kind,
        subject_id=asking.subject_id,
        shows=asking.shows,
        caller=caller,
        now=now,
    )


async def by_id(tx: Tx, document_id: UUID) -> Document | None:
    """The file of an asking, once it was made."""
    return _document(await named.document_by_id(tx, id=document_id))


async def made(tx: Tx, asking: Asking, asked_after: datetime) -> Document | None:
    """The youngest file that shows just this."""
    return _document(
        await named.document_that_shows(
            tx, kind=asking.kind, subject_id=asking.subject_id, shows=asking.shows, asked_after=asked_after
        )
    )


async def under_way(tx: Tx, asking: Asking, caller: str) -> UUID | None:
    """The caller's own asking for the same file, while it has not ended."""
    found: UUID | None = await named.document_under_way(
        tx, kind=asking.kind, subject_id=asking.subject_id, shows=asking.shows, caller=caller
    )
    return found


async def forget_file(tx: Tx, document_id: UUID) -> None:
    """The file is gone from the blob store; whoever asks next has it made again."""
    await named.forget_file(tx, id=document_id)


def _document(row: Row | None) -> Document | None:
    if row is None or row["blob_key"] is None:
        return None
    return Document(
        row["id"],
        row["kind"],
        row["subject_id"],
        row["blob_key"],
        row["media_type"],
        row["size_bytes"],
        row["file_name"],
    )
