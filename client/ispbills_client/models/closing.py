from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.collected_line import CollectedLine
    from ..models.named import Named


T = TypeVar("T", bound="Closing")


@_attrs_define
class Closing:
    """A day that was counted and signed off; it never changes.

    Attributes:
        day (datetime.date): The day on which the money was paid.
        operator (Named): Something by its id, with the name that people know it by.
        collector (None | str): The e-mail address of the collector; null for the operator's own day, with its subtree.
        collector_name (None | str): What the collector is called.
        currency (str): The currency of the amounts.
        lines (list[CollectedLine]): What was collected, by method and by where it came from.
        payments (int): How many payments.
        collected_minor (int): What was collected.
        cash_minor (int): What of it is cash taken at the desk.
        late_payments (int): Cash payments of closed days that were recorded after their day was closed.
        late_minor (int): What they add up to.
        reversed_payments (int): Cash payments of closed days that were taken back after their day was closed.
        reversed_minor (int): What they add up to.
        expected_minor (int): The cash that is expected in hand.
        id (UUID): Its id.
        counted_minor (int): The cash that was counted.
        difference_minor (int): Counted less expected: below zero something is missing.
        note (None | str): Why they differ, in the words of who signed.
        closed_by (str): The e-mail address of who signed.
        closed_by_name (str): What they are called.
        closed_at (datetime.datetime): When.
    """

    day: datetime.date
    operator: Named
    collector: None | str
    collector_name: None | str
    currency: str
    lines: list[CollectedLine]
    payments: int
    collected_minor: int
    cash_minor: int
    late_payments: int
    late_minor: int
    reversed_payments: int
    reversed_minor: int
    expected_minor: int
    id: UUID
    counted_minor: int
    difference_minor: int
    note: None | str
    closed_by: str
    closed_by_name: str
    closed_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        day = self.day.isoformat()

        operator = self.operator.to_dict()

        collector: None | str
        collector = self.collector

        collector_name: None | str
        collector_name = self.collector_name

        currency = self.currency

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        payments = self.payments

        collected_minor = self.collected_minor

        cash_minor = self.cash_minor

        late_payments = self.late_payments

        late_minor = self.late_minor

        reversed_payments = self.reversed_payments

        reversed_minor = self.reversed_minor

        expected_minor = self.expected_minor

        id = str(self.id)

        counted_minor = self.counted_minor

        difference_minor = self.difference_minor

        note: None | str
        note = self.note

        closed_by = self.closed_by

        closed_by_name = self.closed_by_name

        closed_at = self.closed_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "day": day,
                "operator": operator,
                "collector": collector,
                "collector_name": collector_name,
                "currency": currency,
                "lines": lines,
                "payments": payments,
                "collected_minor": collected_minor,
                "cash_minor": cash_minor,
                "late_payments": late_payments,
                "late_minor": late_minor,
                "reversed_payments": reversed_payments,
                "reversed_minor": reversed_minor,
                "expected_minor": expected_minor,
                "id": id,
                "counted_minor": counted_minor,
                "difference_minor": difference_minor,
                "note": note,
                "closed_by": closed_by,
                "closed_by_name": closed_by_name,
                "closed_at": closed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.collected_line import CollectedLine  # noqa: PLC0415
        from ..models.named import Named  # noqa: PLC0415

        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

        operator = Named.from_dict(d.pop("operator"))

        def _parse_collector(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        collector = _parse_collector(d.pop("collector"))

        def _parse_collector_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        collector_name = _parse_collector_name(d.pop("collector_name"))

        currency = d.pop("currency")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = CollectedLine.from_dict(lines_item_data)

            lines.append(lines_item)

        payments = d.pop("payments")

        collected_minor = d.pop("collected_minor")

        cash_minor = d.pop("cash_minor")

        late_payments = d.pop("late_payments")

        late_minor = d.pop("late_minor")

        reversed_payments = d.pop("reversed_payments")

        reversed_minor = d.pop("reversed_minor")

        expected_minor = d.pop("expected_minor")

        id = UUID(d.pop("id"))

        counted_minor = d.pop("counted_minor")

        difference_minor = d.pop("difference_minor")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        closed_by = d.pop("closed_by")

        closed_by_name = d.pop("closed_by_name")

        closed_at = datetime.datetime.fromisoformat(d.pop("closed_at"))

        closing = cls(
            day=day,
            operator=operator,
            collector=collector,
            collector_name=collector_name,
            currency=currency,
            lines=lines,
            payments=payments,
            collected_minor=collected_minor,
            cash_minor=cash_minor,
            late_payments=late_payments,
            late_minor=late_minor,
            reversed_payments=reversed_payments,
            reversed_minor=reversed_minor,
            expected_minor=expected_minor,
            id=id,
            counted_minor=counted_minor,
            difference_minor=difference_minor,
            note=note,
            closed_by=closed_by,
            closed_by_name=closed_by_name,
            closed_at=closed_at,
        )

        closing.additional_properties = d
        return closing

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
