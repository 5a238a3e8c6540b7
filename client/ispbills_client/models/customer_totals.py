from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CustomerTotals")


@_attrs_define
class CustomerTotals:
    """The sums over a whole filter, whatever the page.

    Attributes:
        count (int): How many customers.
        balance_minor (int): What they owe together.
        currency (str): The currency of the sum.
    """

    count: int
    balance_minor: int
    currency: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        balance_minor = self.balance_minor

        currency = self.currency

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "balance_minor": balance_minor,
                "currency": currency,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        count = d.pop("count")

        balance_minor = d.pop("balance_minor")

        currency = d.pop("currency")

        customer_totals = cls(
            count=count,
            balance_minor=balance_minor,
            currency=currency,
        )

        customer_totals.additional_properties = d
        return customer_totals

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
