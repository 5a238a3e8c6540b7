from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BillingSettings")


@_attrs_define
class BillingSettings:
    """Settings to change; the rest stays.

    Attributes:
        time_zone (str | Unset): The IANA time zone in which days begin.
        currency (str | Unset): The installation's one currency; fixed after the first invoice.
        due_days (int | Unset): Days from issue to the last day to pay.
        billing_from (str | Unset): The first month that may be billed.
        link_valid_hours (int | Unset): How long a payment link can be paid at.
        default_vat_basis_points (int | Unset): The rate of VAT that a new package starts with, in hundredths of a
            percent.
    """

    time_zone: str | Unset = UNSET
    currency: str | Unset = UNSET
    due_days: int | Unset = UNSET
    billing_from: str | Unset = UNSET
    link_valid_hours: int | Unset = UNSET
    default_vat_basis_points: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        time_zone = self.time_zone

        currency = self.currency

        due_days = self.due_days

        billing_from = self.billing_from

        link_valid_hours = self.link_valid_hours

        default_vat_basis_points = self.default_vat_basis_points

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if currency is not UNSET:
            field_dict["currency"] = currency
        if due_days is not UNSET:
            field_dict["due_days"] = due_days
        if billing_from is not UNSET:
            field_dict["billing_from"] = billing_from
        if link_valid_hours is not UNSET:
            field_dict["link_valid_hours"] = link_valid_hours
        if default_vat_basis_points is not UNSET:
            field_dict["default_vat_basis_points"] = default_vat_basis_points

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        time_zone = d.pop("time_zone", UNSET)

        currency = d.pop("currency", UNSET)

        due_days = d.pop("due_days", UNSET)

        billing_from = d.pop("billing_from", UNSET)

        link_valid_hours = d.pop("link_valid_hours", UNSET)

        default_vat_basis_points = d.pop("default_vat_basis_points", UNSET)

        billing_settings = cls(
            time_zone=time_zone,
            currency=currency,
            due_days=due_days,
            billing_from=billing_from,
            link_valid_hours=link_valid_hours,
            default_vat_basis_points=default_vat_basis_points,
        )

        return billing_settings
