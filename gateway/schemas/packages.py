"""Packages: bodies that add and change one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from gateway.schemas.fields import Body, Change, Name, Row, Shape, text
from shared.contracts.envelope import BasisPoints, Minor


def package(row: Row) -> Body:
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
    price_minor: Minor
    vat_basis_points: BasisPoints
    operator_id: UUID | None = None


class PackageChange(Change):
    """What may change about a package."""

    name: Name | None = None
    price_minor: Minor | None = None
    vat_basis_points: BasisPoints | None = None
