"""Static files."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from gateway.http.requests import PathId
from gateway.pages.web import render

FOR_EVER = "public, max-age=31536000, immutable"


@get("/{path:path}", sync_to_thread=False)
def send_asset(request: Request[Any, Any, Any], path: PathId) -> Response[bytes]:
    """A file by its hashed address: its content never changes, so every cache may keep it."""
    asset = render.assets().by_address.get(f"/static{path}")
    if asset is None:
        raise NotFoundException(detail="There is no such file.")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    body = asset.body
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = asset.gzipped, "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)
