from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Package")


@_attrs_define
class Package:
    """A new package.

    Attributes:
        name (str): Its name.
        price_minor (int): The price of a month, without VAT.
        vat_basis_points (int): The rate of VAT, in hundredths of a percent.
        operator_id (None | Unset | UUID): Whose subtree may sell it; everybody where nobody is named.
    """

    name: str
    price_minor: int
    vat_basis_points: int
    operator_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        price_minor = self.price_minor

        vat_basis_points = self.vat_basis_points

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "price_minor": price_minor,
                "vat_basis_points": vat_basis_points,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        price_minor = d.pop("price_minor")

        vat_basis_points = d.pop("vat_basis_points")

        def _parse_operator_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                operator_id_type_0 = UUID(data)

                return operator_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        operator_id = _parse_operator_id(d.pop("operator_id", UNSET))

        package = cls(
            name=name,
            price_minor=price_minor,
            vat_basis_points=vat_basis_points,
            operator_id=operator_id,
        )

        return package
