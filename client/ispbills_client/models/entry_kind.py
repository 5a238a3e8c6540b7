from typing import Literal, cast

EntryKind = Literal["bill", "payment", "refund", "reversal", "void"]


def check_entry_kind(value: str) -> EntryKind:
    """Return the value, also one that a later release has added."""
    return cast(EntryKind, value)
