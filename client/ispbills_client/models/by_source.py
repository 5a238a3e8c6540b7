from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.by_source_source import BySourceSource, check_by_source_source

T = TypeVar("T", bound="BySource")


@_attrs_define
class BySource:
    """What came in on one way.

    Attributes:
        source (BySourceSource): `desk`, a payment gateway, or a partner's system.
        count (int): How many payments, reversed ones included.
        amount_minor (int): What they add up to, without reversed ones.
    """

    source: BySourceSource
    count: int
    amount_minor: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        source: str = self.source

        count = self.count

        amount_minor = self.amount_minor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "count": count,
                "amount_minor": amount_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        source = check_by_source_source(d.pop("source"))

        count = d.pop("count")

        amount_minor = d.pop("amount_minor")

        by_source = cls(
            source=source,
            count=count,
            amount_minor=amount_minor,
        )

        by_source.additional_properties = d
        return by_source

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
