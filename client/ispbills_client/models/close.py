from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Close")


@_attrs_define
class Close:
    """What signs a day off.

    Attributes:
        day (datetime.date): The day on which the money was paid.
        expected_minor (int): The cash in hand that was expected when the sheet was seen; others may have recorded more.
        counted_minor (int): The cash that was counted.
        operator_id (None | Unset | UUID): The operator whose day it is, with its subtree.
        collector (None | str | Unset): The e-mail address of the collector whose day it is.
        note (None | str | Unset): Why they differ; needed where they do.
    """

    day: datetime.date
    expected_minor: int
    counted_minor: int
    operator_id: None | Unset | UUID = UNSET
    collector: None | str | Unset = UNSET
    note: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        day = self.day.isoformat()

        expected_minor = self.expected_minor

        counted_minor = self.counted_minor

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        collector: None | str | Unset
        if isinstance(self.collector, Unset):
            collector = UNSET
        else:
            collector = self.collector

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "day": day,
                "expected_minor": expected_minor,
                "counted_minor": counted_minor,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if collector is not UNSET:
            field_dict["collector"] = collector
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

        expected_minor = d.pop("expected_minor")

        counted_minor = d.pop("counted_minor")

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

        def _parse_collector(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        collector = _parse_collector(d.pop("collector", UNSET))

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        close = cls(
            day=day,
            expected_minor=expected_minor,
            counted_minor=counted_minor,
            operator_id=operator_id,
            collector=collector,
            note=note,
        )

        return close
