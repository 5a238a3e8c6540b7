from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.reminder import Reminder
    from ..models.reminder_plan_skipped import ReminderPlanSkipped


T = TypeVar("T", bound="ReminderPlan")


@_attrs_define
class ReminderPlan:
    """The customers who would hear from a rule on a day.

    Attributes:
        day (datetime.date): The day.
        total (int): How many would be reminded.
        reminders (list[Reminder]): The first of them.
        skipped (ReminderPlanSkipped): Why others would not, counted by reason.
    """

    day: datetime.date
    total: int
    reminders: list[Reminder]
    skipped: ReminderPlanSkipped
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        day = self.day.isoformat()

        total = self.total

        reminders = []
        for reminders_item_data in self.reminders:
            reminders_item = reminders_item_data.to_dict()
            reminders.append(reminders_item)

        skipped = self.skipped.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "day": day,
                "total": total,
                "reminders": reminders,
                "skipped": skipped,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reminder import Reminder  # noqa: PLC0415
        from ..models.reminder_plan_skipped import ReminderPlanSkipped  # noqa: PLC0415

        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

        total = d.pop("total")

        reminders = []
        _reminders = d.pop("reminders")
        for reminders_item_data in _reminders:
            reminders_item = Reminder.from_dict(reminders_item_data)

            reminders.append(reminders_item)

        skipped = ReminderPlanSkipped.from_dict(d.pop("skipped"))

        reminder_plan = cls(
            day=day,
            total=total,
            reminders=reminders,
            skipped=skipped,
        )

        reminder_plan.additional_properties = d
        return reminder_plan

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
