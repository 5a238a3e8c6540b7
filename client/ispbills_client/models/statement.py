from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.entry import Entry


T = TypeVar("T", bound="Statement")


@_attrs_define
class Statement:
    """A customer's account between two days: opening + billed - paid = closing; below zero is credit.

    Attributes:
        from_ (datetime.date): The first day.
        to (datetime.date): The last day.
        customer_id (UUID): Whose account it is.
        currency (str): The currency of the amounts.
        opening_minor (int): What was owed before the first day.
        entries (list[Entry]): The movements, oldest first.
        closing_minor (int): What is owed after the last day.
    """

    from_: datetime.date
    to: datetime.date
    customer_id: UUID
    currency: str
    opening_minor: int
    entries: list[Entry]
    closing_minor: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_.isoformat()

        to = self.to.isoformat()

        customer_id = str(self.customer_id)

        currency = self.currency

        opening_minor = self.opening_minor

        entries = []
        for entries_item_data in self.entries:
            entries_item = entries_item_data.to_dict()
            entries.append(entries_item)

        closing_minor = self.closing_minor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "from": from_,
                "to": to,
                "customer_id": customer_id,
                "currency": currency,
                "opening_minor": opening_minor,
                "entries": entries,
                "closing_minor": closing_minor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.entry import Entry  # noqa: PLC0415

        d = dict(src_dict)
        from_ = datetime.date.fromisoformat(d.pop("from"))

        to = datetime.date.fromisoformat(d.pop("to"))

        customer_id = UUID(d.pop("customer_id"))

        currency = d.pop("currency")

        opening_minor = d.pop("opening_minor")

        entries = []
        _entries = d.pop("entries")
        for entries_item_data in _entries:
            entries_item = Entry.from_dict(entries_item_data)

            entries.append(entries_item)

        closing_minor = d.pop("closing_minor")

        statement = cls(
            from_=from_,
            to=to,
            customer_id=customer_id,
            currency=currency,
            opening_minor=opening_minor,
            entries=entries,
            closing_minor=closing_minor,
        )

        statement.additional_properties = d
        return statement

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
