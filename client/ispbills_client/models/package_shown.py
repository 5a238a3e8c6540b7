from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PackageShown")


@_attrs_define
class PackageShown:
    """A package as it is now.

    Attributes:
        id (UUID): The package's id.
        operator_id (None | UUID): Whose subtree may sell it; null for everybody.
        name (str): Its name.
        price_minor (int): The price of a month, without VAT.
        currency (str): The currency of the price.
        vat_basis_points (int): The rate of VAT, in hundredths of a percent.
        version (int): Grows with each change.
    """

    id: UUID
    operator_id: None | UUID
    name: str
    price_minor: int
    currency: str
    vat_basis_points: int
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        operator_id: None | str
        if isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        name = self.name

        price_minor = self.price_minor

        currency = self.currency

        vat_basis_points = self.vat_basis_points

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "operator_id": operator_id,
                "name": name,
                "price_minor": price_minor,
                "currency": currency,
                "vat_basis_points": vat_basis_points,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        def _parse_operator_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                operator_id_type_0 = UUID(data)

                return operator_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        operator_id = _parse_operator_id(d.pop("operator_id"))

        name = d.pop("name")

        price_minor = d.pop("price_minor")

        currency = d.pop("currency")

        vat_basis_points = d.pop("vat_basis_points")

        version = d.pop("version")

        package_shown = cls(
            id=id,
            operator_id=operator_id,
            name=name,
            price_minor=price_minor,
            currency=currency,
            vat_basis_points=vat_basis_points,
            version=version,
        )

        package_shown.additional_properties = d
        return package_shown

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
