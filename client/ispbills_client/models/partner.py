from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="Partner")


@_attrs_define
class Partner:
    """A new partner system.

    Attributes:
        name (str): Its name, as it stands in the names of its topics.
        operator_id (UUID): The operator whose subtree it reaches.
    """

    name: str
    operator_id: UUID

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        operator_id = str(self.operator_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "operator_id": operator_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        operator_id = UUID(d.pop("operator_id"))

        partner = cls(
            name=name,
            operator_id=operator_id,
        )

        return partner
