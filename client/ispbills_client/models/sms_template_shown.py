from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sms_template_shown_language import SmsTemplateShownLanguage, check_sms_template_shown_language
from ..models.sms_template_shown_template import SmsTemplateShownTemplate, check_sms_template_shown_template

if TYPE_CHECKING:
    from ..models.named import Named


T = TypeVar("T", bound="SmsTemplateShown")


@_attrs_define
class SmsTemplateShown:
    """The text of a message, as it counts for an operator.

    Attributes:
        template (SmsTemplateShownTemplate): Which message.
        language (SmsTemplateShownLanguage): In which language.
        text (str): The text.
        is_own (bool): Whether it is the operator's own.
        inherited_from (Named | None): Whose it is otherwise; null for the one that comes with the product.
        changed_by (None | str): Who changed it last.
        changed_at (datetime.datetime | None): When.
    """

    template: SmsTemplateShownTemplate
    language: SmsTemplateShownLanguage
    text: str
    is_own: bool
    inherited_from: Named | None
    changed_by: None | str
    changed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.named import Named  # noqa: PLC0415

        template: str = self.template

        language: str = self.language

        text = self.text

        is_own = self.is_own

        inherited_from: dict[str, Any] | None
        if isinstance(self.inherited_from, Named):
            inherited_from = self.inherited_from.to_dict()
        else:
            inherited_from = self.inherited_from

        changed_by: None | str
        changed_by = self.changed_by

        changed_at: None | str
        if isinstance(self.changed_at, datetime.datetime):
            changed_at = self.changed_at.isoformat()
        else:
            changed_at = self.changed_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "template": template,
                "language": language,
                "text": text,
                "is_own": is_own,
                "inherited_from": inherited_from,
                "changed_by": changed_by,
                "changed_at": changed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.named import Named  # noqa: PLC0415

        d = dict(src_dict)
        template = check_sms_template_shown_template(d.pop("template"))

        language = check_sms_template_shown_language(d.pop("language"))

        text = d.pop("text")

        is_own = d.pop("is_own")

        def _parse_inherited_from(data: object) -> Named | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                inherited_from_type_0 = Named.from_dict(data)

                return inherited_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Named | None, data)

        inherited_from = _parse_inherited_from(d.pop("inherited_from"))

        def _parse_changed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        changed_by = _parse_changed_by(d.pop("changed_by"))

        def _parse_changed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                changed_at_type_0 = datetime.datetime.fromisoformat(data)

                return changed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        changed_at = _parse_changed_at(d.pop("changed_at"))

        sms_template_shown = cls(
            template=template,
            language=language,
            text=text,
            is_own=is_own,
            inherited_from=inherited_from,
            changed_by=changed_by,
            changed_at=changed_at,
        )

        sms_template_shown.additional_properties = d
        return sms_template_shown

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
