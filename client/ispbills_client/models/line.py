from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Line")


@_attrs_define
class Line:
    """A line of a bill, as it was issued.

    Attributes:
        description (str): What is billed.
        quantity (int): How many of it.
        unit_minor (int): The price of one, without VAT.
        net_minor (int): The line without VAT.
        vat_basis_points (int): The rate of VAT, in hundredths of a percent.
        vat_minor (int): The VAT, rounded half up once for the line.
        total_minor (int): The line with VAT.
    """

    description: str
    quantity: int
    unit_minor: int
    net_minor: int
    vat_basis_points: int
    vat_minor: int
    total_minor: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        description = self.description

        quantity = self.quantity

        unit_minor = self.unit_minor

        net_minor = self.net_minor

        vat_basis_points = self.vat_basis_points

        vat_minor = self.vat_minor

        total_minor = self.total_minor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "description": description,
                "quantity": quantity,
                "unit_minor": unit_minor,
                "net_minor": net_minor,
                "vat_basis_points": vat_basis_points,
                "vat_minor": vat_minor,
                "total_minor": total_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        description = d.pop("description")

        quantity = d.pop("quantity")

        unit_minor = d.pop("unit_minor")

        net_minor = d.pop("net_minor")

        vat_basis_points = d.pop("vat_basis_points")

        vat_minor = d.pop("vat_minor")

        total_minor = d.pop("total_minor")

        line = cls(
            description=description,
            quantity=quantity,
            unit_minor=unit_minor,
            net_minor=net_minor,
            vat_basis_points=vat_basis_points,
            vat_minor=vat_minor,
            total_minor=total_minor,
        )

        line.additional_properties = d
        return line

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
