from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MissedMonth")


@_attrs_define
class MissedMonth:
    """A month without a run of everybody, and what one would do now.

    Attributes:
        period (str): The month.
        customers (int): Who would be billed.
        total_minor (int): What their bills would come to, at the prices of now.
        currency (str): The currency of the total.
    """

    period: str
    customers: int
    total_minor: int
    currency: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        customers = self.customers

        total_minor = self.total_minor

        currency = self.currency

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "period": period,
                "customers": customers,
                "total_minor": total_minor,
                "currency": currency,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        customers = d.pop("customers")

        total_minor = d.pop("total_minor")

        currency = d.pop("currency")

        missed_month = cls(
            period=period,
            customers=customers,
            total_minor=total_minor,
            currency=currency,
        )

        missed_month.additional_properties = d
        return missed_month

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
