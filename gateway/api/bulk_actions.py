"""/bulk-actions: much at once, with an outcome for each item."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from gateway.access import Principal
from gateway.api.declarations import says
from gateway.api.resources import list_of, one_of, ref
from gateway.commands import bulk_actions as bulk_action_commands
from gateway.commands import downloads as download_commands
from gateway.context import Gateway
from gateway.http import downloads, files, responses
from gateway.http.requests import (
    Here,
    PathId,
    Presence,
    Query,
    Who,
    key_of,
    path_id,
    raw_body,
    reader,
)
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import fields
from gateway.store.access import acting_as

ENDED = ("completed", "cancelled")
EVENT_PAUSE_SECONDS = 0.25
LARGEST_SELECTION_BYTES = 8_000_000  # 100,000 ids, and half as much again


@post(
    "/bulk-actions",
    status_code=202,
    summary="Do much at once",
    opt=says(ref("BulkActionShown"), takes=bulk_action_schemas.BulkAction, keyed=True),
    request_max_body_size=LARGEST_SELECTION_BYTES,
)
async def start(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Freezes the selection; 202 with the action. Needs an Idempotency-Key."""
    principal.must("see")
    raw = await raw_body(request)
    action = await bulk_action_commands.start(
        gateway, principal, reader(bulk_action_schemas.BulkAction, raw), key_of(request, raw)
    )
    return responses.json(action, 202, {"Location": f"/api/v1/bulk-actions/{action['id']}"})


@get("/bulk-actions/{action_id:str}", summary="One bulk action", opt=says(ref("BulkActionShown")))
async def get_action(gateway: Here, principal: Who, action_id: PathId) -> Response[bytes]:
    """Live counts."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await bulk_action_queries.describe(tx, principal, path_id(action_id)))


@get(
    "/bulk-actions/{action_id:str}/items",
    summary="Its items",
    opt=says(list_of(ref("BulkItem")), query={"state": one_of("pending", "succeeded", "failed", "skipped")}),
)
async def list_items(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, action_id: PathId
) -> Response[bytes]:
    """Each with its outcome, or the problem."""
    query = Query(request)
    state, page = query.word("state", ("pending", "succeeded", "failed", "skipped")), query.page()
    return responses.json(
        await bulk_action_queries.list_items(gateway, principal, path_id(action_id), state, page)
    )


@get("/bulk-actions/{action_id:str}/events", summary="Its counts as they change")
async def events(request: Request[Any, Any, Any], gateway: Here, principal: Who, action_id: PathId) -> Stream:
    """Server-sent events whose data is the action; the last one when it has ended.

    They stop within seconds of the end of the session or of the token that asked for them.
    """
    found = path_id(action_id)
    async with acting_as(gateway.pool, principal) as tx:
        first = await bulk_action_queries.describe(tx, principal, found)

    presence = Presence(request, gateway)

    async def stream() -> AsyncIterator[bytes]:
        shown = first
        yield _event(shown)
        while shown["state"] not in ENDED:
            await asyncio.sleep(EVENT_PAUSE_SECONDS)
            if not await presence.lasts():
                return
            fresh = await _describe(gateway, principal, action_id)
            if fresh != shown:
                yield _event(fresh)
            shown = fresh

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream(), media_type="text/event-stream", headers=headers)


async def _describe(gateway: Gateway, principal: Principal, action_id: str) -> dict[str, Any]:
    async with acting_as(gateway.pool, principal) as tx:
        return await bulk_action_queries.describe(tx, principal, path_id(action_id))


def _event(action: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(action) + b"\n\n"


@get(
    "/bulk-actions/{action_id:str}/download",
    summary="The files of a bulk download",
    opt=says(None, query={"as": one_of("zip", "print")}),
)
async def download(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, action_id: PathId
) -> Response[Any]:
    """One ZIP, streamed while its files are made; once all are, also the rest of it (`Range`, `If-Range`).

    `as=print` is one PDF with every page, in the same order; 202 with the operation while it is joined.
    """
    found = path_id(action_id)
    if Query(request).word("as", ("zip", "print")) != "print":
        return await downloads.send(request, gateway, principal, found)
    address = f"/api/v1/bulk-actions/{found}/download?as=print"
    return files.answer(await download_commands.print_file(gateway, principal, found, address))


@post(
    "/bulk-actions/{action_id:str}/retry",
    status_code=200,
    summary="Try the failed ones again",
    opt=says(ref("BulkActionShown"), at_once=True),
)
async def retry(gateway: Here, principal: Who, action_id: PathId) -> Response[bytes]:
    """Payments at the balance of now, documents as they would be now."""
    return responses.json(await bulk_action_commands.retry(gateway, principal, path_id(action_id)))


@post(
    "/bulk-actions/{action_id:str}/cancel",
    status_code=200,
    summary="Send no more",
    opt=says(ref("BulkActionShown"), at_once=True),
)
async def cancel(gateway: Here, principal: Who, action_id: PathId) -> Response[bytes]:
    """What was not sent is skipped."""
    return responses.json(await bulk_action_commands.cancel(gateway, principal, path_id(action_id)))


@post(
    "/bulk-actions/{action_id:str}/undo",
    status_code=202,
    summary="Take a mark-as-paid back",
    opt=says(ref("BulkActionShown"), takes=fields.Reason, keyed=True),
)
async def undo(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, action_id: PathId
) -> Response[bytes]:
    """A bulk action of its own: a reversal for each payment that still stands. Needs an Idempotency-Key."""
    principal.must("reverse")
    raw = await raw_body(request)
    read = reader(fields.Reason, raw)
    action = await bulk_action_commands.undo(
        gateway, principal, path_id(action_id), read, key_of(request, raw)
    )
    return responses.json(action, 202, {"Location": f"/api/v1/bulk-actions/{action['id']}"})


ROUTES = [start, get_action, list_items, events, download, retry, cancel, undo]
