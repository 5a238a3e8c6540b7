from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.sms_template_language import SmsTemplateLanguage, check_sms_template_language
from ..models.sms_template_template import SmsTemplateTemplate, check_sms_template_template
from ..types import UNSET, Unset

T = TypeVar("T", bound="SmsTemplate")


@_attrs_define
class SmsTemplate:
    """A text of the operator's own; null: that of the nearest operator above counts again.

    Attributes:
        template (SmsTemplateTemplate): Which message.
        language (SmsTemplateLanguage): In which language.
        text (None | str): The text; null takes that of the nearest above again.
        operator_id (None | Unset | UUID): Whose text; the caller's own operator's where none is named.
    """

    template: SmsTemplateTemplate
    language: SmsTemplateLanguage
    text: None | str
    operator_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        template: str = self.template

        language: str = self.language

        text: None | str
        text = self.text

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "template": template,
                "language": language,
                "text": text,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        template = check_sms_template_template(d.pop("template"))

        language = check_sms_template_language(d.pop("language"))

        def _parse_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text = _parse_text(d.pop("text"))

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

        sms_template = cls(
            template=template,
            language=language,
            text=text,
            operator_id=operator_id,
        )

        return sms_template
