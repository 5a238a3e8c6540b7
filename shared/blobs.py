"""The blob store: a local folder by default, any S3 by setting; documents writes files, the gateway streams.

A key says what the file shows, so a key's bytes never change and a file may be made again at any time.
A file is written beside and renamed: whoever reads a key reads it whole. S3 credentials come from the
usual variables (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, or the machine's role).

    files     <kind>s/<subject id>/<digest>.pdf     invoices, receipts, statements, previews, print-files
    logos     logos/<sha256>.png                    as documents wrote them anew
    incoming  incoming/<uuid>                       as somebody sent them, before documents judged them
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store
from pydantic_settings import BaseSettings

if TYPE_CHECKING:
    from obstore.store import S3Config

Store: TypeAlias = Any  # obstore's stores have no public base class

CHUNK_BYTES = 256 * 1024
PATIENCE = timedelta(seconds=5)  # what an answer may take before whoever asked is told


class BlobMissing(Exception):
    """There is no such file, or no longer."""


class BlobsUnavailable(Exception):
    """The blob store does not answer or refuses; the same again may work later."""


class BlobSettings(BaseSettings):
    """The address of the blob store: mixed into the settings of the services that reach it."""

    blob_dir: str = ""
    blob_url: str = ""  # s3://bucket/prefix; wins over the folder
    blob_s3_endpoint: str = ""  # for stores that speak S3 elsewhere than at Amazon


@dataclass(frozen=True, slots=True)
class Blob:
    """The facts of a file that are known without reading it."""

    key: str
    size_bytes: int
    changed_at: datetime


def open_store(settings: BlobSettings) -> Store:
    """The store that the settings name; nothing is asked of it yet."""
    if not settings.blob_url:
        assert settings.blob_dir, "a blob store is needed: set BLOB_DIR or BLOB_URL"
        return LocalStore(Path(settings.blob_dir), mkdir=True)
    config: S3Config = {"virtual_hosted_style_request": not settings.blob_s3_endpoint}
    if settings.blob_s3_endpoint:
        config["endpoint"] = settings.blob_s3_endpoint
    return S3Store.from_url(
        settings.blob_url,
        config=config,
        client_options={"allow_http": True, "connect_timeout": PATIENCE, "timeout": PATIENCE * 6},
        retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
    )


@contextmanager
def _telling(key: str) -> Any:
    """The two things that can be wrong, whatever the store calls them."""
    try:
        yield
    except (FileNotFoundError, NotFoundError) as error:
        raise BlobMissing(key) from error
    except (BaseError, OSError) as error:
        raise BlobsUnavailable(f"{key}: {error}"[:500]) from error


async def put(store: Store, key: str, content: bytes) -> None:
    """Write a file whole, or not at all; raises `BlobsUnavailable`."""
    with _telling(key):
        await obstore.put_async(store, key, content)


async def put_file(store: Store, key: str, path: Path) -> None:
    """Write a file from disk in parts, for what should not be held in memory."""
    with _telling(key):
        await obstore.put_async(store, key, path)


async def get(store: Store, key: str) -> bytes:
    """A file's bytes; raises `BlobMissing` or `BlobsUnavailable`."""
    with _telling(key):
        return bytes(await (await obstore.get_async(store, key)).bytes_async())


async def stream(store: Store, key: str) -> tuple[int, AsyncIterator[bytes]]:
    """A file's size and its bytes in chunks; what is missing is told before the first of them."""
    with _telling(key):
        result = await obstore.get_async(store, key)
    return int(result.meta["size"]), _chunks(result, key)


async def _chunks(result: Any, key: str) -> AsyncIterator[bytes]:
    with _telling(key):
        async for chunk in result.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(chunk)


async def head(store: Store, key: str) -> Blob | None:
    """Return what is known of a file; None when there is none."""
    try:
        with _telling(key):
            meta = await obstore.head_async(store, key)
    except BlobMissing:
        return None
    return Blob(key, int(meta["size"]), meta["last_modified"])


async def delete(store: Store, keys: Sequence[str]) -> None:
    """Delete files; what is gone already is no error."""
    for key in keys:
        try:
            with _telling(key):
                await obstore.delete_async(store, key)
        except BlobMissing:
            continue


async def list_below(store: Store, prefix: str) -> AsyncIterator[Blob]:
    """Every file below a prefix."""
    pages = obstore.list(store, prefix)
    while True:
        with _telling(prefix):
            try:
                page = await asyncio.to_thread(next, pages, None)
            except StopIteration:
                return
        if page is None:
            return
        for meta in page:
            yield Blob(meta["path"], int(meta["size"]), meta["last_modified"])
