from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MessagesOfAction")


@_attrs_define
class MessagesOfAction:
    """What became of the messages that carried the links of a bulk action; live.

    Attributes:
        waiting (int): Those that are not sent yet.
        sent (int): Those that a provider has taken.
        delivered (int): Those that arrived, where a provider says so.
        failed (int): Those that were not sent.
        unknown (int): Those that nobody can tell whether they were sent.
        opened (int): Links from which somebody went on to pay.
        paid (int): Links whose bill is settled.
    """

    waiting: int
    sent: int
    delivered: int
    failed: int
    unknown: int
    opened: int
    paid: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        waiting = self.waiting

        sent = self.sent

        delivered = self.delivered

        failed = self.failed

        unknown = self.unknown

        opened = self.opened

        paid = self.paid

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "waiting": waiting,
                "sent": sent,
                "delivered": delivered,
                "failed": failed,
                "unknown": unknown,
                "opened": opened,
                "paid": paid,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        waiting = d.pop("waiting")

        sent = d.pop("sent")

        delivered = d.pop("delivered")

        failed = d.pop("failed")

        unknown = d.pop("unknown")

        opened = d.pop("opened")

        paid = d.pop("paid")

        messages_of_action = cls(
            waiting=waiting,
            sent=sent,
            delivered=delivered,
            failed=failed,
            unknown=unknown,
            opened=opened,
            paid=paid,
        )

        messages_of_action.additional_properties = d
        return messages_of_action

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
