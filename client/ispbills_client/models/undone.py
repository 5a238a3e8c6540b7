from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.refused_line import RefusedLine
    from ..models.undone_fields import UndoneFields


T = TypeVar("T", bound="Undone")


@_attrs_define
class Undone:
    """The outcome of taking an import back.

    Attributes:
        read (int): How many customers the import had made or changed.
        restored (int): Customers that are again what they were.
        closed (int): Customers whom the import had made and nobody has used.
        fields (UndoneFields): How many customers each field was put back for.
        kept (list[RefusedLine]): The first 1,000 that stayed as they are, or in the fields that are named, each with
            the reason.
    """

    read: int
    restored: int
    closed: int
    fields: UndoneFields
    kept: list[RefusedLine]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        read = self.read

        restored = self.restored

        closed = self.closed

        fields = self.fields.to_dict()

        kept = []
        for kept_item_data in self.kept:
            kept_item = kept_item_data.to_dict()
            kept.append(kept_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "read": read,
                "restored": restored,
                "closed": closed,
                "fields": fields,
                "kept": kept,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.refused_line import RefusedLine  # noqa: PLC0415
        from ..models.undone_fields import UndoneFields  # noqa: PLC0415

        d = dict(src_dict)
        read = d.pop("read")

        restored = d.pop("restored")

        closed = d.pop("closed")

        fields = UndoneFields.from_dict(d.pop("fields"))

        kept = []
        _kept = d.pop("kept")
        for kept_item_data in _kept:
            kept_item = RefusedLine.from_dict(kept_item_data)

            kept.append(kept_item)

        undone = cls(
            read=read,
            restored=restored,
            closed=closed,
            fields=fields,
            kept=kept,
        )

        undone.additional_properties = d
        return undone

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
