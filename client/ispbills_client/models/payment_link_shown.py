from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payment_link_shown_state import PaymentLinkShownState, check_payment_link_shown_state

T = TypeVar("T", bound="PaymentLinkShown")


@_attrs_define
class PaymentLinkShown:
    """A link by itself, as whoever made it is told.

    Attributes:
        url (str): Where the customer pays.
        state (PaymentLinkShownState): Whether it can still be paid at.
        expires_at (datetime.datetime): When it ends.
        opened_at (datetime.datetime | None): When it was opened first.
        id (UUID): The link's id.
        bill_id (UUID): The bill that it pays.
    """

    url: str
    state: PaymentLinkShownState
    expires_at: datetime.datetime
    opened_at: datetime.datetime | None
    id: UUID
    bill_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        state: str = self.state

        expires_at = self.expires_at.isoformat()

        opened_at: None | str
        if isinstance(self.opened_at, datetime.datetime):
            opened_at = self.opened_at.isoformat()
        else:
            opened_at = self.opened_at

        id = str(self.id)

        bill_id = str(self.bill_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "url": url,
                "state": state,
                "expires_at": expires_at,
                "opened_at": opened_at,
                "id": id,
                "bill_id": bill_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        state = check_payment_link_shown_state(d.pop("state"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        def _parse_opened_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                opened_at_type_0 = datetime.datetime.fromisoformat(data)

                return opened_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        opened_at = _parse_opened_at(d.pop("opened_at"))

        id = UUID(d.pop("id"))

        bill_id = UUID(d.pop("bill_id"))

        payment_link_shown = cls(
            url=url,
            state=state,
            expires_at=expires_at,
            opened_at=opened_at,
            id=id,
            bill_id=bill_id,
        )

        payment_link_shown.additional_properties = d
        return payment_link_shown

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
