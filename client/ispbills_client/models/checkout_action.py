from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.checkout_action_action import CheckoutActionAction, check_checkout_action_action

T = TypeVar("T", bound="CheckoutAction")


@_attrs_define
class CheckoutAction:
    """Ask the provider once more, or give it up.

    Attributes:
        action (CheckoutActionAction): What to do.
    """

    action: CheckoutActionAction

    def to_dict(self) -> dict[str, Any]:
        action: str = self.action

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "action": action,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = check_checkout_action_action(d.pop("action"))

        checkout_action = cls(
            action=action,
        )

        return checkout_action
