from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PartnerLimits")


@_attrs_define
class PartnerLimits:
    """What a partner may do on Kafka.

    Attributes:
        bytes_per_second (int): Bytes a second that it may write, and as many that it may read.
        request_percentage (int): The share of one thread of the broker that its requests may take.
    """

    bytes_per_second: int
    request_percentage: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_per_second = self.bytes_per_second

        request_percentage = self.request_percentage

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes_per_second": bytes_per_second,
                "request_percentage": request_percentage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bytes_per_second = d.pop("bytes_per_second")

        request_percentage = d.pop("request_percentage")

        partner_limits = cls(
            bytes_per_second=bytes_per_second,
            request_percentage=request_percentage,
        )

        partner_limits.additional_properties = d
        return partner_limits

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
