from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.entry_kind import EntryKind, check_entry_kind

T = TypeVar("T", bound="Entry")


@_attrs_define
class Entry:
    """A movement on a customer's account.

    Attributes:
        on (datetime.date): The day, in the billing time zone.
        kind (EntryKind): What moved.
        reference (str): The bill's number, or the payer's reference; empty where there is none.
        period (None | str): The month that a bill is for.
        method (None | str): How a payment was made.
        reason (None | str): Why something was taken back.
        billed_minor (int): What was added to what is owed.
        paid_minor (int): What was taken off.
        balance_minor (int): What is owed after it; below zero is credit.
    """

    on: datetime.date
    kind: EntryKind
    reference: str
    period: None | str
    method: None | str
    reason: None | str
    billed_minor: int
    paid_minor: int
    balance_minor: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        on = self.on.isoformat()

        kind: str = self.kind

        reference = self.reference

        period: None | str
        period = self.period

        method: None | str
        method = self.method

        reason: None | str
        reason = self.reason

        billed_minor = self.billed_minor

        paid_minor = self.paid_minor

        balance_minor = self.balance_minor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "on": on,
                "kind": kind,
                "reference": reference,
                "period": period,
                "method": method,
                "reason": reason,
                "billed_minor": billed_minor,
                "paid_minor": paid_minor,
                "balance_minor": balance_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        on = datetime.date.fromisoformat(d.pop("on"))

        kind = check_entry_kind(d.pop("kind"))

        reference = d.pop("reference")

        def _parse_period(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        period = _parse_period(d.pop("period"))

        def _parse_method(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        method = _parse_method(d.pop("method"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        billed_minor = d.pop("billed_minor")

        paid_minor = d.pop("paid_minor")

        balance_minor = d.pop("balance_minor")

        entry = cls(
            on=on,
            kind=kind,
            reference=reference,
            period=period,
            method=method,
            reason=reason,
            billed_minor=billed_minor,
            paid_minor=paid_minor,
            balance_minor=balance_minor,
        )

        entry.additional_properties = d
        return entry

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
