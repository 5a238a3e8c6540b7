"""What a process does with its memory, where batches come and go all day."""

from __future__ import annotations

import ctypes
import gc

# Parameters of glibc's mallopt (malloc.h).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
# Below, a batch's usual pieces would be made of new pages each time.
_LARGE_BYTES = 1024 * 1024
_KEPT_FREE_BYTES = 8 * 1024 * 1024
_ARENAS = 2


def collect_garbage_rarely() -> None:
    """A batch makes tens of thousands of objects that all die with it; looking for cycles among them and
    through every imported module took 45 % of the time of a batch of partner events."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def give_back_large_pieces() -> None:
    """Have what is large go back to the system once it is free, and few threads with a heap of their own.

    glibc takes the largest piece that was ever freed for usual (up to 32 MB) and keeps such pieces in its
    heap from then on, where the small ones between them hold it. Without glibc nothing changes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_TRIM_THRESHOLD, _KEPT_FREE_BYTES)
        mallopt(_ARENA_MAX, _ARENAS)
