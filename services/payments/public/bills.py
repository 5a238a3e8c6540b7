"""The bills of a link as they are now: one, or several of a customer that are paid together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from services.payments import store, wording
from services.payments.senders import limits_of
from services.payments.store import Row
from shared.settling import age

_ORDER = ("bkash", "sslcommerz", "stripe", "sandbox")


@dataclass(frozen=True, slots=True)
class Bills:
    """The bills of a link or a checkout, oldest month first; void ones owe nothing."""

    rows: Sequence[Row]

    NONE: ClassVar[Bills]

    @property
    def first(self) -> Row | None:
        """The oldest of them that is owed; else the oldest."""
        return next((row for row in self.rows if balance_of(row)), self.rows[0] if self.rows else None)

    @property
    def owed(self) -> list[Row]:
        """Those on which something is still owed."""
        return [row for row in self.rows if balance_of(row)]

    @property
    def balance(self) -> int:
        """Return what is owed on all of them together."""
        return sum(balance_of(row) for row in self.rows)

    @property
    def are_void(self) -> bool:
        """Whether there is none that is or was to be paid."""
        return all(row["voided"] for row in self.rows)

    @property
    def currency(self) -> str:
        """The one currency of a customer's bills."""
        currency: str = self.rows[0]["currency"]
        return currency


Bills.NONE = Bills(())


def balance_of(row: Row) -> int:
    """Return what is owed on one bill; nothing on a void one."""
    owed: int = 0 if row["voided"] else row["total_minor"] - row["paid_minor"]
    return owed


def month_of(row: Row, language: str) -> str:
    """The month that a bill is for."""
    return wording.month(row["period"] or f"{row['due_on']:%Y-%m}", language)


def ids_of(row: Row) -> list[UUID]:
    """The bills of a link or a checkout."""
    return [row["invoice_id"], *row["further_invoice_ids"]]


async def bills_of(connection: Any, row: Row) -> Bills:
    """Return the bills of a link or a checkout."""
    rows = await store.facts.of_bills(connection, ids_of(row))
    return Bills(
        sorted(rows.values(), key=lambda each: age(each["period"] or "", each["due_on"], each["number"]))
    )


async def gateways_of(connection: Any, bills: Bills) -> list[Row]:
    """Return the gateways that take money for every bill that is owed, in one order.

    A gateway pays into one account: bills of operators that collect apart are paid apart.
    """
    owed = {row["invoice_id"] for row in bills.owed}
    rows = await store.gateways.for_bills(connection, list(owed))
    taken: dict[UUID, set[UUID]] = {}
    for each in rows:
        taken.setdefault(each["gateway_id"], set()).add(each["invoice_id"])
    gateways = {each["gateway_id"]: each for each in rows if taken[each["gateway_id"]] == owed}
    open_now = [each for each in gateways.values() if limits_of(each)[0] <= bills.balance]
    return sorted(open_now, key=lambda each: _ORDER.index(each["provider"]))
