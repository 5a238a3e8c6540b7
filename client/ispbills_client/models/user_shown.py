from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_shown_role import UserShownRole, check_user_shown_role

T = TypeVar("T", bound="UserShown")


@_attrs_define
class UserShown:
    """A person who may sign in.

    Attributes:
        id (UUID): The user's id.
        email (str): What they sign in with.
        name (str): What they are called.
        role (UserShownRole): What they may do.
        operator_id (UUID): The operator whose subtree they reach.
        active (bool): Whether they still may.
    """

    id: UUID
    email: str
    name: str
    role: UserShownRole
    operator_id: UUID
    active: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        email = self.email

        name = self.name

        role: str = self.role

        operator_id = str(self.operator_id)

        active = self.active

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "email": email,
                "name": name,
                "role": role,
                "operator_id": operator_id,
                "active": active,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        email = d.pop("email")

        name = d.pop("name")

        role = check_user_shown_role(d.pop("role"))

        operator_id = UUID(d.pop("operator_id"))

        active = d.pop("active")

        user_shown = cls(
            id=id,
            email=email,
            name=name,
            role=role,
            operator_id=operator_id,
            active=active,
        )

        user_shown.additional_properties = d
        return user_shown

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
