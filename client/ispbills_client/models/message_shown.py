from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MessageShown")


@_attrs_define
class MessageShown:
    """A message as of now, with its provider's own words.

    Attributes:
        id (UUID): The message's id.
        template (str): Which text it is.
        state (str): How far its delivery is.
        provider (None | str): Who sends it.
        code (None | str): The provider's code.
        detail (None | str): The provider's words.
        segments (int | None): How many parts it has, as telephones count.
        cost_minor (int | None): What it costs.
        at (datetime.datetime): Since when its state is so.
    """

    id: UUID
    template: str
    state: str
    provider: None | str
    code: None | str
    detail: None | str
    segments: int | None
    cost_minor: int | None
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        template = self.template

        state = self.state

        provider: None | str
        provider = self.provider

        code: None | str
        code = self.code

        detail: None | str
        detail = self.detail

        segments: int | None
        segments = self.segments

        cost_minor: int | None
        cost_minor = self.cost_minor

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "template": template,
                "state": state,
                "provider": provider,
                "code": code,
                "detail": detail,
                "segments": segments,
                "cost_minor": cost_minor,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        template = d.pop("template")

        state = d.pop("state")

        def _parse_provider(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider = _parse_provider(d.pop("provider"))

        def _parse_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        code = _parse_code(d.pop("code"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        def _parse_segments(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        segments = _parse_segments(d.pop("segments"))

        def _parse_cost_minor(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        cost_minor = _parse_cost_minor(d.pop("cost_minor"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        message_shown = cls(
            id=id,
            template=template,
            state=state,
            provider=provider,
            code=code,
            detail=detail,
            segments=segments,
            cost_minor=cost_minor,
            at=at,
        )

        message_shown.additional_properties = d
        return message_shown

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
