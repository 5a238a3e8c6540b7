from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.portal_message_language import PortalMessageLanguage, check_portal_message_language
from ..types import UNSET, Unset

T = TypeVar("T", bound="PortalMessage")


@_attrs_define
class PortalMessage:
    """In which language a customer is sent the address of their page.

    Attributes:
        language (PortalMessageLanguage | Unset): The language of the message. Default: 'en'.
    """

    language: PortalMessageLanguage | Unset = "en"

    def to_dict(self) -> dict[str, Any]:
        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if language is not UNSET:
            field_dict["language"] = language

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _language = d.pop("language", UNSET)
        language: PortalMessageLanguage | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = check_portal_message_language(_language)

        portal_message = cls(
            language=language,
        )

        return portal_message
