from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.correction_kind import CorrectionKind, check_correction_kind

T = TypeVar("T", bound="Correction")


@_attrs_define
class Correction:
    """A payment that changed a day after it was closed; it counts in the next closing.

    Attributes:
        kind (CorrectionKind): Recorded after the closing, or counted in it and taken back since.
        payment_id (UUID): The payment.
        amount_minor (int): Its amount.
        method (str): How it was paid.
        at (datetime.datetime): When it was recorded, or taken back.
    """

    kind: CorrectionKind
    payment_id: UUID
    amount_minor: int
    method: str
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        payment_id = str(self.payment_id)

        amount_minor = self.amount_minor

        method = self.method

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "payment_id": payment_id,
                "amount_minor": amount_minor,
                "method": method,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_correction_kind(d.pop("kind"))

        payment_id = UUID(d.pop("payment_id"))

        amount_minor = d.pop("amount_minor")

        method = d.pop("method")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        correction = cls(
            kind=kind,
            payment_id=payment_id,
            amount_minor=amount_minor,
            method=method,
            at=at,
        )

        correction.additional_properties = d
        return correction

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
