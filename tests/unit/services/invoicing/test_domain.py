"""The rules of billing, without a database."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.invoicing import domain
from services.invoicing.domain import (
    AlreadyVoid,
    BeforeBillingFrom,
    HasPayments,
    PeriodInTheFuture,
    Price,
    Subscriber,
)

TODAY = date(2026, 12, 14)
ACTIVE = Subscriber("active", "monthly", date(2026, 1, 1))


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_vat_rounds_half_up_as_an_accountant_would(net: int, basis_points: int) -> None:
    exact = Decimal(net) * basis_points / 10_000
    assert Price(net, basis_points).vat_minor == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_total_is_its_parts(net: int, basis_points: int) -> None:
    price = Price(net, basis_points)
    assert price.total_minor == price.net_minor + price.vat_minor


@given(st.dates(date(1990, 1, 1), date(2200, 12, 31)))
def test_a_day_lies_within_its_period(day: date) -> None:
    period = domain.period_of(day)
    assert domain.first_day(period) <= day <= domain.last_day(period)


def test_a_month_is_dated_its_first_day_unless_made_later() -> None:
    assert domain.issue_date("2027-01", TODAY) == date(2027, 1, 1)
    assert domain.issue_date("2026-12", TODAY) == TODAY
    assert domain.issue_date("2026-12", date(2026, 12, 1)) == date(2026, 12, 1)


def test_a_period_before_the_first_one_or_to_come_is_refused() -> None:
    with pytest.raises(BeforeBillingFrom):
        domain.check_period("2026-10", today=TODAY, billing_from="2026-11", dry_run=False)
    with pytest.raises(PeriodInTheFuture):
        domain.check_period("2027-01", today=TODAY, billing_from="2026-11", dry_run=False)
    domain.check_period("2027-01", today=TODAY, billing_from="2026-11", dry_run=True)
    domain.check_period("2026-11", today=TODAY, billing_from="2026-11", dry_run=False)


def test_the_month_of_installation_is_never_run_by_itself() -> None:
    assert not domain.is_automatic_due("2026-12", installed_in="2026-12", billing_from="2026-12")
    assert domain.is_automatic_due("2027-01", installed_in="2026-12", billing_from="2026-12")
    assert not domain.is_automatic_due("2027-01", installed_in="2026-12", billing_from="2027-02")


def test_who_joins_mid_month_waits_for_the_first_or_for_generate_missing() -> None:
    joined = Subscriber("active", "monthly", date(2026, 12, 14))
    price = Price(100_000, 500)
    month = domain.joined_by("automatic", "2026-12")
    at_once = domain.joined_by("generate_missing", "2026-12")
    assert domain.decide(joined, price, "none", month) == "joined-later"
    assert domain.decide(joined, price, "none", at_once) == "created"
    later = Subscriber("active", "monthly", date(2027, 1, 1))
    assert domain.decide(later, price, "none", at_once) == "joined-later"


def test_any_invoice_closes_its_period_whatever_the_customer_is_now() -> None:
    closed = Subscriber("closed", "none", TODAY)
    assert domain.decide(closed, Price(0, 0), "live", TODAY) == "already_billed"
    assert domain.decide(ACTIVE, Price(1, 0), "void", TODAY) == "voided"


def test_nothing_and_too_much_are_not_billed() -> None:
    assert domain.decide(ACTIVE, Price(0, 500), "none", TODAY) == "free"
    assert domain.decide(ACTIVE, Price(2**53 - 1, 1), "none", TODAY) == "amount-too-large"
    assert domain.decide(ACTIVE, Price(2**53 - 1, 0), "none", TODAY) == "created"


def test_a_number_has_at_least_six_digits() -> None:
    assert domain.invoice_number("R-1", 7) == "R-1-000007"
    assert domain.invoice_number("R-1", 1_234_567) == "R-1-1234567"


def test_a_void_invoice_is_reissued_once_and_a_paid_one_is_not_voided() -> None:
    domain.check_void(is_void=False, is_reissued=False, reissue=False, paid_minor=0)
    domain.check_void(is_void=True, is_reissued=False, reissue=True, paid_minor=0)
    with pytest.raises(HasPayments):
        domain.check_void(is_void=False, is_reissued=False, reissue=True, paid_minor=1)
    for is_reissued, reissue in ((False, False), (True, True), (True, False)):
        with pytest.raises(AlreadyVoid):
            domain.check_void(is_void=True, is_reissued=is_reissued, reissue=reissue, paid_minor=0)


def test_operator_and_package_are_taken_back_as_one() -> None:
    before = {"operator_id": "north", "package_id": "10", "name": "Rahim"}
    after = {"operator_id": "south", "package_id": "20", "name": "Karim"}
    assert domain.fields_to_restore(before, after, after) == (["operator_id", "package_id", "name"], [])
    package_since = after | {"package_id": "30"}
    assert domain.fields_to_restore(before, after, package_since) == (["name"], ["operator_id", "package_id"])
    assert domain.fields_to_restore(before, after, before) == ([], [])
