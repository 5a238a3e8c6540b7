"""Statements of a page of payments, one for each sort, filled in when they are loaded."""

from __future__ import annotations

from pathlib import Path

from gateway.store.bill_pages import Sort, expanded
from shared.db import statements_in

_TEMPLATE = Path(__file__).parent / "templates" / "payment_pages.sql"

# Closed, as for bills; those that begin with the oldest turn pages back.
SORTS: dict[str, Sort] = {
    "-recorded_at": Sort("recorded_at", "timestamptz", "DESC"),
    "recorded_at": Sort("recorded_at", "timestamptz", "ASC"),
    "-paid_on": Sort("paid_on", "date", "DESC"),
    "paid_on": Sort("paid_on", "date", "ASC"),
}

pages = statements_in(expanded(_TEMPLATE.read_text(), SORTS))
