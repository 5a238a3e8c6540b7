"""The order in which money settles what is owed (docs/decisions/0024)."""

from __future__ import annotations

from datetime import date


def age(period: str, due_on: date, number: str) -> tuple[str, date, str, int, str]:
    """Sorts the oldest billing period first, then the oldest due, then the lowest number."""
    # A month that was missed and is run late falls due after those that followed it, and is older all the
    # same. The sequence grows past its six digits: by its length first, it sorts as a number.
    prefix, _, sequence = number.rpartition("-")
    return (period, due_on, prefix, len(sequence), sequence)
