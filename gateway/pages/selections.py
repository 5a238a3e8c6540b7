"""A selection of bills, as it travels through dialogs: what it names, and what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.http.requests import path_id
from gateway.pages.bill_address import BillAddress
from gateway.pages.web.submission import Submission
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.queries import bills as bill_queries
from gateway.store import bills as bill_store
from shared.db import Tx

# Of a body that names one.
FIELDS = ("selection", "selection.bill_ids")


@dataclass(frozen=True)
class Selection:
    """Bills one by one, or the filter that names all of them."""

    bill_ids: tuple[UUID, ...]
    address: BillAddress | None

    @classmethod
    def of(cls, submission: Submission) -> Selection:
        """Return the selection that a form carries."""
        if submission.one("selection") == "filter":
            return cls((), BillAddress.of(submission.one("filter").removeprefix("?")))
        return cls(tuple(path_id(each) for each in submission.all("bill_ids")), None)

    @property
    def body(self) -> dict[str, Any]:
        """Return it as a command takes it."""
        if self.address is not None:
            return {"filter": self.address.as_filter_body()}
        return {"bill_ids": [str(each) for each in self.bill_ids]}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return it as fields of the next form."""
        if self.address is not None:
            return [("selection", "filter"), ("filter", self.address.to().partition("?")[2])]
        return [("selection", "bills"), *(("bill_ids", str(each)) for each in self.bill_ids)]

    async def ids(self, tx: Tx, visit: Visit) -> list[UUID]:
        """Return every bill that it names; none where nothing is chosen."""
        if self.address is None:
            return list(self.bill_ids)
        chosen = await bill_queries.select_all(
            tx, visit.principal, self.address.filter(), visit.desk.today, "selection"
        )
        return await bill_store.ids(tx, chosen, bill_store.MOST_SELECTED)

    async def summary(self, visit: Visit) -> Mapping[str, Any]:
        """Return how many bills it is, in which state, and what they owe."""
        async with visit.reading() as tx:
            if self.address is None:
                return await bill_store.selection_summary(tx, list(self.bill_ids))
            totals = await bill_queries.sum_all(tx, visit.principal, self.address.filter())
        return _summary_of_filter(self.address, totals)


def _summary_of_filter(address: BillAddress, totals: Mapping[str, Any]) -> Mapping[str, Any]:
    by_status = totals["by_status"]
    chosen = address.statuses or ("unpaid", "partial", "paid", "void")
    if address.overdue:
        # Whatever is overdue is open; the split by status is not known without counting them.
        unpaid, partial = totals["count"], 0
    else:
        unpaid, partial = (by_status[name] if name in chosen else 0 for name in ("unpaid", "partial"))
    return {
        "bills": totals["count"],
        "unpaid": unpaid,
        "partial": partial,
        "other": totals["count"] - unpaid - partial,
        "balance_minor": totals["balance_minor"],
        "operator_name": "",
        "operators": 0,
    }


def texts() -> dict[str, str]:
    """Return what a form says of a selection that is empty."""
    return dict.fromkeys(FIELDS, _("Choose at least one bill."))
