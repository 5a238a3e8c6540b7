from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.filter_ import Filter


T = TypeVar("T", bound="Selection")


@_attrs_define
class Selection:
    """Which bills: named one by one, or by a filter.

    Attributes:
        bill_ids (list[UUID] | None | Unset): Bills, named one by one.
        filter_ (Filter | None | Unset): Bills that a filter matches now.
    """

    bill_ids: list[UUID] | None | Unset = UNSET
    filter_: Filter | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.filter_ import Filter  # noqa: PLC0415

        bill_ids: list[str] | None | Unset
        if isinstance(self.bill_ids, Unset):
            bill_ids = UNSET
        elif isinstance(self.bill_ids, list):
            bill_ids = []
            for bill_ids_type_0_item_data in self.bill_ids:
                bill_ids_type_0_item = str(bill_ids_type_0_item_data)
                bill_ids.append(bill_ids_type_0_item)

        else:
            bill_ids = self.bill_ids

        filter_: dict[str, Any] | None | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        elif isinstance(self.filter_, Filter):
            filter_ = self.filter_.to_dict()
        else:
            filter_ = self.filter_

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if bill_ids is not UNSET:
            field_dict["bill_ids"] = bill_ids
        if filter_ is not UNSET:
            field_dict["filter"] = filter_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.filter_ import Filter  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_bill_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                bill_ids_type_0 = []
                _bill_ids_type_0 = data
                for bill_ids_type_0_item_data in _bill_ids_type_0:
                    bill_ids_type_0_item = UUID(bill_ids_type_0_item_data)

                    bill_ids_type_0.append(bill_ids_type_0_item)

                return bill_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        bill_ids = _parse_bill_ids(d.pop("bill_ids", UNSET))

        def _parse_filter_(data: object) -> Filter | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filter_type_0 = Filter.from_dict(data)

                return filter_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Filter | None | Unset, data)

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        selection = cls(
            bill_ids=bill_ids,
            filter_=filter_,
        )

        return selection
