"""The files of bulk downloads: what was chosen, what is made of it so far, what is made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.store import bulk_actions as bulk_action_store
from gateway.store.statements import Row, many, named
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class Download:
    """A bulk download as it stands; another `edition` may have other bytes in it."""

    id: UUID
    action: str
    state: str
    total: int
    parameters: dict[str, Any]
    created_at: datetime
    edition: int

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will be made for it."""
        return self.state in ("completed", "cancelled")


@dataclass(frozen=True, slots=True)
class Item:
    """One bill of a download: `blob_key` and the rest are there once its file is made."""

    position: int
    state: str
    blob_key: str | None
    size_bytes: int | None
    file_name: str | None
    as_of: datetime | None


async def find(tx: Tx, action_id: UUID) -> Download | None:
    """Return a bulk action as a download, whoever asked for it."""
    row = await named.download_by_id(tx, id=action_id)
    return Download(**dict(row)) if row else None


async def bills_to_order(tx: Tx, bill_ids: Sequence[UUID]) -> list[Row]:
    """Return what each bill is sorted by, in the order of the ids."""
    return await many(named.bills_to_order(tx, bill_ids=list(bill_ids)))


async def freeze(tx: Tx, action_id: UUID, bill_ids: Sequence[UUID]) -> None:
    """Keep the bills as items in this order; what the transaction cannot see is not found."""
    await named.freeze_documents(tx, action_id=action_id, bill_ids=list(bill_ids))
    await bulk_action_store.count(tx, action_id)


async def settled(tx: Tx, bill_ids: Collection[UUID]) -> dict[UUID, Row]:
    """Return what is paid and owed of each bill."""
    return {row["id"]: row async for row in named.settled_on_bills(tx, bill_ids=list(bill_ids))}


async def payments(tx: Tx, bill_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """Return what settles each bill, oldest first."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    async for row in named.payments_on_bills(tx, bill_ids=list(bill_ids)):
        found[row["bill_id"]].append(row)
    return found


async def items_after(tx: Tx, action_id: UUID, after: int, limit: int) -> list[Item]:
    """Return the next items in their order."""
    rows = named.downloaded(tx, action_id=action_id, after=after, limit=limit)
    return [Item(**dict(row)) async for row in rows]


async def names_and_sizes(tx: Tx, action_id: UUID) -> list[tuple[str, int]]:
    """Return every file that was made, in order."""
    rows = named.files_of_action(tx, action_id=action_id)
    return [(row["file_name"], row["size_bytes"]) async for row in rows]


async def sum_of_files(tx: Tx, action_id: UUID) -> tuple[int, int]:
    """Return how many files were made, and their bytes."""
    row = await named.sum_of_files(tx, action_id=action_id)
    return row["files"], row["size_bytes"]


async def first_files(tx: Tx, action_id: UUID, limit: int) -> list[Row]:
    """Return the first files in order, with their sizes."""
    return await many(named.first_files(tx, action_id=action_id, limit=limit))


async def left_out(tx: Tx, action_id: UUID, after: int, limit: int) -> list[Row]:
    """Return the next items that came to no file, each with the bill and why."""
    return await many(named.not_downloaded(tx, action_id=action_id, after=after, limit=limit))


async def make_again(tx: Tx, action_id: UUID, positions: Sequence[int]) -> None:
    """Let files that are gone be made once more, in a new edition."""
    await named.forget_files_of_action(tx, action_id=action_id, positions=list(positions))
    await named.make_items_again(tx, action_id=action_id, positions=list(positions))
    await _begin_anew(tx, action_id)


async def retry(tx: Tx, action_id: UUID) -> None:
    """Ask once more for what failed, in a new edition."""
    await named.retry_documents(tx, action_id=action_id)
    await _begin_anew(tx, action_id)


async def _begin_anew(tx: Tx, action_id: UUID) -> None:
    await named.next_edition(tx, id=action_id)
    await bulk_action_store.count(tx, action_id)
