from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..models.reminder_rule_change_language import (
    ReminderRuleChangeLanguage,
    check_reminder_rule_change_language,
)
from ..models.reminder_rule_change_template import (
    ReminderRuleChangeTemplate,
    check_reminder_rule_change_template,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReminderRuleChange")


@_attrs_define
class ReminderRuleChange:
    """Changes of a rule; it stays with its operator.

    Attributes:
        days (int | Unset): Days from the due date, negative before it.
        template (ReminderRuleChangeTemplate | Unset): Which text is sent.
        language (ReminderRuleChangeLanguage | Unset): In which language; `operator`: in that of the documents of the
            bill's operator.
        enabled (bool | Unset): Whether it is on.
        exclude_operator_ids (list[UUID] | Unset): Operators below whose customers are left in peace.
    """

    days: int | Unset = UNSET
    template: ReminderRuleChangeTemplate | Unset = UNSET
    language: ReminderRuleChangeLanguage | Unset = UNSET
    enabled: bool | Unset = UNSET
    exclude_operator_ids: list[UUID] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        days = self.days

        template: str | Unset = UNSET
        if not isinstance(self.template, Unset):
            template = self.template

        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language

        enabled = self.enabled

        exclude_operator_ids: list[str] | Unset = UNSET
        if not isinstance(self.exclude_operator_ids, Unset):
            exclude_operator_ids = []
            for exclude_operator_ids_item_data in self.exclude_operator_ids:
                exclude_operator_ids_item = str(exclude_operator_ids_item_data)
                exclude_operator_ids.append(exclude_operator_ids_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if days is not UNSET:
            field_dict["days"] = days
        if template is not UNSET:
            field_dict["template"] = template
        if language is not UNSET:
            field_dict["language"] = language
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if exclude_operator_ids is not UNSET:
            field_dict["exclude_operator_ids"] = exclude_operator_ids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        days = d.pop("days", UNSET)

        _template = d.pop("template", UNSET)
        template: ReminderRuleChangeTemplate | Unset
        if isinstance(_template, Unset):
            template = UNSET
        else:
            template = check_reminder_rule_change_template(_template)

        _language = d.pop("language", UNSET)
        language: ReminderRuleChangeLanguage | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = check_reminder_rule_change_language(_language)

        enabled = d.pop("enabled", UNSET)

        _exclude_operator_ids = d.pop("exclude_operator_ids", UNSET)
        exclude_operator_ids: list[UUID] | Unset = UNSET
        if _exclude_operator_ids is not UNSET:
            exclude_operator_ids = []
            for exclude_operator_ids_item_data in _exclude_operator_ids:
                exclude_operator_ids_item = UUID(exclude_operator_ids_item_data)

                exclude_operator_ids.append(exclude_operator_ids_item)

        reminder_rule_change = cls(
            days=days,
            template=template,
            language=language,
            enabled=enabled,
            exclude_operator_ids=exclude_operator_ids,
        )

        return reminder_rule_change
