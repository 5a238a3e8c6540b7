"""Documents' own work: it ends republishes, and forgets files that nobody asks for any more."""

from __future__ import annotations

from datetime import timedelta

from services.documents import store
from services.documents.handlers.answers import SERVICE
from shared import blobs, clock, republishing
from shared.db import Pool, in_transaction
from shared.erasure import Erased, Forget
from shared.service import Step

FILES_A_STEP = 200
UNJUDGED_FOR = timedelta(days=1)


async def end_republishes(pool: Pool) -> bool:
    """Say the end of each republish whose messages have left the outbox."""
    async with in_transaction(pool) as tx:
        for republish in await store.end_republishes(tx):
            await republishing.say_end(tx, SERVICE, republish)
    return False


def forget_files(blob_store: blobs.Store, retention_days: int) -> Step:
    """Return a step that deletes files nobody asked for within the retention, and pictures never saved."""

    async def step(pool: Pool) -> bool:
        before = clock.now() - timedelta(days=retention_days)
        keys = await store.expired_files(pool, before, FILES_A_STEP)
        # The row first: a file without a row is made again, a row without a file would have to be noticed.
        await store.forget_files(pool, keys, before)
        pictures = [key.removesuffix(".pdf") + ".png" for key in keys if key.startswith("previews/")]
        await blobs.delete(blob_store, keys + pictures)
        if not keys:
            await store.forget_bulk_files(pool, before)
            await _forget_unjudged(blob_store)
        return len(keys) == FILES_A_STEP

    return step


async def _forget_unjudged(blob_store: blobs.Store) -> None:
    """Logos as they were sent, which somebody may have previewed and never saved."""
    before = clock.now() - UNJUDGED_FOR
    old = [blob.key async for blob in blobs.list_below(blob_store, "incoming") if blob.changed_at < before]
    await blobs.delete(blob_store, old)


def forget_erased(blob_store: blobs.Store) -> Forget:
    """Return what deletes the files about an erased customer; False while one of them is being made."""

    async def forget(pool: Pool, erased: Erased) -> bool:
        is_rendering = await store.is_rendering_about(pool, erased.customer_id)
        keys = await store.files_about(pool, erased.customer_id)
        # The file first: a row without a file is noticed and made again, a file without a row by nobody.
        await blobs.delete(blob_store, keys)
        await store.forget_files_about(pool, keys)
        return not is_rendering

    return forget
