from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.by_method import ByMethod
    from ..models.by_source import BySource


T = TypeVar("T", bound="PaymentTotals")


@_attrs_define
class PaymentTotals:
    """The sums over a whole filter, whatever the page.

    Attributes:
        count (int): How many payments, reversed ones included.
        amount_minor (int): What came in, without what was reversed.
        reversed_count (int): How many of them were reversed.
        reversed_minor (int): What was reversed.
        by_method (list[ByMethod]): What came in by method, the most first.
        by_source (list[BySource]): Where it came from, counted without the source filter.
        with_credit_count (int): How many of which some is credit now, counted without the filter of credit.
        currency (str): The currency of the sums.
        exact (bool): False where a search matched more than was counted.
    """

    count: int
    amount_minor: int
    reversed_count: int
    reversed_minor: int
    by_method: list[ByMethod]
    by_source: list[BySource]
    with_credit_count: int
    currency: str
    exact: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        amount_minor = self.amount_minor

        reversed_count = self.reversed_count

        reversed_minor = self.reversed_minor

        by_method = []
        for by_method_item_data in self.by_method:
            by_method_item = by_method_item_data.to_dict()
            by_method.append(by_method_item)

        by_source = []
        for by_source_item_data in self.by_source:
            by_source_item = by_source_item_data.to_dict()
            by_source.append(by_source_item)

        with_credit_count = self.with_credit_count

        currency = self.currency

        exact = self.exact

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "amount_minor": amount_minor,
                "reversed_count": reversed_count,
                "reversed_minor": reversed_minor,
                "by_method": by_method,
                "by_source": by_source,
                "with_credit_count": with_credit_count,
                "currency": currency,
                "exact": exact,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.by_method import ByMethod  # noqa: PLC0415
        from ..models.by_source import BySource  # noqa: PLC0415

        d = dict(src_dict)
        count = d.pop("count")

        amount_minor = d.pop("amount_minor")

        reversed_count = d.pop("reversed_count")

        reversed_minor = d.pop("reversed_minor")

        by_method = []
        _by_method = d.pop("by_method")
        for by_method_item_data in _by_method:
            by_method_item = ByMethod.from_dict(by_method_item_data)

            by_method.append(by_method_item)

        by_source = []
        _by_source = d.pop("by_source")
        for by_source_item_data in _by_source:
            by_source_item = BySource.from_dict(by_source_item_data)

            by_source.append(by_source_item)

        with_credit_count = d.pop("with_credit_count")

        currency = d.pop("currency")

        exact = d.pop("exact")

        payment_totals = cls(
            count=count,
            amount_minor=amount_minor,
            reversed_count=reversed_count,
            reversed_minor=reversed_minor,
            by_method=by_method,
            by_source=by_source,
            with_credit_count=with_credit_count,
            currency=currency,
            exact=exact,
        )

        payment_totals.additional_properties = d
        return payment_totals

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
