"""A batch is unpacked no further than it may grow, whatever it says of itself."""

from __future__ import annotations

import sys

import pytest
from aiokafka import codec
from aiokafka.errors import RecordTooLargeError
from aiokafka.record.default_records import DefaultRecordBatch

from shared.packed_batches import limit_batches

FOUR_GIGABYTES = b"\xff\xff\xff\xff\x0f"  # as a block of snappy says how much it holds


def unsnap(packed: bytes) -> bytes:
    limit_batches()
    content: bytes = sys.modules[DefaultRecordBatch.__module__].snappy_decode(packed)  # type: ignore[attr-defined]
    return content


@pytest.mark.parametrize("xerial", [True, False])
def test_snappy_is_unpacked_as_java_and_as_others_pack_it(xerial: bool) -> None:
    content = b"a payment " * 10_000
    assert unsnap(codec.snappy_encode(content, xerial_compatible=xerial)) == content


def test_a_block_that_claims_to_hold_four_gigabytes_is_not_believed() -> None:
    """The library would ask for as much memory, and the process end where it is not there."""
    with pytest.raises(RecordTooLargeError, match="33,554,432 bytes"):
        unsnap(FOUR_GIGABYTES + b"xx")
