from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="OnlineSettings")


@_attrs_define
class OnlineSettings:
    """Whether every payment that is received is confirmed by a message.

    Attributes:
        send_receipts (bool): Whether every payment that is received is confirmed by a message.
    """

    send_receipts: bool

    def to_dict(self) -> dict[str, Any]:
        send_receipts = self.send_receipts

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "send_receipts": send_receipts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        send_receipts = d.pop("send_receipts")

        online_settings = cls(
            send_receipts=send_receipts,
        )

        return online_settings
