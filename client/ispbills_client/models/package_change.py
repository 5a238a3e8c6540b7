from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PackageChange")


@_attrs_define
class PackageChange:
    """Changes of a package.

    Attributes:
        name (str | Unset): Another name.
        price_minor (int | Unset): Another price of a month, without VAT.
        vat_basis_points (int | Unset): Another rate of VAT, in hundredths of a percent.
    """

    name: str | Unset = UNSET
    price_minor: int | Unset = UNSET
    vat_basis_points: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        price_minor = self.price_minor

        vat_basis_points = self.vat_basis_points

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if price_minor is not UNSET:
            field_dict["price_minor"] = price_minor
        if vat_basis_points is not UNSET:
            field_dict["vat_basis_points"] = vat_basis_points

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        price_minor = d.pop("price_minor", UNSET)

        vat_basis_points = d.pop("vat_basis_points", UNSET)

        package_change = cls(
            name=name,
            price_minor=price_minor,
            vat_basis_points=vat_basis_points,
        )

        return package_change
