from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.process_state import ProcessState, check_process_state

T = TypeVar("T", bound="Process")


@_attrs_define
class Process:
    """A process with all of its replicas.

    Attributes:
        name (str): What it is called.
        state (ProcessState): `silent`: nothing was heard of it for a minute; `standing`: it has set a partition aside.
        replicas (int): How many have spoken within the last minute.
        pids (list[int]): Their process ids, each on its own machine.
        versions (list[str]): The releases that they are of; two while one follows the other.
        leader (int | None): Which of them takes the outbox to Kafka.
        since (datetime.datetime | None): When the oldest of them was started.
        heard_at (datetime.datetime | None): When one of them spoke last.
        lag_records (int | None): How many records wait for it.
        lag_seconds (float | None): How long the oldest of them has waited.
        outbox_rows (int | None): How many of its messages wait for Kafka.
        outbox_seconds (float | None): How long the oldest of them has waited.
        memory_bytes (int): The memory of all of them.
    """

    name: str
    state: ProcessState
    replicas: int
    pids: list[int]
    versions: list[str]
    leader: int | None
    since: datetime.datetime | None
    heard_at: datetime.datetime | None
    lag_records: int | None
    lag_seconds: float | None
    outbox_rows: int | None
    outbox_seconds: float | None
    memory_bytes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state: str = self.state

        replicas = self.replicas

        pids = self.pids

        versions = self.versions

        leader: int | None
        leader = self.leader

        since: None | str
        if isinstance(self.since, datetime.datetime):
            since = self.since.isoformat()
        else:
            since = self.since

        heard_at: None | str
        if isinstance(self.heard_at, datetime.datetime):
            heard_at = self.heard_at.isoformat()
        else:
            heard_at = self.heard_at

        lag_records: int | None
        lag_records = self.lag_records

        lag_seconds: float | None
        lag_seconds = self.lag_seconds

        outbox_rows: int | None
        outbox_rows = self.outbox_rows

        outbox_seconds: float | None
        outbox_seconds = self.outbox_seconds

        memory_bytes = self.memory_bytes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "state": state,
                "replicas": replicas,
                "pids": pids,
                "versions": versions,
                "leader": leader,
                "since": since,
                "heard_at": heard_at,
                "lag_records": lag_records,
                "lag_seconds": lag_seconds,
                "outbox_rows": outbox_rows,
                "outbox_seconds": outbox_seconds,
                "memory_bytes": memory_bytes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = check_process_state(d.pop("state"))

        replicas = d.pop("replicas")

        pids = cast(list[int], d.pop("pids"))

        versions = cast(list[str], d.pop("versions"))

        def _parse_leader(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        leader = _parse_leader(d.pop("leader"))

        def _parse_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.datetime.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        since = _parse_since(d.pop("since"))

        def _parse_heard_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                heard_at_type_0 = datetime.datetime.fromisoformat(data)

                return heard_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        heard_at = _parse_heard_at(d.pop("heard_at"))

        def _parse_lag_records(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lag_records = _parse_lag_records(d.pop("lag_records"))

        def _parse_lag_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        lag_seconds = _parse_lag_seconds(d.pop("lag_seconds"))

        def _parse_outbox_rows(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        outbox_rows = _parse_outbox_rows(d.pop("outbox_rows"))

        def _parse_outbox_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        outbox_seconds = _parse_outbox_seconds(d.pop("outbox_seconds"))

        memory_bytes = d.pop("memory_bytes")

        process = cls(
            name=name,
            state=state,
            replicas=replicas,
            pids=pids,
            versions=versions,
            leader=leader,
            since=since,
            heard_at=heard_at,
            lag_records=lag_records,
            lag_seconds=lag_seconds,
            outbox_rows=outbox_rows,
            outbox_seconds=outbox_seconds,
            memory_bytes=memory_bytes,
        )

        process.additional_properties = d
        return process

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
