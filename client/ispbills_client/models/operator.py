from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="Operator")


@_attrs_define
class Operator:
    """A new operator.

    Attributes:
        code (str): Its code, unique in the installation; its invoices are numbered with it.
        name (str): Its name.
        parent_id (UUID): The operator above it.
    """

    code: str
    name: str
    parent_id: UUID

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        name = self.name

        parent_id = str(self.parent_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "name": name,
                "parent_id": parent_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        name = d.pop("name")

        parent_id = UUID(d.pop("parent_id"))

        operator = cls(
            code=code,
            name=name,
            parent_id=parent_id,
        )

        return operator
