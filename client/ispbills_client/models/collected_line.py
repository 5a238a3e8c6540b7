from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.collected_line_source import CollectedLineSource, check_collected_line_source

T = TypeVar("T", bound="CollectedLine")


@_attrs_define
class CollectedLine:
    """What was taken on the day by one method, on one way.

    Attributes:
        method (str): The method.
        source (CollectedLineSource): Where it came from.
        payments (int): How many payments.
        amount_minor (int): What they add up to.
        hand_over_minor (int): What of it is handed over in cash or paper.
    """

    method: str
    source: CollectedLineSource
    payments: int
    amount_minor: int
    hand_over_minor: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        method = self.method

        source: str = self.source

        payments = self.payments

        amount_minor = self.amount_minor

        hand_over_minor = self.hand_over_minor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "method": method,
                "source": source,
                "payments": payments,
                "amount_minor": amount_minor,
                "hand_over_minor": hand_over_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        method = d.pop("method")

        source = check_collected_line_source(d.pop("source"))

        payments = d.pop("payments")

        amount_minor = d.pop("amount_minor")

        hand_over_minor = d.pop("hand_over_minor")

        collected_line = cls(
            method=method,
            source=source,
            payments=payments,
            amount_minor=amount_minor,
            hand_over_minor=hand_over_minor,
        )

        collected_line.additional_properties = d
        return collected_line

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
