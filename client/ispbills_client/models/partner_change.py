from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PartnerChange")


@_attrs_define
class PartnerChange:
    """Changes of a partner system.

    Attributes:
        operator_id (UUID | Unset): Another operator whose subtree it reaches; what it sent before stays with the one
            before.
        paused (bool | Unset): Whether what it sends is held until it is resumed.
    """

    operator_id: UUID | Unset = UNSET
    paused: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        operator_id: str | Unset = UNSET
        if not isinstance(self.operator_id, Unset):
            operator_id = str(self.operator_id)

        paused = self.paused

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if paused is not UNSET:
            field_dict["paused"] = paused

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _operator_id = d.pop("operator_id", UNSET)
        operator_id: UUID | Unset
        if isinstance(_operator_id, Unset):
            operator_id = UNSET
        else:
            operator_id = UUID(_operator_id)

        paused = d.pop("paused", UNSET)

        partner_change = cls(
            operator_id=operator_id,
            paused=paused,
        )

        return partner_change
