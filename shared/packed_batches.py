"""A batch that others have packed is unpacked no further than it may grow: a megabyte may hold ten thousand.

aiokafka unpacks a batch whole. A partner's one would take all memory of the process that reads it, and of the
next one that is started in its place; so its partition is set aside instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

import cramjam
from aiokafka import codec
from aiokafka.errors import RecordTooLargeError
from aiokafka.record.default_records import DefaultRecordBatch

from shared.unpacking import UnpackedTooLarge, gunzip

# Far above what clients gather: they end a batch at a megabyte, most of them before it is packed.
LARGEST_BATCH_BYTES = 32 * 1024 * 1024
# What is tried first: new pages for the largest batch would be more work than unpacking a usual one.
_USUAL_RATIO, _USUAL_BYTES = 16, 64 * 1024
_XERIAL_HEADER_BYTES = 16

Unpack: TypeAlias = Callable[[bytes], bytes]


def limit_batches() -> None:
    """Teach aiokafka to refuse a batch that is too large unpacked; again, it changes nothing."""
    limited = {
        "gzip_decode": lambda packed: gunzip(packed, LARGEST_BATCH_BYTES),
        "snappy_decode": _unsnap,
        "lz4_decode": lambda packed: _unpack_into(cramjam.lz4.decompress_into, packed),
        "zstd_decode": lambda packed: _unpack_into(cramjam.zstd.decompress_into, packed),
    }
    for name, unpack in limited.items():
        setattr(sys.modules[DefaultRecordBatch.__module__], name, _refusing(unpack))


def _refusing(unpack: Unpack) -> Unpack:
    def unpack_or_refuse(packed: bytes) -> bytes:
        try:
            return unpack(packed)
        except UnpackedTooLarge as error:
            raise RecordTooLargeError(f"this batch: {error}") from error

    return unpack_or_refuse


def _unsnap(packed: bytes) -> bytes:
    """Each block says how much it holds, true or not, and the library takes that much memory for it."""
    is_framed = codec._detect_xerial_stream(packed)
    blocks = list(_xerial_blocks(memoryview(packed)[_XERIAL_HEADER_BYTES:])) if is_framed else [packed]
    if sum(map(cramjam.snappy.decompress_raw_len, blocks)) > LARGEST_BATCH_BYTES:
        raise UnpackedTooLarge(f"more than {LARGEST_BATCH_BYTES:,} bytes unpacked")
    return b"".join(bytes(cramjam.snappy.decompress_raw(block)) for block in blocks)


def _xerial_blocks(rest: memoryview) -> Iterator[memoryview]:
    """Yield the blocks of snappy-java's stream: a length of four bytes and a block, again and again."""
    while rest:
        end = 4 + int.from_bytes(rest[:4], "big")
        yield rest[4:end]
        rest = rest[end:]


def _unpack_into(unpack: Callable[[bytes, bytearray], int], packed: bytes) -> bytes:
    usual = min(len(packed) * _USUAL_RATIO + _USUAL_BYTES, LARGEST_BATCH_BYTES)
    try:
        return _filled(unpack, packed, usual)
    except cramjam.DecompressionError:
        try:
            return _filled(unpack, packed, LARGEST_BATCH_BYTES)
        except cramjam.DecompressionError as error:
            wrong = f"not to be unpacked into {LARGEST_BATCH_BYTES:,} bytes ({error})"
            raise UnpackedTooLarge(wrong) from error


def _filled(unpack: Callable[[bytes, bytearray], int], packed: bytes, room: int) -> bytes:
    content = bytearray(room)
    return bytes(memoryview(content)[: unpack(packed, content)])
