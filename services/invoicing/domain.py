"""The rules of billing: periods and dates, who is billed, what an invoice comes to; the named refusals."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from shared.money import vat_minor
from shared.refusals import Refused

RunKind = Literal["automatic", "requested", "generate_missing"]
Earlier = Literal["none", "live", "void"]
Outcome = Literal[
    "created",
    "already_billed",
    "voided",
    "suspended",
    "closed",
    "not-monthly",
    "joined-later",
    "free",
    "amount-too-large",
]

# What a run says of a customer whom it could not bill; every other word is a bill, or a reason to skip.
FAILURES = frozenset({"failed", "amount-too-large", "currency-changed", "run-total-too-large"})

LARGEST_AMOUNT_MINOR = 2**53 - 1
NUMBER_DIGITS = 6
LONGEST_WAIT_FOR_MONEY = timedelta(seconds=5)


class Forbidden(Refused):
    """This belongs to the whole installation; only its administrator may change it."""

    code = "forbidden"


class CodeTaken(Refused):
    """This code is in use already."""

    code = "code-taken"


class IdTaken(Refused):
    """This id already names something else."""

    code = "id-taken"


class NotClosed(Refused):
    """Only a closed customer can be erased; close them first."""

    code = "not-closed"


class StillOwes(Refused):
    """This customer still owes something; what is owed is paid or voided first."""

    code = "still-owes"


class CustomerErased(Refused):
    """This customer was erased; nothing of them can be changed any more."""

    code = "customer-erased"


class RootExists(Refused):
    """The installation has its first operator already; name a parent."""

    code = "root-exists"


class UnknownTimeZone(Refused):
    """This is no time zone of the IANA database."""

    code = "unknown-time-zone"


class CurrencyFixed(Refused):
    """The currency cannot change once an invoice exists."""

    code = "currency-fixed"


class PeriodInTheFuture(Refused):
    """This period has not begun; it can only be tried as a dry run."""

    code = "period-in-the-future"


class BeforeBillingFrom(Refused):
    """This period lies before the first one that is billed."""

    code = "before-billing-from"


class AlreadyVoid(Refused):
    """This invoice is void already."""

    code = "already-void"


class HasPayments(Refused):
    """Money has been received for this invoice; reverse the payment first."""

    code = "has-payments"


class NothingToBill(Refused):
    """Today's package costs nothing, or more than an invoice can hold; there is nothing to reissue."""

    code = "nothing-to-bill"


def period_of(day: date) -> str:
    """The billing period of a day, as `2026-12`."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(period: str) -> date:
    """The 1st of a period."""
    return date(int(period[:4]), int(period[5:]), 1)


def last_day(period: str) -> date:
    """The last day of a period."""
    first = first_day(period)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def issue_date(period: str, today: date) -> date:
    """The 1st of the period, or the day the invoice is made when that is later."""
    return max(first_day(period), today)


def due_date(issued_on: date, due_days: int) -> date:
    """The last day on which an invoice is not overdue."""
    return issued_on + timedelta(days=due_days)


def joined_by(kind: RunKind, period: str) -> date:
    """The last day of joining that a run bills.

    A month's run bills those who were there on its 1st; generating what is missing bills everybody who
    joins before the period's end.
    """
    if kind != "generate_missing":
        return first_day(period)
    return last_day(period)


def check_period(period: str, *, today: date, billing_from: str, dry_run: bool) -> None:
    """Refuse a period that may not be run."""
    if int(period[:4]) == 0 or period < billing_from:
        raise BeforeBillingFrom("period")
    if period > period_of(today) and not dry_run:
        raise PeriodInTheFuture("period")


def is_automatic_due(period: str, *, installed_in: str, billing_from: str) -> bool:
    """Whether a period is run by itself: never the month of installation, nor one that is not billed."""
    return period > installed_in and period >= billing_from


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one month of a package, in minor units; VAT is rounded half up once."""

    net_minor: int
    vat_basis_points: int

    @property
    def vat_minor(self) -> int:
        """VAT on the net price."""
        return vat_minor(self.net_minor, self.vat_basis_points)

    @property
    def total_minor(self) -> int:
        """Return the sum with VAT."""
        return self.net_minor + self.vat_minor

    @property
    def is_billable(self) -> bool:
        """Whether it is an amount that an invoice can carry."""
        return 0 < self.total_minor <= LARGEST_AMOUNT_MINOR


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The facts that decide whether a customer is billed."""

    status: Literal["active", "suspended", "closed"]
    billing_cycle: Literal["monthly", "daily", "none"]
    since: date


def decide(subscriber: Subscriber, price: Price, earlier: Earlier, joined_by: date) -> Outcome:
    """Return what a run does with a customer; `bill_customers` in sql/invoices.sql says the same for sets."""
    if earlier == "live":
        return "already_billed"
    if earlier == "void":
        return "voided"
    if subscriber.status != "active":
        return subscriber.status
    if subscriber.billing_cycle != "monthly":
        return "not-monthly"
    if subscriber.since > joined_by:
        return "joined-later"
    if price.total_minor == 0:
        return "free"
    return "created" if price.is_billable else "amount-too-large"


def invoice_number(operator_code: str, sequence: int) -> str:
    """An operator's invoice number: its code and at least six digits."""
    return f"{operator_code}-{sequence:0{NUMBER_DIGITS}d}"


def is_within(path: Sequence[UUID], scope: UUID | None) -> bool:
    """Whether an operator lies in the subtree of `scope`; no scope is the whole tree."""
    return scope is None or scope in path


def check_erasure(*, is_closed: bool, owes: bool) -> None:
    """Raise the reason for which a customer's personal data is still needed."""
    if not is_closed:
        raise NotClosed
    if owes:
        raise StillOwes


def check_void(*, is_void: bool, is_reissued: bool, reissue: bool, paid_minor: int) -> None:
    """Refuse to void what is void or paid; a void invoice may still be reissued, once."""
    if is_void and (is_reissued or not reissue):
        raise AlreadyVoid
    if not is_void and paid_minor > 0:
        raise HasPayments


# What is sold depends on who sells it: the two are changed, and taken back, as one.
_TOGETHER = ("operator_id", "package_id")


def fields_to_restore(
    before: Mapping[str, str | None], after: Mapping[str, str | None], now: Mapping[str, str | None]
) -> tuple[list[str], list[str]]:
    """Return the fields that an import changed: those to put back, and those that others changed since."""
    changed = [name for name in after if after[name] != before[name] and now[name] != before[name]]
    since = {name for name in after if now[name] != after[name]}
    if since & set(_TOGETHER):
        since |= set(_TOGETHER)
    return [name for name in changed if name not in since], [name for name in changed if name in since]
