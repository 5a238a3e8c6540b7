"""A batch that others have packed is unpacked no further than it may grow: a megabyte may hold ten thousand.

aiokafka unpacks a batch whole. A partner's one would take all memory of the process that reads it, and of the
next one that is started in its place; so its partition is set aside instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeAlias

import cramjam
from aiokafka.errors import RecordTooLargeError
from aiokafka.record.default_records import DefaultRecordBatch

from shared.unpacking import UnpackedTooLarge, gunzip

# Far above what clients gather: they end a batch at a megabyte, most of them before it is packed.
LARGEST_BATCH_BYTES = 32 * 1024 * 1024
# What is tried first: new pages for the largest batch would be more work than unpacking a usual one.
_USUAL_RATIO, _USUAL_BYTES = 16, 64 * 1024

Unpack: TypeAlias = Callable[[bytes], bytes]


def limit_batches() -> None:
    """Teach aiokafka to refuse a batch that is too large unpacked; again, it changes nothing."""
    # Snappy is left alone: its format holds twenty times its size at most.
    limited = {
        "gzip_decode": lambda packed: gunzip(packed, LARGEST_BATCH_BYTES),
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
