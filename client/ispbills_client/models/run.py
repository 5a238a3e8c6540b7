from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Run")


@_attrs_define
class Run:
    """Which month to bill, for whom, and whether only to try.

    Attributes:
        period (str): The month to bill; a future one only as a dry run.
        operator_id (None | Unset | UUID): The operator whose subtree is billed; everybody within reach where nobody is
            named.
        dry_run (bool | Unset): Whether only to try. Default: False.
    """

    period: str
    operator_id: None | Unset | UUID = UNSET
    dry_run: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        period = self.period

        operator_id: None | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        dry_run = self.dry_run

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "period": period,
            }
        )
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if dry_run is not UNSET:
            field_dict["dry_run"] = dry_run

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        period = d.pop("period")

        def _parse_operator_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                operator_id_type_0 = UUID(data)

                return operator_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        operator_id = _parse_operator_id(d.pop("operator_id", UNSET))

        dry_run = d.pop("dry_run", UNSET)

        run = cls(
            period=period,
            operator_id=operator_id,
            dry_run=dry_run,
        )

        return run
