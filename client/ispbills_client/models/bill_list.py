from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.bill_item import BillItem
    from ..models.totals import Totals


T = TypeVar("T", bound="BillList")


@_attrs_define
class BillList:
    """A page of bills with the totals of the whole filter.

    Attributes:
        items (list[BillItem]): The page's bills.
        next_cursor (None | str): The `cursor` of the next page; null on the last one.
        totals (Totals): The sums over a whole filter, whatever the page.
        as_of (datetime.datetime): The time that the figures are of.
    """

    items: list[BillItem]
    next_cursor: None | str
    totals: Totals
    as_of: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        next_cursor: None | str
        next_cursor = self.next_cursor

        totals = self.totals.to_dict()

        as_of = self.as_of.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "next_cursor": next_cursor,
                "totals": totals,
                "as_of": as_of,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bill_item import BillItem  # noqa: PLC0415
        from ..models.totals import Totals  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = BillItem.from_dict(items_item_data)

            items.append(items_item)

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        totals = Totals.from_dict(d.pop("totals"))

        as_of = datetime.datetime.fromisoformat(d.pop("as_of"))

        bill_list = cls(
            items=items,
            next_cursor=next_cursor,
            totals=totals,
            as_of=as_of,
        )

        bill_list.additional_properties = d
        return bill_list

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
