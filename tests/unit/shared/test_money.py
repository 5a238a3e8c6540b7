"""Money: whole minor units, one rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.money import CurrencyMismatch, Money, vat_minor


@given(net=some.integers(0, 2**53 - 1), rate=some.integers(0, 10_000))
def test_vat_is_the_exact_share_rounded_half_up(net: int, rate: int) -> None:
    exact = Fraction(net * rate, 10_000)
    assert vat_minor(net, rate) - Fraction(1, 2) <= exact < vat_minor(net, rate) + Fraction(1, 2)


@pytest.mark.parametrize(
    ("net", "rate", "vat"), [(100_000, 500, 5_000), (10, 500, 1), (9, 500, 0), (0, 1_500, 0)]
)
def test_vat_of_amounts_that_people_check_by_hand(net: int, rate: int, vat: int) -> None:
    assert vat_minor(net, rate) == vat


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "BDT") + Money(1, "USD")
