from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.refused_line import RefusedLine
    from ..models.warned import Warned


T = TypeVar("T", bound="Report")


@_attrs_define
class Report:
    """The outcome of each line: read = created + updated + unchanged + refused.

    Attributes:
        read (int): How many lines were read.
        created (int): New customers.
        updated (int): Customers that were changed.
        unchanged (int): Customers that were so already.
        refused (list[RefusedLine]): The first 1,000 lines that were not taken.
        warnings (list[Warned]): The first 1,000 lines that were taken with a doubt.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    refused: list[RefusedLine]
    warnings: list[Warned]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        read = self.read

        created = self.created

        updated = self.updated

        unchanged = self.unchanged

        refused = []
        for refused_item_data in self.refused:
            refused_item = refused_item_data.to_dict()
            refused.append(refused_item)

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "read": read,
                "created": created,
                "updated": updated,
                "unchanged": unchanged,
                "refused": refused,
                "warnings": warnings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.refused_line import RefusedLine  # noqa: PLC0415
        from ..models.warned import Warned  # noqa: PLC0415

        d = dict(src_dict)
        read = d.pop("read")

        created = d.pop("created")

        updated = d.pop("updated")

        unchanged = d.pop("unchanged")

        refused = []
        _refused = d.pop("refused")
        for refused_item_data in _refused:
            refused_item = RefusedLine.from_dict(refused_item_data)

            refused.append(refused_item)

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:
            warnings_item = Warned.from_dict(warnings_item_data)

            warnings.append(warnings_item)

        report = cls(
            read=read,
            created=created,
            updated=updated,
            unchanged=unchanged,
            refused=refused,
            warnings=warnings,
        )

        report.additional_properties = d
        return report

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
