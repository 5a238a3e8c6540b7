from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.sms_test_language import SmsTestLanguage, check_sms_test_language
from ..types import UNSET, Unset

T = TypeVar("T", bound="SmsTest")


@_attrs_define
class SmsTest:
    """The target of a test message; `gateway_id` tests one of several, enabled or not.

    Attributes:
        to (str): The mobile that it goes to.
        operator_id (None | Unset | UUID): Whose gateway; the caller's own operator's where none is named.
        gateway_id (None | Unset | UUID): Which of several.
        language (SmsTestLanguage | Unset): The language of the test. Default: 'en'.
    """

    to: str
    operator_id: None | Unset | UUID = UNSET
    gateway_id: None | Unset | UUID = UNSET
    language: SmsTestLanguage | Unset = "en"

    def to_dict(self) -> dict[str, Any]:
        to = self.to

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        gateway_id: None | str | Unset
        if isinstance(self.gateway_id, Unset):
            gateway_id = UNSET
        elif isinstance(self.gateway_id, UUID):
            gateway_id = str(self.gateway_id)
        else:
            gateway_id = self.gateway_id

        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "to": to,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if gateway_id is not UNSET:
            field_dict["gateway_id"] = gateway_id
        if language is not UNSET:
            field_dict["language"] = language

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        to = d.pop("to")

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

        def _parse_gateway_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                gateway_id_type_0 = UUID(data)

                return gateway_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        gateway_id = _parse_gateway_id(d.pop("gateway_id", UNSET))

        _language = d.pop("language", UNSET)
        language: SmsTestLanguage | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = check_sms_test_language(_language)

        sms_test = cls(
            to=to,
            operator_id=operator_id,
            gateway_id=gateway_id,
            language=language,
        )

        return sms_test
