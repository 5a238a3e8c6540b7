from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PaymentWarning")


@_attrs_define
class PaymentWarning:
    """Something about a payment that was recorded all the same, and that somebody should look at.

    Attributes:
        code (Literal['repeated-reference']): What it is.
        field (str): The field that it is about.
        detail (str): The same in words.
        payment_id (UUID): The payment that bore the reference before.
    """

    code: Literal["repeated-reference"]
    field: str
    detail: str
    payment_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        field = self.field

        detail = self.detail

        payment_id = str(self.payment_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "field": field,
                "detail": detail,
                "payment_id": payment_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = cast(Literal["repeated-reference"], d.pop("code"))
        if code != "repeated-reference":
            raise ValueError(f"code must match const 'repeated-reference', got '{code}'")

        field = d.pop("field")

        detail = d.pop("detail")

        payment_id = UUID(d.pop("payment_id"))

        payment_warning = cls(
            code=code,
            field=field,
            detail=detail,
            payment_id=payment_id,
        )

        payment_warning.additional_properties = d
        return payment_warning

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
