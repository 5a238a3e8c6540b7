"""Logos as customers' pages show them: small, so that a page stays light on a poor line."""

from __future__ import annotations

import asyncio
import io

from PIL import Image

from gateway.commands.documents import store_away, store_of
from gateway.context import Gateway
from gateway.problems import not_found
from shared import blobs
from shared.blobs import BlobMissing, BlobsUnavailable

# Twice what a page shows, for dense screens.
_SIZE = 320, 80
_MOST_KEPT = 200

# A logo that is changed gets another key.
_small: dict[str, bytes] = {}


async def small_logo(gateway: Gateway, key: str) -> bytes:
    """Return a logo of the blob store as a small PNG; raises 404 where it is gone."""
    if key not in _small:
        try:
            _size, chunks = await blobs.stream(store_of(gateway), key)
            content = b"".join([chunk async for chunk in chunks])
        except BlobMissing as error:
            raise not_found("The logo is gone from where files are kept.") from error
        except BlobsUnavailable as error:
            raise store_away() from error
        if len(_small) >= _MOST_KEPT:
            _small.clear()
        _small[key] = await asyncio.to_thread(_made_small, content)
    return _small[key]


def _made_small(content: bytes) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(content)) as logo:
        small = logo.convert("RGBA")
        small.thumbnail(_SIZE, Image.Resampling.LANCZOS)
        small.quantize(256, Image.Quantize.FASTOCTREE).save(made, "PNG", optimize=True)
    return made.getvalue()
