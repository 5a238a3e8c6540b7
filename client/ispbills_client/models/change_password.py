from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ChangePassword")


@_attrs_define
class ChangePassword:
    """A new password, by whoever knows the old one.

    Attributes:
        current_password (str): The password of now.
        new_password (str): The password from now on: at least 12 characters, and none of the common ones.
        revoke_tokens (bool | Unset): Whether the user's API tokens end too. Default: False.
    """

    current_password: str
    new_password: str
    revoke_tokens: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        current_password = self.current_password

        new_password = self.new_password

        revoke_tokens = self.revoke_tokens

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "current_password": current_password,
                "new_password": new_password,
            }
        )
        if revoke_tokens is not UNSET:
            field_dict["revoke_tokens"] = revoke_tokens

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        current_password = d.pop("current_password")

        new_password = d.pop("new_password")

        revoke_tokens = d.pop("revoke_tokens", UNSET)

        change_password = cls(
            current_password=current_password,
            new_password=new_password,
            revoke_tokens=revoke_tokens,
        )

        return change_password
