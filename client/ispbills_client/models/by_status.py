from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ByStatus")


@_attrs_define
class ByStatus:
    """Bills counted by their status.

    Attributes:
        unpaid (int): Nothing is paid.
        partial (int): Some is paid.
        paid (int): All is paid.
        void (int): Withdrawn.
        overdue (int): Unpaid or partly paid after the due date; counted above too.
    """

    unpaid: int
    partial: int
    paid: int
    void: int
    overdue: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        unpaid = self.unpaid

        partial = self.partial

        paid = self.paid

        void = self.void

        overdue = self.overdue

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "unpaid": unpaid,
                "partial": partial,
                "paid": paid,
                "void": void,
                "overdue": overdue,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        unpaid = d.pop("unpaid")

        partial = d.pop("partial")

        paid = d.pop("paid")

        void = d.pop("void")

        overdue = d.pop("overdue")

        by_status = cls(
            unpaid=unpaid,
            partial=partial,
            paid=paid,
            void=void,
            overdue=overdue,
        )

        by_status.additional_properties = d
        return by_status

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
