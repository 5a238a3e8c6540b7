from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.payment_link_language import PaymentLinkLanguage, check_payment_link_language
from ..types import UNSET, Unset

T = TypeVar("T", bound="PaymentLink")


@_attrs_define
class PaymentLink:
    """Whether the link goes out by SMS, and in which language.

    Attributes:
        send_sms (bool | Unset): Whether the link goes out by SMS. Default: True.
        language (PaymentLinkLanguage | Unset): The language of the message. Default: 'en'.
    """

    send_sms: bool | Unset = True
    language: PaymentLinkLanguage | Unset = "en"

    def to_dict(self) -> dict[str, Any]:
        send_sms = self.send_sms

        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if send_sms is not UNSET:
            field_dict["send_sms"] = send_sms
        if language is not UNSET:
            field_dict["language"] = language

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        send_sms = d.pop("send_sms", UNSET)

        _language = d.pop("language", UNSET)
        language: PaymentLinkLanguage | Unset
        if isinstance(_language, Unset):
            language = UNSET
        else:
            language = check_payment_link_language(_language)

        payment_link = cls(
            send_sms=send_sms,
            language=language,
        )

        return payment_link
