"""A bulk download as an answer: one ZIP, sent while its files are made, that goes on where it was cut off.

Nothing is kept but the names of what was sent. A file that is gone from where files are kept is made again
while the reader waits; where that would change bytes that were promised, the answer is cut off instead, and
the next one is of another edition.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.response import Stream

from gateway.access import Principal
from gateway.commands import downloads as download_commands
from gateway.commands.documents import store_of
from gateway.context import Gateway
from gateway.http.csv import harmless, line_of
from gateway.http.files import disposition
from gateway.http.requests import Presence
from gateway.problems import Problem
from gateway.queries import billing_settings as settings_queries
from gateway.store import downloads as download_store
from gateway.store.access import acting_as
from gateway.store.downloads import Download, Item
from shared import blobs
from shared.blobs import BlobMissing, BlobsUnavailable
from shared.values.file_names import file_name
from shared.zips import Member, stream_zip, zip_size

ITEMS_AT_ONCE = 100
PAUSE_SECONDS = 0.2
STORE_PATIENCE_SECONDS = 30.0
TIMES_MADE_AGAIN = 3
ERRORS = "errors.csv"
_RANGE = re.compile(r"^bytes=(\d{1,18})-$")


class CutOff(Exception):
    """The answer cannot go on as it was begun; its reader sees a broken connection and asks again."""


@dataclass
class _Sending:
    """One download on its way to one reader."""

    gateway: Gateway
    principal: Principal
    presence: Presence
    download: Download
    zone: ZoneInfo
    is_promised: bool  # a length was told, so no byte may change

    async def members(self) -> AsyncIterator[Member]:
        """Yield every file in its order, each as soon as it is made, and what is missing at the end."""
        after = 0
        while items := await self._made_after(after):
            for item in items:
                if item.state == "succeeded":
                    yield await self._member(item)
                after = item.position
        missing = b"".join([line async for line in self._errors()])
        if missing:
            yield Member(ERRORS, self.download.created_at.astimezone(self.zone), _once(missing))

    async def _made_after(self, after: int) -> Sequence[Item]:
        """Wait for the next items that have ended; nothing once there are no more."""
        while True:
            if not await self.presence.lasts():
                raise CutOff
            async with acting_as(self.gateway.pool, self.principal) as tx:
                items = await download_store.items_after(tx, self.download.id, after, ITEMS_AT_ONCE)
            ended = list(takewhile(lambda item: item.state != "pending", items))
            if ended or not items:
                return ended
            if self.is_promised:
                raise CutOff
            await asyncio.sleep(PAUSE_SECONDS)

    async def _member(self, item: Item) -> Member:
        """Open a file; one that is gone is made again, and waited for where nothing was promised."""
        for _ in range(TIMES_MADE_AGAIN):
            chunks = await self._opened(item)
            if chunks is not None:
                assert item.file_name is not None
                assert item.as_of is not None
                return Member(item.file_name, item.as_of.astimezone(self.zone), chunks)
            await download_commands.make_again(
                self.gateway, self.principal, self.download.id, [item.position]
            )
            if self.is_promised:
                raise CutOff
            (item, *_rest) = await self._made_after(item.position - 1)
            if item.state != "succeeded":
                raise CutOff
        raise CutOff

    async def _opened(self, item: Item) -> AsyncIterator[bytes] | None:
        if item.blob_key is None:
            return None
        patience = STORE_PATIENCE_SECONDS
        while True:
            try:
                size_bytes, chunks = await blobs.stream(store_of(self.gateway), item.blob_key)
                return chunks if size_bytes == item.size_bytes else None
            except BlobMissing:
                return None
            except BlobsUnavailable:
                patience -= 1
                if patience <= 0 or not await self.presence.lasts():
                    raise
                await asyncio.sleep(1)

    async def _errors(self) -> AsyncIterator[bytes]:
        """Yield what is in no file and why, a line each; no cell can run as a formula."""
        after = 0
        while True:
            async with acting_as(self.gateway.pool, self.principal) as tx:
                rows = await download_store.left_out(tx, self.download.id, after, ITEMS_AT_ONCE)
            for row in rows:
                if after == 0:
                    yield line_of(("number", "customer", "bill_id", "code", "detail"))
                after = row["position"]
                detail = (row["problem"] or {}).get("detail", "")
                named = (row["number"] or "", row["customer_name"] or "", str(row["bill_id"]))
                yield line_of([harmless(cell) for cell in (*named, row["outcome"], detail)])
            if not rows:
                return

    async def size_bytes(self) -> int:
        """Return how large the whole ZIP is, once nothing more will be made for it."""
        async with acting_as(self.gateway.pool, self.principal) as tx:
            files = await download_store.names_and_sizes(tx, self.download.id)
        errors = sum([len(line) async for line in self._errors()])
        return await asyncio.to_thread(zip_size, [*files, (ERRORS, errors)] if errors else files)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def send(
    request: Request[Any, Any, Any], gateway: Gateway, principal: Principal, action_id: UUID
) -> Response[Any]:
    """Return the ZIP: from its beginning while it is made, or the rest of it once it has ended."""
    store_of(gateway)
    await download_commands.mend(gateway, principal, action_id)
    sending = await _sending(request, gateway, principal, action_id)
    headers = {
        "Content-Disposition": disposition(name_of(sending.download)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Accel-Buffering": "no",
    }
    status, offset = 200, 0
    if sending.is_promised:
        whole, tag = await sending.size_bytes(), f'"{action_id}-{sending.download.edition}"'
        offset = _offset(request, tag)
        if offset > whole:
            raise Problem(416, "range-not-satisfiable", f"The file has {whole:,} bytes.")
        headers |= {"ETag": tag, "Accept-Ranges": "bytes", "Content-Length": str(whole - offset)}
        if offset:
            status = 206
            headers["Content-Range"] = f"bytes {offset}-{whole - 1}/{whole}"
    parts = stream_zip(sending.members(), offset)
    return Stream(parts, status_code=status, media_type="application/zip", headers=headers)


async def _sending(
    request: Request[Any, Any, Any], gateway: Gateway, principal: Principal, action_id: UUID
) -> _Sending:
    found = await download_commands.download(gateway, principal, action_id)
    async with acting_as(gateway.pool, principal) as tx:
        settings = await settings_queries.billing_settings(tx)
    zone = ZoneInfo(settings["time_zone"])
    return _Sending(gateway, principal, Presence(request, gateway), found, zone, found.has_ended)


def _offset(request: Request[Any, Any, Any], tag: str) -> int:
    """Return where to go on; from the beginning when the reader has bytes of another edition."""
    asked = _RANGE.match(request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", tag) != tag:
        return 0
    return int(asked.group(1))


def name_of(download: Download) -> str:
    """Return what the ZIP is saved as: `Bills 2026-12 Pallabi Link.zip`."""
    shared = download.parameters
    return file_name("Bills", f"{shared.get('period', '')} {shared.get('operator_name', '')}", ".zip")
