from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Settings")


@_attrs_define
class Settings:
    """How this installation bills.

    Attributes:
        time_zone (str): The IANA time zone in which days begin.
        currency (str): The installation's one currency.
        due_days (int): Days from issue to the last day to pay.
        billing_from (None | str): The first month that may be billed.
        link_valid_hours (int): How long a payment link can be paid at.
        default_vat_basis_points (int): The rate of VAT that a new package starts with, in hundredths of a percent.
    """

    time_zone: str
    currency: str
    due_days: int
    billing_from: None | str
    link_valid_hours: int
    default_vat_basis_points: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        time_zone = self.time_zone

        currency = self.currency

        due_days = self.due_days

        billing_from: None | str
        billing_from = self.billing_from

        link_valid_hours = self.link_valid_hours

        default_vat_basis_points = self.default_vat_basis_points

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "time_zone": time_zone,
                "currency": currency,
                "due_days": due_days,
                "billing_from": billing_from,
                "link_valid_hours": link_valid_hours,
                "default_vat_basis_points": default_vat_basis_points,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        time_zone = d.pop("time_zone")

        currency = d.pop("currency")

        due_days = d.pop("due_days")

        def _parse_billing_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        billing_from = _parse_billing_from(d.pop("billing_from"))

        link_valid_hours = d.pop("link_valid_hours")

        default_vat_basis_points = d.pop("default_vat_basis_points")

        settings = cls(
            time_zone=time_zone,
            currency=currency,
            due_days=due_days,
            billing_from=billing_from,
            link_valid_hours=link_valid_hours,
            default_vat_basis_points=default_vat_basis_points,
        )

        settings.additional_properties = d
        return settings

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
