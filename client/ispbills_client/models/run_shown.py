from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.run_shown_state import RunShownState, check_run_shown_state

if TYPE_CHECKING:
    from ..models.run_shown_skipped import RunShownSkipped


T = TypeVar("T", bound="RunShown")


@_attrs_define
class RunShown:
    """A run's progress; expected = created + already billed + skipped + failed once it has ended.

    Attributes:
        id (UUID): The run's id.
        kind (str): Who asked for it: the clock (`automatic`), a person, or *generate missing*.
        state (RunShownState): How far it is.
        period (str): The month that it bills.
        operator_id (None | UUID): The operator whose subtree it bills; null for everybody.
        package_id (None | UUID): The package that it bills; null for all.
        customer_id (None | UUID): The one customer that it bills, where there is one.
        dry_run (bool): Whether it only tries.
        expected (int): Every customer in scope.
        created (int): Who got a bill.
        already_billed (int): Who had one.
        skipped (RunShownSkipped): Who is not billed, counted by reason.
        failed (int): Who should have got one and did not.
        total_minor (int): What the created bills come to.
        currency (None | str): The currency of the total.
        requested_by (None | str): Who asked for it.
        started_at (datetime.datetime | None): When it began.
        completed_at (datetime.datetime | None): When it ended.
        is_above (bool): Whether it billed more than the caller reaches; its figures count the caller's customers alone.
    """

    id: UUID
    kind: str
    state: RunShownState
    period: str
    operator_id: None | UUID
    package_id: None | UUID
    customer_id: None | UUID
    dry_run: bool
    expected: int
    created: int
    already_billed: int
    skipped: RunShownSkipped
    failed: int
    total_minor: int
    currency: None | str
    requested_by: None | str
    started_at: datetime.datetime | None
    completed_at: datetime.datetime | None
    is_above: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind = self.kind

        state: str = self.state

        period = self.period

        operator_id: None | str
        if isinstance(self.operator_id, UUID):
            operator_id = str(self.operator_id)
        else:
            operator_id = self.operator_id

        package_id: None | str
        if isinstance(self.package_id, UUID):
            package_id = str(self.package_id)
        else:
            package_id = self.package_id

        customer_id: None | str
        if isinstance(self.customer_id, UUID):
            customer_id = str(self.customer_id)
        else:
            customer_id = self.customer_id

        dry_run = self.dry_run

        expected = self.expected

        created = self.created

        already_billed = self.already_billed

        skipped = self.skipped.to_dict()

        failed = self.failed

        total_minor = self.total_minor

        currency: None | str
        currency = self.currency

        requested_by: None | str
        requested_by = self.requested_by

        started_at: None | str
        if isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        is_above = self.is_above

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "state": state,
                "period": period,
                "operator_id": operator_id,
                "package_id": package_id,
                "customer_id": customer_id,
                "dry_run": dry_run,
                "expected": expected,
                "created": created,
                "already_billed": already_billed,
                "skipped": skipped,
                "failed": failed,
                "total_minor": total_minor,
                "currency": currency,
                "requested_by": requested_by,
                "started_at": started_at,
                "completed_at": completed_at,
                "is_above": is_above,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_shown_skipped import RunShownSkipped  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = d.pop("kind")

        state = check_run_shown_state(d.pop("state"))

        period = d.pop("period")

        def _parse_operator_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                operator_id_type_0 = UUID(data)

                return operator_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        operator_id = _parse_operator_id(d.pop("operator_id"))

        def _parse_package_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                package_id_type_0 = UUID(data)

                return package_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        package_id = _parse_package_id(d.pop("package_id"))

        def _parse_customer_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                customer_id_type_0 = UUID(data)

                return customer_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        customer_id = _parse_customer_id(d.pop("customer_id"))

        dry_run = d.pop("dry_run")

        expected = d.pop("expected")

        created = d.pop("created")

        already_billed = d.pop("already_billed")

        skipped = RunShownSkipped.from_dict(d.pop("skipped"))

        failed = d.pop("failed")

        total_minor = d.pop("total_minor")

        def _parse_currency(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        currency = _parse_currency(d.pop("currency"))

        def _parse_requested_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        requested_by = _parse_requested_by(d.pop("requested_by"))

        def _parse_started_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        started_at = _parse_started_at(d.pop("started_at"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        is_above = d.pop("is_above")

        run_shown = cls(
            id=id,
            kind=kind,
            state=state,
            period=period,
            operator_id=operator_id,
            package_id=package_id,
            customer_id=customer_id,
            dry_run=dry_run,
            expected=expected,
            created=created,
            already_billed=already_billed,
            skipped=skipped,
            failed=failed,
            total_minor=total_minor,
            currency=currency,
            requested_by=requested_by,
            started_at=started_at,
            completed_at=completed_at,
            is_above=is_above,
        )

        run_shown.additional_properties = d
        return run_shown

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
