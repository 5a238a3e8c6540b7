"""Files of the blob store as answers: streamed, under the name that a person saves them by."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from gateway.commands.documents import File, Look
from gateway.http import responses
from gateway.http.requests import Query
from gateway.operations.submit import Outcome

LANGUAGES = ("en", "bn")
PAPERS = ("A4", "Letter", "A5", "A5x2", "80mm", "58mm")


def look_of(query: Query) -> Look:
    """The language and the paper that the query names."""
    return Look.of(query.word("language", LANGUAGES), query.word("paper", PAPERS))


def answer(found: File | Outcome) -> Response[Any]:
    """The file; else 202 with the operation that makes it, or the problem."""
    return send(found) if isinstance(found, File) else responses.outcome(found)


def send(file: File) -> Response[Any]:
    """A file, as it is read from where files are kept."""
    headers = {
        "Content-Disposition": disposition(file.document.file_name),
        "Content-Length": str(file.size_bytes),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Stream(file.chunks, media_type=file.document.media_type, headers=headers)


def disposition(file_name: str) -> str:
    """Return what names a file in whatever script (RFC 6266); old programs see its plain letters."""
    plain = file_name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    plain = " ".join(plain.split()).replace(" .", ".")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
