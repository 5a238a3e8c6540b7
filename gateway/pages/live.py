"""Bills that change while they are looked at: a stream names them, and the browser fetches each anew."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.response import Stream

from gateway.http.requests import PathId, Presence, path_id
from gateway.pages.bill_fragments import changed_bill
from gateway.pages.web.stamps import stamp_of
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import wrong
from gateway.queries import payment_links as payment_link_queries
from gateway.store import payment_links as payment_link_store

MOST_BILLS = 250
PAUSE_SECONDS = 0.5
ID_BYTES = 16


@get("/bills/changes")
async def send_changes(visit: ThisVisit) -> Response[Any]:
    """Say how each bill stands, at first of all and then of those that change: `{id: stamp}`."""
    bill_ids = _ids(visit.request.query_params.get("ids", ""))
    first, presence = await _stamps(visit, bill_ids), Presence(visit.request, visit.gateway)

    async def events() -> AsyncIterator[bytes]:
        known = first
        yield _event(known)
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            if not await presence.lasts():
                return
            stamps = await _stamps(visit, bill_ids)
            changed = {bill_id: stamp for bill_id, stamp in stamps.items() if known.get(bill_id) != stamp}
            known = stamps
            # A comment is how a browser that has gone away is noticed.
            yield _event(changed) if changed else b":\n\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(events(), media_type="text/event-stream", headers=headers)


def _event(stamps: dict[str, str]) -> bytes:
    return f"data: {json.dumps(stamps)}\n\n".encode()


async def _stamps(visit: Visit, bill_ids: Sequence[UUID]) -> dict[str, str]:
    async with visit.reading() as tx:
        versions = await payment_link_store.versions_of_bills(tx, bill_ids)
        sent = await payment_link_queries.of_bills(tx, list(versions), visit.gateway.portals)
    return {
        str(each): stamp_of({"version": versions[each], "link": sent[each][0], "message": sent[each][1]})
        for each in versions
    }


def _ids(text: str) -> list[UUID]:
    """The ids of an address, 22 letters each: a page of bills fits where their usual spelling would not."""
    try:
        parts = [base64.urlsafe_b64decode(f"{part}==") for part in text.split(".") if part]
    except (binascii.Error, ValueError) as error:
        raise wrong("ids", "These are no ids.") from error
    if len(parts) > MOST_BILLS or any(len(part) != ID_BYTES for part in parts):
        raise wrong("ids", f"At most {MOST_BILLS} ids.")
    return [UUID(bytes=part) for part in parts]


@get("/bills/{bill_id:str}/content")
async def show_content(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The content of a bill's page as it is now."""
    return await changed_bill(visit, path_id(bill_id))


ROUTES = [send_changes, show_content]
