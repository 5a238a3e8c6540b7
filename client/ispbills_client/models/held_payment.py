from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.held_payment_state import HeldPaymentState, check_held_payment_state

T = TypeVar("T", bound="HeldPayment")


@_attrs_define
class HeldPayment:
    """Money that waits to be placed, or has been placed or rejected.

    Attributes:
        id (UUID): The held payment's id.
        source (str): Where it came from: `partner:<name>` or `provider:<name>`.
        payment_id (str): What its sender calls it.
        amount_minor (int): What was received.
        currency (str): The currency that it was sent in.
        reason (str): Why it could not be placed.
        received_at (datetime.datetime): When it came.
        state (HeldPaymentState): Whether it still waits.
        our_payment_id (None | UUID): The payment that it became, once it was placed.
        bill_id (None | UUID): The bill that it was paid for, where a payment gateway took it.
        customer_id (None | UUID): Whose bill that is.
        checkout_id (None | UUID): The attempt to pay that it came from.
        bill_number (None | str): The bill's number.
        customer_name (None | str): The customer's name.
    """

    id: UUID
    source: str
    payment_id: str
    amount_minor: int
    currency: str
    reason: str
    received_at: datetime.datetime
    state: HeldPaymentState
    our_payment_id: None | UUID
    bill_id: None | UUID
    customer_id: None | UUID
    checkout_id: None | UUID
    bill_number: None | str
    customer_name: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        source = self.source

        payment_id = self.payment_id

        amount_minor = self.amount_minor

        currency = self.currency

        reason = self.reason

        received_at = self.received_at.isoformat()

        state: str = self.state

        our_payment_id: None | str
        if isinstance(self.our_payment_id, UUID):
            our_payment_id = str(self.our_payment_id)
        else:
            our_payment_id = self.our_payment_id

        bill_id: None | str
        if isinstance(self.bill_id, UUID):
            bill_id = str(self.bill_id)
        else:
            bill_id = self.bill_id

        customer_id: None | str
        if isinstance(self.customer_id, UUID):
            customer_id = str(self.customer_id)
        else:
            customer_id = self.customer_id

        checkout_id: None | str
        if isinstance(self.checkout_id, UUID):
            checkout_id = str(self.checkout_id)
        else:
            checkout_id = self.checkout_id

        bill_number: None | str
        bill_number = self.bill_number

        customer_name: None | str
        customer_name = self.customer_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "source": source,
                "payment_id": payment_id,
                "amount_minor": amount_minor,
                "currency": currency,
                "reason": reason,
                "received_at": received_at,
                "state": state,
                "our_payment_id": our_payment_id,
                "bill_id": bill_id,
                "customer_id": customer_id,
                "checkout_id": checkout_id,
                "bill_number": bill_number,
                "customer_name": customer_name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        source = d.pop("source")

        payment_id = d.pop("payment_id")

        amount_minor = d.pop("amount_minor")

        currency = d.pop("currency")

        reason = d.pop("reason")

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        state = check_held_payment_state(d.pop("state"))

        def _parse_our_payment_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                our_payment_id_type_0 = UUID(data)

                return our_payment_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        our_payment_id = _parse_our_payment_id(d.pop("our_payment_id"))

        def _parse_bill_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                bill_id_type_0 = UUID(data)

                return bill_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        bill_id = _parse_bill_id(d.pop("bill_id"))

        def _parse_customer_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                customer_id_type_0 = UUID(data)

                return customer_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        customer_id = _parse_customer_id(d.pop("customer_id"))

        def _parse_checkout_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                checkout_id_type_0 = UUID(data)

                return checkout_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        checkout_id = _parse_checkout_id(d.pop("checkout_id"))

        def _parse_bill_number(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        bill_number = _parse_bill_number(d.pop("bill_number"))

        def _parse_customer_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        customer_name = _parse_customer_name(d.pop("customer_name"))

        held_payment = cls(
            id=id,
            source=source,
            payment_id=payment_id,
            amount_minor=amount_minor,
            currency=currency,
            reason=reason,
            received_at=received_at,
            state=state,
            our_payment_id=our_payment_id,
            bill_id=bill_id,
            customer_id=customer_id,
            checkout_id=checkout_id,
            bill_number=bill_number,
            customer_name=customer_name,
        )

        held_payment.additional_properties = d
        return held_payment

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
