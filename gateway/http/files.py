"""Files of the blob store as answers: streamed, under the name that a person saves them by."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from gateway.access import Principal
from gateway.commands.documents import File, store_away, store_of
from gateway.context import Gateway
from gateway.http import responses
from gateway.operations.submit import Outcome
from gateway.problems import not_found
from gateway.queries import isp_profiles as profile_queries
from gateway.schemas import isp_profiles as profile_schemas
from gateway.store.access import acting_as
from shared import blobs
from shared.blobs import BlobMissing, BlobsUnavailable


def answer(found: File | Outcome) -> Response[Any]:
    """The file; else 202 with the operation that makes it, or the problem."""
    return send(found) if isinstance(found, File) else responses.outcome(found)


def send(file: File) -> Response[Any]:
    """A file, as it is read from where files are kept."""
    headers = {
        "Content-Disposition": disposition(file.document.file_name),
        **_kept_by_nobody(file.size_bytes),
    }
    return Stream(file.chunks, media_type=file.document.media_type, headers=headers)


def picture(file: File, media_type: str) -> Response[Any]:
    """A picture that a page shows."""
    return Stream(file.chunks, media_type=media_type, headers=_kept_by_nobody(file.size_bytes))


async def logo(gateway: Gateway, principal: Principal, operator_id: UUID) -> Response[Any]:
    """The logo that an operator's documents bear, its own or an inherited one."""
    async with acting_as(gateway.pool, principal) as tx:
        key = profile_schemas.logo_key(await profile_queries.rows_of(tx, principal, operator_id))
    if key is None:
        raise not_found("There is no logo.")
    try:
        size_bytes, chunks = await blobs.stream(store_of(gateway), key)
    except BlobMissing as error:
        raise not_found("The logo is gone from where files are kept.") from error
    except BlobsUnavailable as error:
        raise store_away() from error
    media_type = "image/png" if key.endswith(".png") else "image/jpeg"
    return Stream(chunks, media_type=media_type, headers=_kept_by_nobody(size_bytes))


def _kept_by_nobody(size_bytes: int) -> dict[str, str]:
    return {
        "Content-Length": str(size_bytes),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


def disposition(file_name: str) -> str:
    """Return what names a file in whatever script (RFC 6266); old programs see its plain letters."""
    plain = file_name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    plain = " ".join(plain.split()).replace(" .", ".")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
