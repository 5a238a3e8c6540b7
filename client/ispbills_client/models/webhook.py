from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.webhook_types_item import WebhookTypesItem, check_webhook_types_item
from ..types import UNSET, Unset

T = TypeVar("T", bound="Webhook")


@_attrs_define
class Webhook:
    """A new endpoint.

    Attributes:
        url (str): Where events are sent; `https`, and an address on the internet.
        types (list[WebhookTypesItem]): Of which events it hears.
        description (str | Unset): What it is for. Default: ''.
        operator_id (None | Unset | UUID): Whose events it hears, with everyone below; the caller's own where nobody is
            named.
    """

    url: str
    types: list[WebhookTypesItem]
    description: str | Unset = ""
    operator_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        types = []
        for types_item_data in self.types:
            types_item: str = types_item_data
            types.append(types_item)

        description = self.description

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
                "url": url,
                "types": types,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        types = []
        _types = d.pop("types")
        for types_item_data in _types:
            types_item = check_webhook_types_item(types_item_data)

            types.append(types_item)

        description = d.pop("description", UNSET)

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

        webhook = cls(
            url=url,
            types=types,
            description=description,
            operator_id=operator_id,
        )

        return webhook
