from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.by_status import ByStatus


T = TypeVar("T", bound="Totals")


@_attrs_define
class Totals:
    """The sums over a whole filter, whatever the page.

    Attributes:
        count (int): How many bills, void ones included.
        total_minor (int): What was billed, without void bills.
        paid_minor (int): What is paid of it.
        balance_minor (int): What is still owed of it.
        currency (str): The currency of the sums.
        exact (bool): False where a search matched more than was counted.
        by_status (ByStatus): Bills counted by their status.
    """

    count: int
    total_minor: int
    paid_minor: int
    balance_minor: int
    currency: str
    exact: bool
    by_status: ByStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        total_minor = self.total_minor

        paid_minor = self.paid_minor

        balance_minor = self.balance_minor

        currency = self.currency

        exact = self.exact

        by_status = self.by_status.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "total_minor": total_minor,
                "paid_minor": paid_minor,
                "balance_minor": balance_minor,
                "currency": currency,
                "exact": exact,
                "by_status": by_status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.by_status import ByStatus  # noqa: PLC0415

        d = dict(src_dict)
        count = d.pop("count")

        total_minor = d.pop("total_minor")

        paid_minor = d.pop("paid_minor")

        balance_minor = d.pop("balance_minor")

        currency = d.pop("currency")

        exact = d.pop("exact")

        by_status = ByStatus.from_dict(d.pop("by_status"))

        totals = cls(
            count=count,
            total_minor=total_minor,
            paid_minor=paid_minor,
            balance_minor=balance_minor,
            currency=currency,
            exact=exact,
            by_status=by_status,
        )

        totals.additional_properties = d
        return totals

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
