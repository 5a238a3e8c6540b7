"""What follows from a change that a file makes: the next bill, no bill, whose the bills stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.pages.web.formats import Formats
from gateway.pages.web.translations import gettext as _
from gateway.schemas.fields import Row


@dataclass(frozen=True, slots=True)
class Consequences:
    """Tells what follows from one field of a known customer becoming different."""

    formats: Formats
    next_month: str
    packages: Mapping[UUID, Row]
    operators: Mapping[UUID, str]

    def of(self, field: str, before: Row, after: Row) -> str:
        """Return what the clerk sees of it later; empty where nothing is billed or sent otherwise."""
        if field == "package_id":
            return self._next_bill(after)
        if field in ("status", "billing_cycle"):
            return self._whether_billed(before, after)
        if field == "operator_id":
            name = self.operators.get(before["operator_id"], before.get("operator_code", ""))
            return _("bills so far stay with %(operator)s") % {"operator": name}
        if field == "mobile" and not after["mobile"]:
            return _("no messages")
        return ""

    def _next_bill(self, after: Row) -> str:
        package = self.packages.get(after["package_id"])
        if package is None or not _is_billed(after):
            return ""
        net = package["price_minor"]
        total = net + (net * package["vat_basis_points"] + 5_000) // 10_000
        return _("next bill %(amount)s") % {"amount": self.formats.amount(total)}

    def _whether_billed(self, before: Row, after: Row) -> str:
        if _is_billed(before) == _is_billed(after):
            return ""
        month = {"month": self.formats.month(self.next_month)}
        if _is_billed(after):
            return _("billed from %(month)s") % month
        return _("no bill from %(month)s") % month


def _is_billed(customer: Mapping[str, Any]) -> bool:
    return bool(customer["status"] == "active" and customer["billing_cycle"] == "monthly")
