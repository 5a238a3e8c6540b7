from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.me_role import MeRole, check_me_role

if TYPE_CHECKING:
    from ..models.signed_in import SignedIn


T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    """The caller.

    Attributes:
        id (UUID): The user's id.
        email (str): What they sign in with.
        name (str): What they are called.
        role (MeRole): What they may do.
        operator_id (UUID): The operator whose subtree they reach.
        user (SignedIn): A user, as they are told about themselves.
        csrf_token (None | str): What unsafe methods send as `X-CSRF-Token`; null for a token of the API.
    """

    id: UUID
    email: str
    name: str
    role: MeRole
    operator_id: UUID
    user: SignedIn
    csrf_token: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        email = self.email

        name = self.name

        role: str = self.role

        operator_id = str(self.operator_id)

        user = self.user.to_dict()

        csrf_token: None | str
        csrf_token = self.csrf_token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "email": email,
                "name": name,
                "role": role,
                "operator_id": operator_id,
                "user": user,
                "csrf_token": csrf_token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.signed_in import SignedIn  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        email = d.pop("email")

        name = d.pop("name")

        role = check_me_role(d.pop("role"))

        operator_id = UUID(d.pop("operator_id"))

        user = SignedIn.from_dict(d.pop("user"))

        def _parse_csrf_token(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        csrf_token = _parse_csrf_token(d.pop("csrf_token"))

        me = cls(
            id=id,
            email=email,
            name=name,
            role=role,
            operator_id=operator_id,
            user=user,
            csrf_token=csrf_token,
        )

        me.additional_properties = d
        return me

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
