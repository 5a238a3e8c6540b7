from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReminderTry")


@_attrs_define
class ReminderTry:
    """A trial of a rule: who would hear from it; nothing is sent.

    Attributes:
        days (int): Days from the due date, negative before it.
        operator_id (None | Unset | UUID): Whose subtree; the caller's own operator's where none is named.
        exclude_operator_ids (list[UUID] | Unset): Operators below whose customers are left in peace.
        day (datetime.date | None | Unset): The day to try; today where none is named.
    """

    days: int
    operator_id: None | Unset | UUID = UNSET
    exclude_operator_ids: list[UUID] | Unset = UNSET
    day: datetime.date | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        days = self.days

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        exclude_operator_ids: list[str] | Unset = UNSET
        if not isinstance(self.exclude_operator_ids, Unset):
            exclude_operator_ids = []
            for exclude_operator_ids_item_data in self.exclude_operator_ids:
                exclude_operator_ids_item = str(exclude_operator_ids_item_data)
                exclude_operator_ids.append(exclude_operator_ids_item)

        day: None | str | Unset
        if isinstance(self.day, Unset):
            day = UNSET
        elif isinstance(self.day, datetime.date):
            day = self.day.isoformat()
        else:
            day = self.day

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "days": days,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if exclude_operator_ids is not UNSET:
            field_dict["exclude_operator_ids"] = exclude_operator_ids
        if day is not UNSET:
            field_dict["day"] = day

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        days = d.pop("days")

        def _parse_operator_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                operator_id_type_0 = UUID(data)

                return operator_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        operator_id = _parse_operator_id(d.pop("operator_id", UNSET))

        _exclude_operator_ids = d.pop("exclude_operator_ids", UNSET)
        exclude_operator_ids: list[UUID] | Unset = UNSET
        if _exclude_operator_ids is not UNSET:
            exclude_operator_ids = []
            for exclude_operator_ids_item_data in _exclude_operator_ids:
                exclude_operator_ids_item = UUID(exclude_operator_ids_item_data)

                exclude_operator_ids.append(exclude_operator_ids_item)

        def _parse_day(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                day_type_0 = datetime.date.fromisoformat(data)

                return day_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        day = _parse_day(d.pop("day", UNSET))

        reminder_try = cls(
            days=days,
            operator_id=operator_id,
            exclude_operator_ids=exclude_operator_ids,
            day=day,
        )

        return reminder_try
