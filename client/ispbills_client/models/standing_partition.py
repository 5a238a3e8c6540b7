from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StandingPartition")


@_attrs_define
class StandingPartition:
    """A partition that a reader cannot read on, and has set aside.

    Attributes:
        id (UUID): The id.
        service (str): Who reads it.
        topic (str): The topic.
        partition (int): Its number.
        offset (int): Where it stands.
        next_offset (int | None): Where it would go on, where that is known.
        handler (str): The subscription.
        reason (str): Why it cannot be read.
        first_seen (datetime.datetime): Since when.
    """

    id: UUID
    service: str
    topic: str
    partition: int
    offset: int
    next_offset: int | None
    handler: str
    reason: str
    first_seen: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        service = self.service

        topic = self.topic

        partition = self.partition

        offset = self.offset

        next_offset: int | None
        next_offset = self.next_offset

        handler = self.handler

        reason = self.reason

        first_seen = self.first_seen.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service": service,
                "topic": topic,
                "partition": partition,
                "offset": offset,
                "next_offset": next_offset,
                "handler": handler,
                "reason": reason,
                "first_seen": first_seen,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service = d.pop("service")

        topic = d.pop("topic")

        partition = d.pop("partition")

        offset = d.pop("offset")

        def _parse_next_offset(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        next_offset = _parse_next_offset(d.pop("next_offset"))

        handler = d.pop("handler")

        reason = d.pop("reason")

        first_seen = datetime.datetime.fromisoformat(d.pop("first_seen"))

        standing_partition = cls(
            id=id,
            service=service,
            topic=topic,
            partition=partition,
            offset=offset,
            next_offset=next_offset,
            handler=handler,
            reason=reason,
            first_seen=first_seen,
        )

        standing_partition.additional_properties = d
        return standing_partition

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
