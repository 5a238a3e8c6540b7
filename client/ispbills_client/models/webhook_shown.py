from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_shown_disabled_reason_type_0 import (
    WebhookShownDisabledReasonType0,
    check_webhook_shown_disabled_reason_type_0,
)
from ..models.webhook_shown_types_item import WebhookShownTypesItem, check_webhook_shown_types_item

T = TypeVar("T", bound="WebhookShown")


@_attrs_define
class WebhookShown:
    """An endpoint, without its secret.

    Attributes:
        id (UUID): The endpoint's id.
        operator_id (UUID): Whose events it hears: the operator's and those of everyone below.
        url (str): Where events are sent.
        description (str): What it is for.
        types (list[WebhookShownTypesItem]): Of which events it hears.
        enabled (bool): Whether it hears of anything.
        disabled_reason (None | WebhookShownDisabledReasonType0): Why it hears of nothing: somebody switched it off, it
            failed for days, or it answered 410.
        failing_since (datetime.datetime | None): Since when it has taken nothing; null while it answers.
        previous_secret_until (datetime.datetime | None): Until when the secret before this one signs too.
        created_at (datetime.datetime): When it was made; nothing from before is sent.
    """

    id: UUID
    operator_id: UUID
    url: str
    description: str
    types: list[WebhookShownTypesItem]
    enabled: bool
    disabled_reason: None | WebhookShownDisabledReasonType0
    failing_since: datetime.datetime | None
    previous_secret_until: datetime.datetime | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        operator_id = str(self.operator_id)

        url = self.url

        description = self.description

        types = []
        for types_item_data in self.types:
            types_item: str = types_item_data
            types.append(types_item)

        enabled = self.enabled

        disabled_reason: None | str
        if isinstance(self.disabled_reason, str):
            disabled_reason = self.disabled_reason
        else:
            disabled_reason = self.disabled_reason

        failing_since: None | str
        if isinstance(self.failing_since, datetime.datetime):
            failing_since = self.failing_since.isoformat()
        else:
            failing_since = self.failing_since

        previous_secret_until: None | str
        if isinstance(self.previous_secret_until, datetime.datetime):
            previous_secret_until = self.previous_secret_until.isoformat()
        else:
            previous_secret_until = self.previous_secret_until

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "operator_id": operator_id,
                "url": url,
                "description": description,
                "types": types,
                "enabled": enabled,
                "disabled_reason": disabled_reason,
                "failing_since": failing_since,
                "previous_secret_until": previous_secret_until,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        operator_id = UUID(d.pop("operator_id"))

        url = d.pop("url")

        description = d.pop("description")

        types = []
        _types = d.pop("types")
        for types_item_data in _types:
            types_item = check_webhook_shown_types_item(types_item_data)

            types.append(types_item)

        enabled = d.pop("enabled")

        def _parse_disabled_reason(data: object) -> None | WebhookShownDisabledReasonType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_reason_type_0 = check_webhook_shown_disabled_reason_type_0(data)

                return disabled_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WebhookShownDisabledReasonType0, data)

        disabled_reason = _parse_disabled_reason(d.pop("disabled_reason"))

        def _parse_failing_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failing_since_type_0 = datetime.datetime.fromisoformat(data)

                return failing_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        failing_since = _parse_failing_since(d.pop("failing_since"))

        def _parse_previous_secret_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                previous_secret_until_type_0 = datetime.datetime.fromisoformat(data)

                return previous_secret_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        previous_secret_until = _parse_previous_secret_until(d.pop("previous_secret_until"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        webhook_shown = cls(
            id=id,
            operator_id=operator_id,
            url=url,
            description=description,
            types=types,
            enabled=enabled,
            disabled_reason=disabled_reason,
            failing_since=failing_since,
            previous_secret_until=previous_secret_until,
            created_at=created_at,
        )

        webhook_shown.additional_properties = d
        return webhook_shown

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
