"""Static files under addresses that carry a hash of their content, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from gateway.http.requests import PathId
from gateway.pages.web import render

STATIC = Path(__file__).parents[2] / "static"
DESK_STYLESHEET = "css/desk.css"
# What our pages use of it (`make stylesheet`); ours begin with it, so that a page waits for one file.
TABLER = "vendor/tabler/tabler.css"
STYLESHEETS = (
    "tokens",
    "controls",
    "shell",
    "filters",
    "bills",
    "overlays",
    "cards",
    "bulk",
    "imports",
    "run",
    "settings",
    "operations",
    "dashboard",
    "menus",
    "forms",
    "narrow",
    "payments",
)
SCRIPTS = (
    "dom", "menus", "selection", "dialogs", "fields", "amounts", "payment", "messages", "rows", "keyboard",
    "live",
)  # fmt: skip
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
STYLESHEET_ADDRESS = re.compile(rb'url\("(\.\.?/[^"]+)"\)')

SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)".*?</symbol>', re.DOTALL)

FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file, as it is sent."""

    media_type: str
    body: bytes
    gzipped: bytes | None


@dataclass
class Assets:
    """Every static file by its hashed address, and the address of each by its path."""

    by_address: dict[str, Asset] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    # The icons by name, for pages that have one many times.
    symbols: dict[str, str] = field(default_factory=dict)

    def address(self, path: str) -> str:
        """Return where a browser finds `path`; raises KeyError for a file that is not there."""
        return self.addresses[path]

    def add(self, path: str, body: bytes) -> None:
        suffix = posixpath.splitext(path)[1]
        digest = hashlib.sha256(body).hexdigest()[:16]
        gzipped = None if suffix == ".woff2" else gzip.compress(body, 9, mtime=0)
        address = f"/static/{digest}/{path}"
        self.addresses[path] = address
        self.by_address[address] = Asset(MEDIA_TYPES[suffix], body, gzipped)


def load_assets() -> Assets:
    """Read, bundle and compress `gateway/static`; stylesheets last, for they name the others."""
    assets = Assets()
    files = sorted(file for file in STATIC.rglob("*") if file.suffix in MEDIA_TYPES)
    for file in files:
        if file.suffix != ".css" and file.stem not in SCRIPTS:
            assets.add(file.relative_to(STATIC).as_posix(), file.read_bytes())
    sprite = (STATIC / "icons.svg").read_text()
    assets.symbols.update({match[1]: match[0] for match in SYMBOL.finditer(sprite)})
    script = b"\n".join((STATIC / "js" / f"{name}.js").read_bytes() for name in SCRIPTS)
    assets.add("js/desk.js", script)
    for file in files:
        path = file.relative_to(STATIC).as_posix()
        if file.suffix == ".css" and not path.startswith("css/") and path != TABLER:
            assets.add(path, _hashed_addresses(assets, path, file.read_bytes()))
    own = ((STATIC / "css" / f"{name}.css").read_bytes() for name in STYLESHEETS)
    bundle = b"\n".join([(STATIC / TABLER).read_bytes(), *own])
    assets.add(DESK_STYLESHEET, _hashed_addresses(assets, DESK_STYLESHEET, bundle))
    public = b"\n".join((STATIC / "css" / f"{name}.css").read_bytes() for name in ("tokens", "public"))
    assets.add("css/public.css", _hashed_addresses(assets, "css/public.css", public))
    return assets


def _hashed_addresses(assets: Assets, stylesheet: str, body: bytes) -> bytes:
    folder = posixpath.dirname(stylesheet)

    def hashed(match: re.Match[bytes]) -> bytes:
        path = posixpath.normpath(posixpath.join(folder, match[1].decode()))
        return b'url("' + assets.address(path).encode() + b'")'

    return STYLESHEET_ADDRESS.sub(hashed, body)


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
