"""The frames in which a job and its answer travel between the service and a rendering process.

A frame is four bytes of length, a JSON header of that length, and the blobs whose lengths the header names.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO, TypeAlias

Header: TypeAlias = dict[str, Any]

READY = b"ready"  # before the first frame


def read_frame(source: BinaryIO) -> tuple[Header, list[bytes]] | None:
    """The next frame; None at the end."""
    start = source.read(4)
    if len(start) < 4:
        return None
    header: Header = json.loads(source.read(struct.unpack(">I", start)[0]))
    return header, [source.read(length) for length in header["blobs"]]


def frame(header: Header, blobs: Sequence[bytes]) -> bytes:
    """A header and its blobs as they travel."""
    text = json.dumps(header | {"blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join((struct.pack(">I", len(text)), text, *blobs))
