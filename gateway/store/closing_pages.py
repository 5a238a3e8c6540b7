"""Statements of closed days, which share their columns; these are filled in when they are loaded."""

from __future__ import annotations

from pathlib import Path

import aiosql

from gateway.store.bill_pages import assembled

_TEMPLATE = Path(__file__).parent / "templates" / "closing_pages.sql"

pages = aiosql.from_str(assembled(_TEMPLATE.read_text()), "asyncpg", mandatory_parameters=False)
