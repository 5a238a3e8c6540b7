"""The fields of a payment, on one bill or as a lump sum: how they begin, and the body that they make."""

from __future__ import annotations

from typing import Any

from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import Visit

FIELDS = ("amount", "paid_on", "method", "reference", "note")
NAMED = {"amount_minor": "amount"}


def begun(visit: Visit, amount: str) -> dict[str, str]:
    """Return the fields with this amount, paid in cash today."""
    today = visit.desk.today.isoformat()
    return {"amount": amount, "paid_on": today, "method": "cash", "reference": "", "note": ""}


def body(typed: Typed) -> dict[str, Any]:
    """Return the body of a payment."""
    return {
        "amount_minor": typed.amount("amount"),
        "paid_on": typed.past_day("paid_on"),
        "method": typed["method"] or "cash",
        "reference": typed.optional("reference"),
        "note": typed.optional("note"),
    }
