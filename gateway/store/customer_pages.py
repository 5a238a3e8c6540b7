"""Statements of lists of customers, which share a filter; it is filled in when they are loaded."""

from __future__ import annotations

from pathlib import Path

from gateway.store.bill_pages import assembled
from shared.db import statements_in

_TEMPLATE = Path(__file__).parent / "templates" / "customer_pages.sql"

pages = statements_in(assembled(_TEMPLATE.read_text()))
