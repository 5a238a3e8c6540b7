"""How a bill stands, in a few letters: pages and the stream that watches them compare it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any


def stamp_of(bill: Mapping[str, Any]) -> str:
    """Return what differs when anything of a bill that a page shows has changed: bill, link or message."""
    link, message = bill["link"] or {}, bill["message"] or {}
    told = (
        link.get("url"),
        link.get("state"),
        link.get("opened_at"),
        message.get("state"),
        message.get("at"),
    )
    return f"{bill['version']}-{hashlib.sha256(repr(told).encode()).hexdigest()[:12]}"
