from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.payer import Payer
    from ..models.payment_warning import PaymentWarning
    from ..models.signed import Signed


T = TypeVar("T", bound="PaymentRecorded")


@_attrs_define
class PaymentRecorded:
    """A payment that was just recorded, with what is odd about it.

    Attributes:
        id (UUID): The payment's id.
        bill_id (None | UUID): The bill that it was recorded on; null for a lump sum.
        customer_id (UUID): Whose money it is.
        customer (None | Payer): The same, with their name; null where they have moved out of the caller's reach.
        amount_minor (int): What was received.
        allocated_minor (int): What of it settles bills now; under a bill, what of it settles that bill.
        credit_minor (int): What of it is the customer's credit now.
        currency (str): The currency of the amounts.
        method (str): How it was paid, such as `cash`.
        paid_on (datetime.date): The day of the payment, in the billing time zone.
        recorded_at (datetime.datetime): When it was recorded.
        recorded_by (str): The user's e-mail address, `partner:<name>` or `provider:<name>`.
        recorded_by_name (str): What whoever recorded it is called.
        source (str): Where it came from.
        external_id (None | str): What the partner or the provider calls it.
        reference (None | str): The payer's reference.
        note (None | str): A note of whoever recorded it.
        reversed_ (bool): Whether it was taken back.
        reversal (None | Signed): Who took it back, when and why.
        warnings (list[PaymentWarning]): Earlier payments with the same reference that stand; empty where nothing is
            odd.
    """

    id: UUID
    bill_id: None | UUID
    customer_id: UUID
    customer: None | Payer
    amount_minor: int
    allocated_minor: int
    credit_minor: int
    currency: str
    method: str
    paid_on: datetime.date
    recorded_at: datetime.datetime
    recorded_by: str
    recorded_by_name: str
    source: str
    external_id: None | str
    reference: None | str
    note: None | str
    reversed_: bool
    reversal: None | Signed
    warnings: list[PaymentWarning]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.payer import Payer  # noqa: PLC0415
        from ..models.signed import Signed  # noqa: PLC0415

        id = str(self.id)

        bill_id: None | str
        if isinstance(self.bill_id, UUID):
            bill_id = str(self.bill_id)
        else:
            bill_id = self.bill_id

        customer_id = str(self.customer_id)

        customer: dict[str, Any] | None
        if isinstance(self.customer, Payer):
            customer = self.customer.to_dict()
        else:
            customer = self.customer

        amount_minor = self.amount_minor

        allocated_minor = self.allocated_minor

        credit_minor = self.credit_minor

        currency = self.currency

        method = self.method

        paid_on = self.paid_on.isoformat()

        recorded_at = self.recorded_at.isoformat()

        recorded_by = self.recorded_by

        recorded_by_name = self.recorded_by_name

        source = self.source

        external_id: None | str
        external_id = self.external_id

        reference: None | str
        reference = self.reference

        note: None | str
        note = self.note

        reversed_ = self.reversed_

        reversal: dict[str, Any] | None
        if isinstance(self.reversal, Signed):
            reversal = self.reversal.to_dict()
        else:
            reversal = self.reversal

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "bill_id": bill_id,
                "customer_id": customer_id,
                "customer": customer,
                "amount_minor": amount_minor,
                "allocated_minor": allocated_minor,
                "credit_minor": credit_minor,
                "currency": currency,
                "method": method,
                "paid_on": paid_on,
                "recorded_at": recorded_at,
                "recorded_by": recorded_by,
                "recorded_by_name": recorded_by_name,
                "source": source,
                "external_id": external_id,
                "reference": reference,
                "note": note,
                "reversed": reversed_,
                "reversal": reversal,
                "warnings": warnings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.payer import Payer  # noqa: PLC0415
        from ..models.payment_warning import PaymentWarning  # noqa: PLC0415
        from ..models.signed import Signed  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

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

        customer_id = UUID(d.pop("customer_id"))

        def _parse_customer(data: object) -> None | Payer:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                customer_type_0 = Payer.from_dict(data)

                return customer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Payer, data)

        customer = _parse_customer(d.pop("customer"))

        amount_minor = d.pop("amount_minor")

        allocated_minor = d.pop("allocated_minor")

        credit_minor = d.pop("credit_minor")

        currency = d.pop("currency")

        method = d.pop("method")

        paid_on = datetime.date.fromisoformat(d.pop("paid_on"))

        recorded_at = datetime.datetime.fromisoformat(d.pop("recorded_at"))

        recorded_by = d.pop("recorded_by")

        recorded_by_name = d.pop("recorded_by_name")

        source = d.pop("source")

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        reversed_ = d.pop("reversed")

        def _parse_reversal(data: object) -> None | Signed:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reversal_type_0 = Signed.from_dict(data)

                return reversal_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Signed, data)

        reversal = _parse_reversal(d.pop("reversal"))

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:
            warnings_item = PaymentWarning.from_dict(warnings_item_data)

            warnings.append(warnings_item)

        payment_recorded = cls(
            id=id,
            bill_id=bill_id,
            customer_id=customer_id,
            customer=customer,
            amount_minor=amount_minor,
            allocated_minor=allocated_minor,
            credit_minor=credit_minor,
            currency=currency,
            method=method,
            paid_on=paid_on,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            recorded_by_name=recorded_by_name,
            source=source,
            external_id=external_id,
            reference=reference,
            note=note,
            reversed_=reversed_,
            reversal=reversal,
            warnings=warnings,
        )

        payment_recorded.additional_properties = d
        return payment_recorded

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
