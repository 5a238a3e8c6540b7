"""How a view of bills stands, in a few numbers: what others change in it is seen by comparing them."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.pages.bill_address import STATUSES, BillAddress
from gateway.schemas.bills import Totals

SUMS = ("total_minor", "paid_minor", "balance_minor")


def standing(totals: Totals, address: BillAddress) -> dict[str, object]:
    """Return how many bills of the view have each status, and what they add up to."""
    by_status: Mapping[str, object] = totals["by_status"]
    sums: Mapping[str, object] = totals
    counted = ("overdue",) if address.overdue else address.statuses or STATUSES
    return {**{name: by_status[name] for name in counted}, **{name: sums[name] for name in SUMS}}
