from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Reminder")


@_attrs_define
class Reminder:
    """A message that a rule would send.

    Attributes:
        bill_id (UUID): The bill.
        customer_id (UUID): Who owes it.
        number (str): The bill's number.
        customer_name (str): Who owes it, by name.
        mobile_tail (str): The last digits of the mobile.
        balance_minor (int): What is owed.
        due_on (datetime.date): The last day to pay.
    """

    bill_id: UUID
    customer_id: UUID
    number: str
    customer_name: str
    mobile_tail: str
    balance_minor: int
    due_on: datetime.date
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bill_id = str(self.bill_id)

        customer_id = str(self.customer_id)

        number = self.number

        customer_name = self.customer_name

        mobile_tail = self.mobile_tail

        balance_minor = self.balance_minor

        due_on = self.due_on.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bill_id": bill_id,
                "customer_id": customer_id,
                "number": number,
                "customer_name": customer_name,
                "mobile_tail": mobile_tail,
                "balance_minor": balance_minor,
                "due_on": due_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bill_id = UUID(d.pop("bill_id"))

        customer_id = UUID(d.pop("customer_id"))

        number = d.pop("number")

        customer_name = d.pop("customer_name")

        mobile_tail = d.pop("mobile_tail")

        balance_minor = d.pop("balance_minor")

        due_on = datetime.date.fromisoformat(d.pop("due_on"))

        reminder = cls(
            bill_id=bill_id,
            customer_id=customer_id,
            number=number,
            customer_name=customer_name,
            mobile_tail=mobile_tail,
            balance_minor=balance_minor,
            due_on=due_on,
        )

        reminder.additional_properties = d
        return reminder

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
