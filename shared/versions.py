"""States that carry a version: the newest of each is the one that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K")


def newest(states: Iterable[T], key: Callable[[T], K], version: Callable[[T], int]) -> list[T]:
    """Return the newest state of each key, in the order in which the keys came."""
    kept: dict[K, T] = {}
    for state in states:
        known = kept.get(key(state))
        if known is None or version(known) < version(state):
            kept[key(state)] = state
    return list(kept.values())
