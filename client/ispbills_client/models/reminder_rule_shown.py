from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reminder_rule_shown_language import (
    ReminderRuleShownLanguage,
    check_reminder_rule_shown_language,
)
from ..models.reminder_rule_shown_template import (
    ReminderRuleShownTemplate,
    check_reminder_rule_shown_template,
)

if TYPE_CHECKING:
    from ..models.named import Named


T = TypeVar("T", bound="ReminderRuleShown")


@_attrs_define
class ReminderRuleShown:
    """A reminder rule.

    Attributes:
        id (UUID): The rule's id.
        operator_id (UUID): Whose subtree it reminds.
        operator (Named): Something by its id, with the name that people know it by.
        days (int): Days from the due date, negative before it.
        template (ReminderRuleShownTemplate): Which text is sent.
        language (ReminderRuleShownLanguage): In which language; `operator`: in that of the documents of the bill's
            operator.
        enabled (bool): Whether it is on.
        exclude_operator_ids (list[UUID]): Operators below whose customers are left in peace.
    """

    id: UUID
    operator_id: UUID
    operator: Named
    days: int
    template: ReminderRuleShownTemplate
    language: ReminderRuleShownLanguage
    enabled: bool
    exclude_operator_ids: list[UUID]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        operator_id = str(self.operator_id)

        operator = self.operator.to_dict()

        days = self.days

        template: str = self.template

        language: str = self.language

        enabled = self.enabled

        exclude_operator_ids = []
        for exclude_operator_ids_item_data in self.exclude_operator_ids:
            exclude_operator_ids_item = str(exclude_operator_ids_item_data)
            exclude_operator_ids.append(exclude_operator_ids_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "operator_id": operator_id,
                "operator": operator,
                "days": days,
                "template": template,
                "language": language,
                "enabled": enabled,
                "exclude_operator_ids": exclude_operator_ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.named import Named  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        operator_id = UUID(d.pop("operator_id"))

        operator = Named.from_dict(d.pop("operator"))

        days = d.pop("days")

        template = check_reminder_rule_shown_template(d.pop("template"))

        language = check_reminder_rule_shown_language(d.pop("language"))

        enabled = d.pop("enabled")

        exclude_operator_ids = []
        _exclude_operator_ids = d.pop("exclude_operator_ids")
        for exclude_operator_ids_item_data in _exclude_operator_ids:
            exclude_operator_ids_item = UUID(exclude_operator_ids_item_data)

            exclude_operator_ids.append(exclude_operator_ids_item)

        reminder_rule_shown = cls(
            id=id,
            operator_id=operator_id,
            operator=operator,
            days=days,
            template=template,
            language=language,
            enabled=enabled,
            exclude_operator_ids=exclude_operator_ids,
        )

        reminder_rule_shown.additional_properties = d
        return reminder_rule_shown

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
