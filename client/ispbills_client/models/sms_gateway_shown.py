from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sms_gateway_shown_provider_type_0 import (
    SmsGatewayShownProviderType0,
    check_sms_gateway_shown_provider_type_0,
)

if TYPE_CHECKING:
    from ..models.sms_gateway_shown_settings import SmsGatewayShownSettings


T = TypeVar("T", bound="SmsGatewayShown")


@_attrs_define
class SmsGatewayShown:
    """An SMS gateway without its secret.

    Attributes:
        id (None | UUID): The gateway's id; null where the operator has none of its own.
        operator_id (UUID): Whose gateway it is.
        provider (None | SmsGatewayShownProviderType0): Who sends the messages.
        priority (int | None): Its place among the operator's gateways, the lowest first.
        enabled (bool): Whether messages go by it.
        base_url (None | str): The provider's host, where it is not its usual one.
        settings (SmsGatewayShownSettings): What this provider has to set.
        has_secret (bool): Whether it has a secret.
        secret_sealed_at (datetime.datetime | None): Since when.
        sending_from (None | str): The hour from which it sends.
        sending_until (None | str): The hour until which it sends.
        per_minute (int | None): The most messages a minute.
        cost_per_segment_minor (int | None): What a part of a message costs.
        changed_by (None | str): Who changed it last.
        changed_at (datetime.datetime | None): When.
    """

    id: None | UUID
    operator_id: UUID
    provider: None | SmsGatewayShownProviderType0
    priority: int | None
    enabled: bool
    base_url: None | str
    settings: SmsGatewayShownSettings
    has_secret: bool
    secret_sealed_at: datetime.datetime | None
    sending_from: None | str
    sending_until: None | str
    per_minute: int | None
    cost_per_segment_minor: int | None
    changed_by: None | str
    changed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id: None | str
        if isinstance(self.id, UUID):
            id = str(self.id)
        else:
            id = self.id

        operator_id = str(self.operator_id)

        provider: None | str
        if isinstance(self.provider, str):
            provider = self.provider
        else:
            provider = self.provider

        priority: int | None
        priority = self.priority

        enabled = self.enabled

        base_url: None | str
        base_url = self.base_url

        settings = self.settings.to_dict()

        has_secret = self.has_secret

        secret_sealed_at: None | str
        if isinstance(self.secret_sealed_at, datetime.datetime):
            secret_sealed_at = self.secret_sealed_at.isoformat()
        else:
            secret_sealed_at = self.secret_sealed_at

        sending_from: None | str
        sending_from = self.sending_from

        sending_until: None | str
        sending_until = self.sending_until

        per_minute: int | None
        per_minute = self.per_minute

        cost_per_segment_minor: int | None
        cost_per_segment_minor = self.cost_per_segment_minor

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
                "id": id,
                "operator_id": operator_id,
                "provider": provider,
                "priority": priority,
                "enabled": enabled,
                "base_url": base_url,
                "settings": settings,
                "has_secret": has_secret,
                "secret_sealed_at": secret_sealed_at,
                "sending_from": sending_from,
                "sending_until": sending_until,
                "per_minute": per_minute,
                "cost_per_segment_minor": cost_per_segment_minor,
                "changed_by": changed_by,
                "changed_at": changed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sms_gateway_shown_settings import SmsGatewayShownSettings  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                id_type_0 = UUID(data)

                return id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        id = _parse_id(d.pop("id"))

        operator_id = UUID(d.pop("operator_id"))

        def _parse_provider(data: object) -> None | SmsGatewayShownProviderType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                provider_type_0 = check_sms_gateway_shown_provider_type_0(data)

                return provider_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SmsGatewayShownProviderType0, data)

        provider = _parse_provider(d.pop("provider"))

        def _parse_priority(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        priority = _parse_priority(d.pop("priority"))

        enabled = d.pop("enabled")

        def _parse_base_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        base_url = _parse_base_url(d.pop("base_url"))

        settings = SmsGatewayShownSettings.from_dict(d.pop("settings"))

        has_secret = d.pop("has_secret")

        def _parse_secret_sealed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                secret_sealed_at_type_0 = datetime.datetime.fromisoformat(data)

                return secret_sealed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        secret_sealed_at = _parse_secret_sealed_at(d.pop("secret_sealed_at"))

        def _parse_sending_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sending_from = _parse_sending_from(d.pop("sending_from"))

        def _parse_sending_until(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sending_until = _parse_sending_until(d.pop("sending_until"))

        def _parse_per_minute(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        per_minute = _parse_per_minute(d.pop("per_minute"))

        def _parse_cost_per_segment_minor(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        cost_per_segment_minor = _parse_cost_per_segment_minor(d.pop("cost_per_segment_minor"))

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

        sms_gateway_shown = cls(
            id=id,
            operator_id=operator_id,
            provider=provider,
            priority=priority,
            enabled=enabled,
            base_url=base_url,
            settings=settings,
            has_secret=has_secret,
            secret_sealed_at=secret_sealed_at,
            sending_from=sending_from,
            sending_until=sending_until,
            per_minute=per_minute,
            cost_per_segment_minor=cost_per_segment_minor,
            changed_by=changed_by,
            changed_at=changed_at,
        )

        sms_gateway_shown.additional_properties = d
        return sms_gateway_shown

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
