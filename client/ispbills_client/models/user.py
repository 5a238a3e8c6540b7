from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..models.user_role import UserRole, check_user_role

T = TypeVar("T", bound="User")


@_attrs_define
class User:
    """A new user.

    Attributes:
        email (str): What they sign in with.
        name (str): What they are called.
        password (str): Their password: at least 12 characters, and none of the common ones.
        role (UserRole): What they may do, at most what the caller may.
        operator_id (UUID): The operator whose subtree they reach.
    """

    email: str
    name: str
    password: str
    role: UserRole
    operator_id: UUID

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        name = self.name

        password = self.password

        role: str = self.role

        operator_id = str(self.operator_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "name": name,
                "password": password,
                "role": role,
                "operator_id": operator_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        name = d.pop("name")

        password = d.pop("password")

        role = check_user_role(d.pop("role"))

        operator_id = UUID(d.pop("operator_id"))

        user = cls(
            email=email,
            name=name,
            password=password,
            role=role,
            operator_id=operator_id,
        )

        return user
