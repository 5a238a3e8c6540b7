from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dead_letter_state import DeadLetterState, check_dead_letter_state

T = TypeVar("T", bound="DeadLetter")


@_attrs_define
class DeadLetter:
    """A record that a service could not handle, by its place; never what it held.

    Attributes:
        id (UUID): The id.
        service (str): Who keeps it.
        topic (str): The topic that it came from.
        partition (int | None): Its partition; null in letters of an earlier release.
        offset (int | None): Its offset there.
        kind (str): The type that it named.
        handler (str): The subscription that could not handle it.
        reason (str): Why.
        attempts (int): How often that was tried.
        first_seen (datetime.datetime): When it was parked.
        state (DeadLetterState): Whether it still waits for a person.
    """

    id: UUID
    service: str
    topic: str
    partition: int | None
    offset: int | None
    kind: str
    handler: str
    reason: str
    attempts: int
    first_seen: datetime.datetime
    state: DeadLetterState
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        service = self.service

        topic = self.topic

        partition: int | None
        partition = self.partition

        offset: int | None
        offset = self.offset

        kind = self.kind

        handler = self.handler

        reason = self.reason

        attempts = self.attempts

        first_seen = self.first_seen.isoformat()

        state: str = self.state

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service": service,
                "topic": topic,
                "partition": partition,
                "offset": offset,
                "kind": kind,
                "handler": handler,
                "reason": reason,
                "attempts": attempts,
                "first_seen": first_seen,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service = d.pop("service")

        topic = d.pop("topic")

        def _parse_partition(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        partition = _parse_partition(d.pop("partition"))

        def _parse_offset(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        offset = _parse_offset(d.pop("offset"))

        kind = d.pop("kind")

        handler = d.pop("handler")

        reason = d.pop("reason")

        attempts = d.pop("attempts")

        first_seen = datetime.datetime.fromisoformat(d.pop("first_seen"))

        state = check_dead_letter_state(d.pop("state"))

        dead_letter = cls(
            id=id,
            service=service,
            topic=topic,
            partition=partition,
            offset=offset,
            kind=kind,
            handler=handler,
            reason=reason,
            attempts=attempts,
            first_seen=first_seen,
            state=state,
        )

        dead_letter.additional_properties = d
        return dead_letter

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
