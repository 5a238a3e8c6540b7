from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.logo_shown_media_type import LogoShownMediaType, check_logo_shown_media_type

T = TypeVar("T", bound="LogoShown")


@_attrs_define
class LogoShown:
    """A logo as documents bear it.

    Attributes:
        url (str): Where the picture is fetched.
        media_type (LogoShownMediaType): What kind of picture it is.
        size_bytes (int): Its size.
        width (int): Its width in pixels.
        height (int): Its height in pixels.
        transparent (bool): Whether one can see through parts of it.
        note (str): What was done to the picture that came.
        file_name (str): What the file was called that came.
    """

    url: str
    media_type: LogoShownMediaType
    size_bytes: int
    width: int
    height: int
    transparent: bool
    note: str
    file_name: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        media_type: str = self.media_type

        size_bytes = self.size_bytes

        width = self.width

        height = self.height

        transparent = self.transparent

        note = self.note

        file_name = self.file_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "url": url,
                "media_type": media_type,
                "size_bytes": size_bytes,
                "width": width,
                "height": height,
                "transparent": transparent,
                "note": note,
                "file_name": file_name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        media_type = check_logo_shown_media_type(d.pop("media_type"))

        size_bytes = d.pop("size_bytes")

        width = d.pop("width")

        height = d.pop("height")

        transparent = d.pop("transparent")

        note = d.pop("note")

        file_name = d.pop("file_name")

        logo_shown = cls(
            url=url,
            media_type=media_type,
            size_bytes=size_bytes,
            width=width,
            height=height,
            transparent=transparent,
            note=note,
            file_name=file_name,
        )

        logo_shown.additional_properties = d
        return logo_shown

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
