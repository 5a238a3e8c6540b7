from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.logo_media_type import LogoMediaType, check_logo_media_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="Logo")


@_attrs_define
class Logo:
    """A picture as somebody has it: judged by its content, written anew, never fetched from an address.

    Attributes:
        media_type (LogoMediaType): What kind of picture it is.
        base64 (str): The picture itself.
        file_name (str | Unset): What its file is called. Default: ''.
    """

    media_type: LogoMediaType
    base64: str
    file_name: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        media_type: str = self.media_type

        base64 = self.base64

        file_name = self.file_name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "media_type": media_type,
                "base64": base64,
            }
        )
        if file_name is not UNSET:
            field_dict["file_name"] = file_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        media_type = check_logo_media_type(d.pop("media_type"))

        base64 = d.pop("base64")

        file_name = d.pop("file_name", UNSET)

        logo = cls(
            media_type=media_type,
            base64=base64,
            file_name=file_name,
        )

        return logo
