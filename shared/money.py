"""Money: whole minor units with a currency, and the one rounding that the product has."""

from __future__ import annotations

from dataclasses import dataclass

BASIS_POINTS = 10_000
MONEY_MAX = 2**53 - 1  # as the contracts have it: what any reader of JSON can carry


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies cannot be added."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (paisa, cents) of one currency (ISO 4217)."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other


def vat_minor(net_minor: int, basis_points: int) -> int:
    """VAT on a net amount, rounded half up to a whole minor unit: the remainder goes to the state."""
    return (net_minor * basis_points + BASIS_POINTS // 2) // BASIS_POINTS
