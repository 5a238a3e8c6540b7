from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RefundShown")


@_attrs_define
class RefundShown:
    """Credit that was paid back.

    Attributes:
        id (UUID): The refund's id.
        customer_id (UUID): Who got it.
        amount_minor (int): What was paid back.
        currency (str): The currency of the amounts.
        reason (str): Why, in the words of who did it.
        refunded_by (str): The e-mail address of who did it.
        refunded_at (datetime.datetime): When.
        credit_minor (int): The credit that is left now.
    """

    id: UUID
    customer_id: UUID
    amount_minor: int
    currency: str
    reason: str
    refunded_by: str
    refunded_at: datetime.datetime
    credit_minor: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        customer_id = str(self.customer_id)

        amount_minor = self.amount_minor

        currency = self.currency

        reason = self.reason

        refunded_by = self.refunded_by

        refunded_at = self.refunded_at.isoformat()

        credit_minor = self.credit_minor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "customer_id": customer_id,
                "amount_minor": amount_minor,
                "currency": currency,
                "reason": reason,
                "refunded_by": refunded_by,
                "refunded_at": refunded_at,
                "credit_minor": credit_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        customer_id = UUID(d.pop("customer_id"))

        amount_minor = d.pop("amount_minor")

        currency = d.pop("currency")

        reason = d.pop("reason")

        refunded_by = d.pop("refunded_by")

        refunded_at = datetime.datetime.fromisoformat(d.pop("refunded_at"))

        credit_minor = d.pop("credit_minor")

        refund_shown = cls(
            id=id,
            customer_id=customer_id,
            amount_minor=amount_minor,
            currency=currency,
            reason=reason,
            refunded_by=refunded_by,
            refunded_at=refunded_at,
            credit_minor=credit_minor,
        )

        refund_shown.additional_properties = d
        return refund_shown

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
