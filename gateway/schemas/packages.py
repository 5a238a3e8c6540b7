"""Packages: bodies that add and change one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, answer
from gateway.schemas.fields import Change, Name, Row, Shape, text
from shared.contracts.envelope import BasisPoints, Currency, Minor


@answer
class PackageShown(TypedDict):
    """A package as it is now."""

    id: Id
    """The package's id."""
    operator_id: Id | None
    """Whose subtree may sell it; null for everybody."""
    name: str
    """Its name."""
    price_minor: Minor
    """The price of a month, without VAT."""
    currency: Currency
    """The currency of the price."""
    vat_basis_points: BasisPoints
    """The rate of VAT, in hundredths of a percent."""
    version: int
    """Grows with each change."""


def package(row: Row) -> PackageShown:
    """A package as it is now."""
    return {
        "id": str(row["id"]),
        "operator_id": text(row["operator_id"]),
        "name": row["name"],
        "price_minor": row["price_minor"],
        "currency": row["currency"],
        "vat_basis_points": row["vat_basis_points"],
        "version": row["version"],
    }


class Package(Shape):
    """A new package."""

    name: Name
    """Its name."""
    price_minor: Minor
    """The price of a month, without VAT."""
    vat_basis_points: BasisPoints
    """The rate of VAT, in hundredths of a percent."""
    operator_id: UUID | None = None
    """Whose subtree may sell it; everybody where nobody is named."""


class PackageChange(Change):
    """Changes of a package."""

    name: Name | None = None
    """Another name."""
    price_minor: Minor | None = None
    """Another price of a month, without VAT."""
    vat_basis_points: BasisPoints | None = None
    """Another rate of VAT, in hundredths of a percent."""
