from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.filter_status_type_0 import FilterStatusType0, check_filter_status_type_0
from ..models.filter_status_type_1_item import FilterStatusType1Item, check_filter_status_type_1_item
from ..types import UNSET, Unset

T = TypeVar("T", bound="Filter")


@_attrs_define
class Filter:
    """The filter of the bills list, as a body.

    Attributes:
        operator_id (list[UUID] | Unset | UUID): Operators, each with its subtree.
        package_id (list[UUID] | Unset | UUID): Packages that were billed.
        status (FilterStatusType0 | list[FilterStatusType1Item] | Unset): How far they are paid.
        period (None | str | Unset): The month that is billed.
        from_ (datetime.date | None | Unset): The first day of issue.
        to (datetime.date | None | Unset): The last day of issue.
        overdue (bool | None | Unset): Whether something is owed after the due date.
        due_from (datetime.date | None | Unset): The first due date.
        due_to (datetime.date | None | Unset): The last due date.
        q (None | str | Unset): Words of the customer's name, code or mobile, or the beginning of a number.
    """

    operator_id: list[UUID] | Unset | UUID = UNSET
    package_id: list[UUID] | Unset | UUID = UNSET
    status: FilterStatusType0 | list[FilterStatusType1Item] | Unset = UNSET
    period: None | str | Unset = UNSET
    from_: datetime.date | None | Unset = UNSET
    to: datetime.date | None | Unset = UNSET
    overdue: bool | None | Unset = UNSET
    due_from: datetime.date | None | Unset = UNSET
    due_to: datetime.date | None | Unset = UNSET
    q: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        operator_id: list[str] | str | Unset
        if isinstance(self.operator_id, Unset):
            operator_id = UNSET
        elif isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = []
            for operator_id_type_1_item_data in self.operator_id:
                operator_id_type_1_item = str(operator_id_type_1_item_data)
                operator_id.append(operator_id_type_1_item)

        package_id: list[str] | str | Unset
        if isinstance(self.package_id, Unset):
            package_id = UNSET
        elif isinstance(self.package_id, UUID):
            package_id = str(self.package_id)
        else:
            package_id = []
            for package_id_type_1_item_data in self.package_id:
                package_id_type_1_item = str(package_id_type_1_item_data)
                package_id.append(package_id_type_1_item)

        status: list[str] | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = []
            for status_type_1_item_data in self.status:
                status_type_1_item: str = status_type_1_item_data
                status.append(status_type_1_item)

        period: None | str | Unset
        if isinstance(self.period, Unset):
            period = UNSET
        else:
            period = self.period

        from_: None | str | Unset
        if isinstance(self.from_, Unset):
            from_ = UNSET
        elif isinstance(self.from_, datetime.date):
            from_ = self.from_.isoformat()
        else:
            from_ = self.from_

        to: None | str | Unset
        if isinstance(self.to, Unset):
            to = UNSET
        elif isinstance(self.to, datetime.date):
            to = self.to.isoformat()
        else:
            to = self.to

        overdue: bool | None | Unset
        if isinstance(self.overdue, Unset):
            overdue = UNSET
        else:
            overdue = self.overdue

        due_from: None | str | Unset
        if isinstance(self.due_from, Unset):
            due_from = UNSET
        elif isinstance(self.due_from, datetime.date):
            due_from = self.due_from.isoformat()
        else:
            due_from = self.due_from

        due_to: None | str | Unset
        if isinstance(self.due_to, Unset):
            due_to = UNSET
        elif isinstance(self.due_to, datetime.date):
            due_to = self.due_to.isoformat()
        else:
            due_to = self.due_to

        q: None | str | Unset
        if isinstance(self.q, Unset):
            q = UNSET
        else:
            q = self.q

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if package_id is not UNSET:
            field_dict["package_id"] = package_id
        if status is not UNSET:
            field_dict["status"] = status
        if period is not UNSET:
            field_dict["period"] = period
        if from_ is not UNSET:
            field_dict["from"] = from_
        if to is not UNSET:
            field_dict["to"] = to
        if overdue is not UNSET:
            field_dict["overdue"] = overdue
        if due_from is not UNSET:
            field_dict["due_from"] = due_from
        if due_to is not UNSET:
            field_dict["due_to"] = due_to
        if q is not UNSET:
            field_dict["q"] = q

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_operator_id(data: object) -> list[UUID] | Unset | UUID:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                operator_id_type_0 = UUID(data)

                return operator_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            operator_id_type_1 = []
            _operator_id_type_1 = data
            for operator_id_type_1_item_data in _operator_id_type_1:
                operator_id_type_1_item = UUID(operator_id_type_1_item_data)

                operator_id_type_1.append(operator_id_type_1_item)

            return operator_id_type_1

        operator_id = _parse_operator_id(d.pop("operator_id", UNSET))

        def _parse_package_id(data: object) -> list[UUID] | Unset | UUID:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                package_id_type_0 = UUID(data)

                return package_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            package_id_type_1 = []
            _package_id_type_1 = data
            for package_id_type_1_item_data in _package_id_type_1:
                package_id_type_1_item = UUID(package_id_type_1_item_data)

                package_id_type_1.append(package_id_type_1_item)

            return package_id_type_1

        package_id = _parse_package_id(d.pop("package_id", UNSET))

        def _parse_status(data: object) -> FilterStatusType0 | list[FilterStatusType1Item] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_filter_status_type_0(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            status_type_1 = []
            _status_type_1 = data
            for status_type_1_item_data in _status_type_1:
                status_type_1_item = check_filter_status_type_1_item(status_type_1_item_data)

                status_type_1.append(status_type_1_item)

            return status_type_1

        status = _parse_status(d.pop("status", UNSET))

        def _parse_period(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        period = _parse_period(d.pop("period", UNSET))

        def _parse_from_(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                from_type_0 = datetime.date.fromisoformat(data)

                return from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        from_ = _parse_from_(d.pop("from", UNSET))

        def _parse_to(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                to_type_0 = datetime.date.fromisoformat(data)

                return to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        to = _parse_to(d.pop("to", UNSET))

        def _parse_overdue(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        overdue = _parse_overdue(d.pop("overdue", UNSET))

        def _parse_due_from(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                due_from_type_0 = datetime.date.fromisoformat(data)

                return due_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        due_from = _parse_due_from(d.pop("due_from", UNSET))

        def _parse_due_to(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                due_to_type_0 = datetime.date.fromisoformat(data)

                return due_to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        due_to = _parse_due_to(d.pop("due_to", UNSET))

        def _parse_q(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        q = _parse_q(d.pop("q", UNSET))

        filter_ = cls(
            operator_id=operator_id,
            package_id=package_id,
            status=status,
            period=period,
            from_=from_,
            to=to,
            overdue=overdue,
            due_from=due_from,
            due_to=due_to,
            q=q,
        )

        return filter_
