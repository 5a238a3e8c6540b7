from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..models.user_change_role import UserChangeRole, check_user_change_role
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserChange")


@_attrs_define
class UserChange:
    """Changes of a user.

    Attributes:
        name (str | Unset): Another name.
        role (UserChangeRole | Unset): Another role.
        operator_id (UUID | Unset): Another operator whose subtree they reach.
        password (str | Unset): Another password, which ends the user's sessions.
        active (bool | Unset): Whether they may sign in; false ends the user's sessions.
    """

    name: str | Unset = UNSET
    role: UserChangeRole | Unset = UNSET
    operator_id: UUID | Unset = UNSET
    password: str | Unset = UNSET
    active: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        role: str | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role

        operator_id: str | Unset = UNSET
        if not isinstance(self.operator_id, Unset):
            operator_id = str(self.operator_id)

        password = self.password

        active = self.active

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if role is not UNSET:
            field_dict["role"] = role
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if password is not UNSET:
            field_dict["password"] = password
        if active is not UNSET:
            field_dict["active"] = active

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        _role = d.pop("role", UNSET)
        role: UserChangeRole | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = check_user_change_role(_role)

        _operator_id = d.pop("operator_id", UNSET)
        operator_id: UUID | Unset
        if isinstance(_operator_id, Unset):
            operator_id = UNSET
        else:
            operator_id = UUID(_operator_id)

        password = d.pop("password", UNSET)

        active = d.pop("active", UNSET)

        user_change = cls(
            name=name,
            role=role,
            operator_id=operator_id,
            password=password,
            active=active,
        )

        return user_change
