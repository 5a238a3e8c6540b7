"""What others have packed with gzip, unpacked no further than it may grow: a megabyte may hold a thousand."""

from __future__ import annotations

import zlib

_WITH_HEADER = 16 + zlib.MAX_WBITS


class UnpackedTooLarge(ValueError):
    """It holds more than was agreed to read."""


def gunzip(packed: bytes, most_bytes: int) -> bytes:
    """Return what gzip has packed; raises `UnpackedTooLarge`, zlib.error, EOFError for want of its end."""
    content = b""
    while packed:
        stream = zlib.decompressobj(_WITH_HEADER)
        content += stream.decompress(packed, most_bytes + 1 - len(content))
        if len(content) > most_bytes:
            raise UnpackedTooLarge(f"more than {most_bytes:,} bytes unpacked")
        if not stream.eof:
            raise EOFError("what is packed has no end")
        packed = stream.unused_data
    return content
