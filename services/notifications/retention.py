"""How long notifications keeps what it has."""

from __future__ import annotations

from shared.retention import ROAD, Kept

KEPT: tuple[Kept, ...] = ROAD
