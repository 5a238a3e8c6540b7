from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MonthLeftOut")


@_attrs_define
class MonthLeftOut:
    """A month that was never run, and that somebody has left out on purpose.

    Attributes:
        period (str): The month.
        left_by (str): Who decided it.
        left_at (datetime.datetime): When.
        is_own (bool): Whether the caller's operator decided it, and may bring it back; otherwise one above did.
    """

    period: str
    left_by: str
    left_at: datetime.datetime
    is_own: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        left_by = self.left_by

        left_at = self.left_at.isoformat()

        is_own = self.is_own

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "period": period,
                "left_by": left_by,
                "left_at": left_at,
                "is_own": is_own,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        left_by = d.pop("left_by")

        left_at = datetime.datetime.fromisoformat(d.pop("left_at"))

        is_own = d.pop("is_own")

        month_left_out = cls(
            period=period,
            left_by=left_by,
            left_at=left_at,
            is_own=is_own,
        )

        month_left_out.additional_properties = d
        return month_left_out

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
