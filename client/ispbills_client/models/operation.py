from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.operation_state import OperationState, check_operation_state

if TYPE_CHECKING:
    from ..models.operation_resource_type_0 import OperationResourceType0
    from ..models.problem import Problem


T = TypeVar("T", bound="Operation")


@_attrs_define
class Operation:
    """A request that takes longer than one answer, and its end.

    Attributes:
        id (UUID): The operation's id.
        state (OperationState): `completed` once what it did can be read.
        resource (None | OperationResourceType0): The body that 200 or 201 would have had, once completed.
        problem (None | Problem): Why it was refused, where it was.
    """

    id: UUID
    state: OperationState
    resource: None | OperationResourceType0
    problem: None | Problem
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.operation_resource_type_0 import OperationResourceType0  # noqa: PLC0415
        from ..models.problem import Problem  # noqa: PLC0415

        id = str(self.id)

        state: str = self.state

        resource: dict[str, Any] | None
        if isinstance(self.resource, OperationResourceType0):
            resource = self.resource.to_dict()
        else:
            resource = self.resource

        problem: dict[str, Any] | None
        if isinstance(self.problem, Problem):
            problem = self.problem.to_dict()
        else:
            problem = self.problem

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "state": state,
                "resource": resource,
                "problem": problem,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.operation_resource_type_0 import OperationResourceType0  # noqa: PLC0415
        from ..models.problem import Problem  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        state = check_operation_state(d.pop("state"))

        def _parse_resource(data: object) -> None | OperationResourceType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                resource_type_0 = OperationResourceType0.from_dict(data)

                return resource_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OperationResourceType0, data)

        resource = _parse_resource(d.pop("resource"))

        def _parse_problem(data: object) -> None | Problem:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                problem_type_0 = Problem.from_dict(data)

                return problem_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Problem, data)

        problem = _parse_problem(d.pop("problem"))

        operation = cls(
            id=id,
            state=state,
            resource=resource,
            problem=problem,
        )

        operation.additional_properties = d
        return operation

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
