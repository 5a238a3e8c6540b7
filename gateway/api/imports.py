"""/imports: customers from a file, the report, the refused lines, and the taking back."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from gateway.api.declarations import Asked, Nothing, Wanted, says
from gateway.commands import imports as import_commands
from gateway.http import imported, responses, uploads
from gateway.http.requests import LARGEST_FILE_BYTES, Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.operations import results
from gateway.operations.submit import Outcome
from gateway.schemas import answers, import_reports
from gateway.schemas.imports import MEDIA
from gateway.store.access import acting_as
from gateway.store.imports import File, packed
from shared.ids import new_id


@post(
    "/customers/import",
    status_code=202,
    summary="Import customers",
    opt=says(may="change-customers", keyed=True, files=MEDIA),
    request_max_body_size=LARGEST_FILE_BYTES,
)
async def import_customers(
    asked: Asked[Nothing], wanted: Wanted[import_reports.ImportQuery]
) -> Written[import_reports.Report]:
    """Take a CSV file or a workbook; the operation's resource is the report of what became of each line.

    `dry_run` answers 200 with the report, writes nothing, and needs no key.
    """
    options = wanted.options()
    if not wanted.dry_run:
        asked.must_have_key()
    table = await uploads.table_of(asked.raw, options.sheet)
    gateway, principal = asked.gateway, asked.principal
    if wanted.dry_run:
        seen = await import_commands.look(gateway, principal, table, options)
        return responses.outcome(Outcome(new_id(), 200, import_reports.shown(seen.report())))
    file = File(new_id(), principal.operator_id, principal.caller, "", packed(asked.raw))
    return responses.outcome(
        await import_commands.import_customers(gateway, principal, table, options, file, asked.key)
    )


@get("/imports/{import_id:str}", summary="Get an import", opt=says(may="change-customers"))
async def get_import(gateway: Here, principal: Who, import_id: PathId) -> Answer[answers.Operation]:
    """Return the import's operation, with its report once it is completed."""
    async with acting_as(gateway.pool, principal) as tx:
        operation = await import_commands.found_import(tx, principal, path_id(import_id))
        return responses.json(await results.describe(tx, operation, gateway.portals))


@get(
    "/imports/{import_id:str}/refused.csv",
    summary="Download the refused lines of an import",
    opt=says(may="change-customers", media=("text/csv",)),
)
async def download_refused_lines(gateway: Here, principal: Who, import_id: PathId) -> Response[Any]:
    """Return the refused lines with the file's own columns and a reason, to correct and send again."""
    return await imported.refused_lines(gateway, principal, path_id(import_id))


@get(
    "/imports/{import_id:str}/kept.csv",
    summary="Download the lines that stayed when an import was taken back",
    opt=says(may="change-customers", media=("text/csv",)),
)
async def download_kept_lines(gateway: Here, principal: Who, import_id: PathId) -> Response[Any]:
    """Return the lines of customers who were billed, paying or changed since, with the reason."""
    return await imported.kept_lines(gateway, principal, path_id(import_id))


@post(
    "/imports/{import_id:str}/undo",
    status_code=200,
    summary="Take an import back",
    opt=says(may="change-customers"),
)
async def undo_import(asked: Asked[Nothing], import_id: PathId) -> Written[import_reports.Undone]:
    """Put back the fields that the import changed, close what it made and nobody has used; once.

    What somebody billed, paid or changed since stays, and is named with its reason.
    """
    return responses.outcome(await import_commands.undo(asked.gateway, asked.principal, path_id(import_id)))


@post(
    "/imports/{import_id:str}/cancel",
    status_code=202,
    summary="Cancel an import",
    opt=says(may="change-customers"),
)
async def cancel_import(asked: Asked[Nothing], import_id: PathId) -> Written[import_reports.Report]:
    """Send no more of it; its other lines are told as refused, what was imported stays."""
    return responses.outcome(await import_commands.cancel(asked.gateway, asked.principal, path_id(import_id)))


ROUTES = [
    import_customers,
    get_import,
    download_refused_lines,
    download_kept_lines,
    undo_import,
    cancel_import,
]
