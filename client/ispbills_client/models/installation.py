from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.database import Database
    from ..models.process import Process
    from ..models.rebuild import Rebuild
    from ..models.standing_partition import StandingPartition


T = TypeVar("T", bound="Installation")


@_attrs_define
class Installation:
    """Everything that whoever runs the installation looks at first.

    Attributes:
        as_of (datetime.datetime): When this was read.
        needs_a_person (int): Open letters, partitions that stand still, and processes that are silent.
        processes (list[Process]): Each process, whether or not it was ever heard of.
        lag_records (int): Records that wait, of all of them.
        lag_seconds (float): How long the oldest has waited.
        outbox_rows (int): Messages that wait for Kafka.
        outbox_seconds (float): How long the oldest has waited.
        letters (int): Open letters.
        letters_today (int): Those of the last 24 hours.
        partitions (list[StandingPartition]): Partitions that stand still.
        database (Database): The database as it says.
        road_heard_at (datetime.datetime | None): When Kafka brought something last.
        rebuild (None | Rebuild): A rebuild of the view, while there is one.
    """

    as_of: datetime.datetime
    needs_a_person: int
    processes: list[Process]
    lag_records: int
    lag_seconds: float
    outbox_rows: int
    outbox_seconds: float
    letters: int
    letters_today: int
    partitions: list[StandingPartition]
    database: Database
    road_heard_at: datetime.datetime | None
    rebuild: None | Rebuild
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rebuild import Rebuild  # noqa: PLC0415

        as_of = self.as_of.isoformat()

        needs_a_person = self.needs_a_person

        processes = []
        for processes_item_data in self.processes:
            processes_item = processes_item_data.to_dict()
            processes.append(processes_item)

        lag_records = self.lag_records

        lag_seconds = self.lag_seconds

        outbox_rows = self.outbox_rows

        outbox_seconds = self.outbox_seconds

        letters = self.letters

        letters_today = self.letters_today

        partitions = []
        for partitions_item_data in self.partitions:
            partitions_item = partitions_item_data.to_dict()
            partitions.append(partitions_item)

        database = self.database.to_dict()

        road_heard_at: None | str
        if isinstance(self.road_heard_at, datetime.datetime):
            road_heard_at = self.road_heard_at.isoformat()
        else:
            road_heard_at = self.road_heard_at

        rebuild: dict[str, Any] | None
        if isinstance(self.rebuild, Rebuild):
            rebuild = self.rebuild.to_dict()
        else:
            rebuild = self.rebuild

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "as_of": as_of,
                "needs_a_person": needs_a_person,
                "processes": processes,
                "lag_records": lag_records,
                "lag_seconds": lag_seconds,
                "outbox_rows": outbox_rows,
                "outbox_seconds": outbox_seconds,
                "letters": letters,
                "letters_today": letters_today,
                "partitions": partitions,
                "database": database,
                "road_heard_at": road_heard_at,
                "rebuild": rebuild,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.database import Database  # noqa: PLC0415
        from ..models.process import Process  # noqa: PLC0415
        from ..models.rebuild import Rebuild  # noqa: PLC0415
        from ..models.standing_partition import StandingPartition  # noqa: PLC0415

        d = dict(src_dict)
        as_of = datetime.datetime.fromisoformat(d.pop("as_of"))

        needs_a_person = d.pop("needs_a_person")

        processes = []
        _processes = d.pop("processes")
        for processes_item_data in _processes:
            processes_item = Process.from_dict(processes_item_data)

            processes.append(processes_item)

        lag_records = d.pop("lag_records")

        lag_seconds = d.pop("lag_seconds")

        outbox_rows = d.pop("outbox_rows")

        outbox_seconds = d.pop("outbox_seconds")

        letters = d.pop("letters")

        letters_today = d.pop("letters_today")

        partitions = []
        _partitions = d.pop("partitions")
        for partitions_item_data in _partitions:
            partitions_item = StandingPartition.from_dict(partitions_item_data)

            partitions.append(partitions_item)

        database = Database.from_dict(d.pop("database"))

        def _parse_road_heard_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                road_heard_at_type_0 = datetime.datetime.fromisoformat(data)

                return road_heard_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        road_heard_at = _parse_road_heard_at(d.pop("road_heard_at"))

        def _parse_rebuild(data: object) -> None | Rebuild:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rebuild_type_0 = Rebuild.from_dict(data)

                return rebuild_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Rebuild, data)

        rebuild = _parse_rebuild(d.pop("rebuild"))

        installation = cls(
            as_of=as_of,
            needs_a_person=needs_a_person,
            processes=processes,
            lag_records=lag_records,
            lag_seconds=lag_seconds,
            outbox_rows=outbox_rows,
            outbox_seconds=outbox_seconds,
            letters=letters,
            letters_today=letters_today,
            partitions=partitions,
            database=database,
            road_heard_at=road_heard_at,
            rebuild=rebuild,
        )

        installation.additional_properties = d
        return installation

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
