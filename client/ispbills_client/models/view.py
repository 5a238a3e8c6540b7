from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="View")


@_attrs_define
class View:
    """A filter under a name.

    Attributes:
        name (str): What to call it; unique among the caller's.
        query (str | Unset): The query string of `GET /bills`; a place in the list is left out. Default: ''.
        newest_month (bool | Unset): Whether it shows the month of the newest bill instead of one month for ever.
            Default: False.
        is_default (bool | Unset): Whether the desk opens on it, instead of on the one that it opened on before.
            Default: False.
    """

    name: str
    query: str | Unset = ""
    newest_month: bool | Unset = False
    is_default: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        query = self.query

        newest_month = self.newest_month

        is_default = self.is_default

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if query is not UNSET:
            field_dict["query"] = query
        if newest_month is not UNSET:
            field_dict["newest_month"] = newest_month
        if is_default is not UNSET:
            field_dict["is_default"] = is_default

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        query = d.pop("query", UNSET)

        newest_month = d.pop("newest_month", UNSET)

        is_default = d.pop("is_default", UNSET)

        view = cls(
            name=name,
            query=query,
            newest_month=newest_month,
            is_default=is_default,
        )

        return view
