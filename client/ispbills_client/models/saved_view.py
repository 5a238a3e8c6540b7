from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SavedView")


@_attrs_define
class SavedView:
    """A filter of the bills list that the caller has named.

    Attributes:
        id (UUID): The view's id.
        name (str): What it is called.
        query (str): The query string of `GET /bills` that shows it, without the month where `newest_month` is true.
        newest_month (bool): Whether it shows the month of the newest bill, whichever that is.
        is_default (bool): Whether the desk opens on it.
        created_at (datetime.datetime): When it was saved.
    """

    id: UUID
    name: str
    query: str
    newest_month: bool
    is_default: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        query = self.query

        newest_month = self.newest_month

        is_default = self.is_default

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "query": query,
                "newest_month": newest_month,
                "is_default": is_default,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        name = d.pop("name")

        query = d.pop("query")

        newest_month = d.pop("newest_month")

        is_default = d.pop("is_default")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        saved_view = cls(
            id=id,
            name=name,
            query=query,
            newest_month=newest_month,
            is_default=is_default,
            created_at=created_at,
        )

        saved_view.additional_properties = d
        return saved_view

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
