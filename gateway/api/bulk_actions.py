"""/bulk-actions: much at once, with an outcome for each item."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from gateway.access import Principal
from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import bulk_actions as bulk_action_commands
from gateway.commands import downloads as download_commands
from gateway.context import Gateway
from gateway.http import downloads, files, responses
from gateway.http.bulk_items_csv import stream_items
from gateway.http.requests import Here, PathId, Presence, Who, path_id, wants_csv
from gateway.http.responses import Answer
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import fields
from gateway.schemas.answers import Listed
from gateway.store.access import acting_as

ENDED = ("completed", "cancelled")
EVENT_PAUSE_SECONDS = 0.25
LARGEST_SELECTION_BYTES = 8_000_000  # 100,000 ids, and half as much again


@post(
    "/bulk-actions",
    status_code=202,
    summary="Start a bulk action",
    opt=says(may="see", keyed=True),
    request_max_body_size=LARGEST_SELECTION_BYTES,
)
async def start_bulk_action(
    asked: Asked[bulk_action_schemas.BulkAction],
) -> Answer[bulk_action_schemas.BulkActionShown]:
    """Freeze the selection and return the action, whose items are worked off from now on."""
    action = await bulk_action_commands.start(asked.gateway, asked.principal, asked.read, asked.key)
    return _taken_up(action)


def _taken_up(
    action: bulk_action_schemas.BulkActionShown,
) -> Answer[bulk_action_schemas.BulkActionShown]:
    return responses.json(action, 202, {"Location": f"/api/v1/bulk-actions/{action['id']}"})


@get("/bulk-actions/{action_id:str}", summary="Get a bulk action")
async def get_bulk_action(
    gateway: Here, principal: Who, action_id: PathId
) -> Answer[bulk_action_schemas.BulkActionShown]:
    """Return the action with its live counts."""
    return responses.json(await _describe(gateway, principal, action_id))


@get(
    "/bulk-actions/{action_id:str}/items",
    summary="List the items of a bulk action",
    opt=says(media=("application/json", "text/csv")),
)
async def list_bulk_items(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    action_id: PathId,
    wanted: Wanted[bulk_action_schemas.ItemQuery],
) -> Answer[Listed[bulk_action_schemas.BulkItem]] | Response[Any]:
    """Return the items, each with its outcome or its problem; with `Accept: text/csv` all of them."""
    if wants_csv(request):
        await _describe(gateway, principal, action_id)
        return stream_items(gateway, principal, path_id(action_id), wanted.state)
    return responses.json(
        await bulk_action_queries.list_items(
            gateway, principal, path_id(action_id), wanted.state, wanted.page
        )
    )


@get(
    "/bulk-actions/{action_id:str}/events",
    summary="Follow a bulk action",
    opt=says(media=("text/event-stream",)),
)
async def follow_bulk_action(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, action_id: PathId
) -> Stream:
    """Send server-sent events whose data is the action, the last one when it has ended.

    They stop within seconds of the end of the session or of the token that asked for them.
    """
    first = await _describe(gateway, principal, action_id)
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


async def _describe(
    gateway: Gateway, principal: Principal, action_id: str
) -> bulk_action_schemas.BulkActionShown:
    async with acting_as(gateway.pool, principal) as tx:
        return await bulk_action_queries.describe(tx, principal, path_id(action_id))


def _event(action: Mapping[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(action) + b"\n\n"


@get(
    "/bulk-actions/{action_id:str}/download",
    summary="Download the files of a bulk action",
    opt=says(media=("application/zip", "application/pdf")),
)
async def download_bulk_action(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    action_id: PathId,
    wanted: Wanted[bulk_action_schemas.DownloadQuery],
) -> Response[Any]:
    """Send one ZIP while its files are made; once all are, also the rest of it (`Range`, `If-Range`).

    `as=print` is one PDF with every page, in the same order; 202 with the operation while it is joined.
    """
    found = path_id(action_id)
    if wanted.as_ != "print":
        return await downloads.send(request, gateway, principal, found)
    address = f"/api/v1/bulk-actions/{found}/download?as=print"
    return files.answer(await download_commands.print_file(gateway, principal, found, address))


@post(
    "/bulk-actions/{action_id:str}/retry",
    status_code=200,
    summary="Retry a bulk action",
)
async def retry_bulk_action(
    asked: Asked[Nothing], action_id: PathId
) -> Answer[bulk_action_schemas.BulkActionShown]:
    """Take the failed items up again: payments at the balance of now, documents as they would be now."""
    return responses.json(
        await bulk_action_commands.retry(asked.gateway, asked.principal, path_id(action_id))
    )


@post(
    "/bulk-actions/{action_id:str}/cancel",
    status_code=200,
    summary="Cancel a bulk action",
)
async def cancel_bulk_action(
    asked: Asked[Nothing], action_id: PathId
) -> Answer[bulk_action_schemas.BulkActionShown]:
    """Begin no more items; those that were not begun are skipped."""
    return responses.json(
        await bulk_action_commands.cancel(asked.gateway, asked.principal, path_id(action_id))
    )


@post(
    "/bulk-actions/{action_id:str}/undo",
    status_code=202,
    summary="Undo a bulk action",
    opt=says(may="reverse", keyed=True),
)
async def undo_bulk_action(
    asked: Asked[fields.Reason], action_id: PathId
) -> Answer[bulk_action_schemas.BulkActionShown]:
    """Take a mark-as-paid back by an action of its own: a reversal for each payment that still stands."""
    action = await bulk_action_commands.undo(
        asked.gateway, asked.principal, path_id(action_id), asked.read, asked.key
    )
    return _taken_up(action)


ROUTES = [
    start_bulk_action,
    get_bulk_action,
    list_bulk_items,
    follow_bulk_action,
    download_bulk_action,
    retry_bulk_action,
    cancel_bulk_action,
    undo_bulk_action,
]
