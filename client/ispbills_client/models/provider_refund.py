from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.provider_refund_state import ProviderRefundState, check_provider_refund_state

T = TypeVar("T", bound="ProviderRefund")


@_attrs_define
class ProviderRefund:
    """A payment's money on its way back through the gateway that took it, or back.

    Attributes:
        id (UUID): The refund's id.
        payment_id (UUID): The payment.
        amount_minor (int): What goes back.
        currency (str): The currency of the amounts.
        state (ProviderRefundState): Whether the gateway has answered, and what.
        provider (None | str): The gateway.
        reason (None | str): Why, in the words of who asked for it.
        asked_by (None | str): Who asked for it.
        asked_at (datetime.datetime | None): When.
        external_id (None | str): What the gateway calls it.
        detail (None | str): The gateway's words, where it failed.
    """

    id: UUID
    payment_id: UUID
    amount_minor: int
    currency: str
    state: ProviderRefundState
    provider: None | str
    reason: None | str
    asked_by: None | str
    asked_at: datetime.datetime | None
    external_id: None | str
    detail: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        payment_id = str(self.payment_id)

        amount_minor = self.amount_minor

        currency = self.currency

        state: str = self.state

        provider: None | str
        provider = self.provider

        reason: None | str
        reason = self.reason

        asked_by: None | str
        asked_by = self.asked_by

        asked_at: None | str
        if isinstance(self.asked_at, datetime.datetime):
            asked_at = self.asked_at.isoformat()
        else:
            asked_at = self.asked_at

        external_id: None | str
        external_id = self.external_id

        detail: None | str
        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "payment_id": payment_id,
                "amount_minor": amount_minor,
                "currency": currency,
                "state": state,
                "provider": provider,
                "reason": reason,
                "asked_by": asked_by,
                "asked_at": asked_at,
                "external_id": external_id,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        payment_id = UUID(d.pop("payment_id"))

        amount_minor = d.pop("amount_minor")

        currency = d.pop("currency")

        state = check_provider_refund_state(d.pop("state"))

        def _parse_provider(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider = _parse_provider(d.pop("provider"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_asked_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        asked_by = _parse_asked_by(d.pop("asked_by"))

        def _parse_asked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                asked_at_type_0 = datetime.datetime.fromisoformat(data)

                return asked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        asked_at = _parse_asked_at(d.pop("asked_at"))

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        provider_refund = cls(
            id=id,
            payment_id=payment_id,
            amount_minor=amount_minor,
            currency=currency,
            state=state,
            provider=provider,
            reason=reason,
            asked_by=asked_by,
            asked_at=asked_at,
            external_id=external_id,
            detail=detail,
        )

        provider_refund.additional_properties = d
        return provider_refund

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
