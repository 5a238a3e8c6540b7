from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.partner_limits import PartnerLimits


T = TypeVar("T", bound="PartnerShown")


@_attrs_define
class PartnerShown:
    """A partner system.

    Attributes:
        id (UUID): The partner's id.
        name (str): Its name, as it stands in the names of its topics.
        operator_id (UUID): The operator whose subtree it reaches.
        active (bool): Whether its payments are taken; a partner that was removed is kept for the payments it made.
        paused (bool): Whether what it sends is held until it is resumed.
        key_changed_at (datetime.datetime | None): When its user on Kafka was given its password; null while it has no
            user.
        limits (PartnerLimits): What a partner may do on Kafka.
    """

    id: UUID
    name: str
    operator_id: UUID
    active: bool
    paused: bool
    key_changed_at: datetime.datetime | None
    limits: PartnerLimits
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        operator_id = str(self.operator_id)

        active = self.active

        paused = self.paused

        key_changed_at: None | str
        if isinstance(self.key_changed_at, datetime.datetime):
            key_changed_at = self.key_changed_at.isoformat()
        else:
            key_changed_at = self.key_changed_at

        limits = self.limits.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "operator_id": operator_id,
                "active": active,
                "paused": paused,
                "key_changed_at": key_changed_at,
                "limits": limits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.partner_limits import PartnerLimits  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        name = d.pop("name")

        operator_id = UUID(d.pop("operator_id"))

        active = d.pop("active")

        paused = d.pop("paused")

        def _parse_key_changed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                key_changed_at_type_0 = datetime.datetime.fromisoformat(data)

                return key_changed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        key_changed_at = _parse_key_changed_at(d.pop("key_changed_at"))

        limits = PartnerLimits.from_dict(d.pop("limits"))

        partner_shown = cls(
            id=id,
            name=name,
            operator_id=operator_id,
            active=active,
            paused=paused,
            key_changed_at=key_changed_at,
            limits=limits,
        )

        partner_shown.additional_properties = d
        return partner_shown

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
