from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.run_customer_outcome import RunCustomerOutcome, check_run_customer_outcome

T = TypeVar("T", bound="RunCustomer")


@_attrs_define
class RunCustomer:
    """One customer of a run, and the outcome.

    Attributes:
        customer_id (UUID): The customer.
        code (str): The customer's code.
        outcome (RunCustomerOutcome): What the run did.
        reason (None | str): Why there is no bill.
        bill_id (None | UUID): The bill, if there is one.
    """

    customer_id: UUID
    code: str
    outcome: RunCustomerOutcome
    reason: None | str
    bill_id: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        code = self.code

        outcome: str = self.outcome

        reason: None | str
        reason = self.reason

        bill_id: None | str
        if isinstance(self.bill_id, UUID):
            bill_id = str(self.bill_id)
        else:
            bill_id = self.bill_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "code": code,
                "outcome": outcome,
                "reason": reason,
                "bill_id": bill_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        code = d.pop("code")

        outcome = check_run_customer_outcome(d.pop("outcome"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

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

        run_customer = cls(
            customer_id=customer_id,
            code=code,
            outcome=outcome,
            reason=reason,
            bill_id=bill_id,
        )

        run_customer.additional_properties = d
        return run_customer

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
