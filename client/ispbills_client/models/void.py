from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Void")


@_attrs_define
class Void:
    """Why, and whether a bill with today's package follows.

    Attributes:
        reason (str): Why, for whoever reads it later; never a card number.
        reissue (bool | Unset): Whether a bill with today's package replaces it. Default: False.
    """

    reason: str
    reissue: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        reissue = self.reissue

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if reissue is not UNSET:
            field_dict["reissue"] = reissue

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        reissue = d.pop("reissue", UNSET)

        void = cls(
            reason=reason,
            reissue=reissue,
        )

        return void
