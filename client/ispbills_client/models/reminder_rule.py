from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.reminder_rule_language import ReminderRuleLanguage, check_reminder_rule_language
from ..models.reminder_rule_template import ReminderRuleTemplate, check_reminder_rule_template
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReminderRule")


@_attrs_define
class ReminderRule:
    """A new rule; off unless it says otherwise.

    Attributes:
        days (int): Days from the due date, negative before it.
        operator_id (None | Unset | UUID): Whose subtree; the caller's own operator's where none is named.
        template (ReminderRuleTemplate | Unset): Which text is sent. Default: 'reminder'.
        language (ReminderRuleLanguage | Unset): In which language; `operator`: in that of the documents of the bill's
            operator. Default: 'operator'.
        enabled (bool | Unset): Whether it is on. Default: False.
        exclude_operator_ids (list[UUID] | Unset): Operators below whose customers are left in peace.
    """

    days: int
    operator_id: None | Unset | UUID = UNSET
    template: ReminderRuleTemplate | Unset = "reminder"
    language: ReminderRuleLanguage | Unset = "operator"
    enabled: bool | Unset = False
    exclude_operator_ids: list[UUID] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        days = self.days

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

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

        field_dict.update(
            {
                "days": days,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
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

        _template = d.pop("template", UNSET)
        template: ReminderRuleTemplate | Unset
        if isinstance(_template, Unset):
            template = UNSET
        else:
            template = check_reminder_rule_template(_template)

        _language = d.pop("language", UNSET)
        language: ReminderRuleLanguage | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = check_reminder_rule_language(_language)

        enabled = d.pop("enabled", UNSET)

        _exclude_operator_ids = d.pop("exclude_operator_ids", UNSET)
        exclude_operator_ids: list[UUID] | Unset = UNSET
        if _exclude_operator_ids is not UNSET:
            exclude_operator_ids = []
            for exclude_operator_ids_item_data in _exclude_operator_ids:
                exclude_operator_ids_item = UUID(exclude_operator_ids_item_data)

                exclude_operator_ids.append(exclude_operator_ids_item)

        reminder_rule = cls(
            days=days,
            operator_id=operator_id,
            template=template,
            language=language,
            enabled=enabled,
            exclude_operator_ids=exclude_operator_ids,
        )

        return reminder_rule
