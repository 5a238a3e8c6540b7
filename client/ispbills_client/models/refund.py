from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Refund")


@_attrs_define
class Refund:
    """How much credit goes back, and why.

    Attributes:
        reason (str): Why, for whoever reads it later; never a card number.
        amount_minor (int): What is paid back, at most the credit.
    """

    reason: str
    amount_minor: int

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        amount_minor = self.amount_minor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "amount_minor": amount_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        amount_minor = d.pop("amount_minor")

        refund = cls(
            reason=reason,
            amount_minor=amount_minor,
        )

        return refund
