from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payment_gateway_shown_provider import (
    PaymentGatewayShownProvider,
    check_payment_gateway_shown_provider,
)

if TYPE_CHECKING:
    from ..models.owner import Owner


T = TypeVar("T", bound="PaymentGatewayShown")


@_attrs_define
class PaymentGatewayShown:
    """A payment gateway without its secrets.

    Attributes:
        id (None | UUID): The gateway's id; null where the operator has none of its own.
        provider (PaymentGatewayShownProvider): Who takes the money.
        operator_id (UUID): Whose gateway is asked for.
        configured (bool): Whether the operator has one of its own.
        enabled (bool): Whether customers can pay by it.
        base_url (None | str): The provider's host, where it is not its usual one.
        minimum_minor (int | None): The least that can be paid by it.
        maximum_minor (int | None): The most that can be paid by it.
        unverified (bool): Whether its provider did not answer when it was saved.
        inherited_from (None | Owner): By whose gateway the operator collects meanwhile.
    """

    id: None | UUID
    provider: PaymentGatewayShownProvider
    operator_id: UUID
    configured: bool
    enabled: bool
    base_url: None | str
    minimum_minor: int | None
    maximum_minor: int | None
    unverified: bool
    inherited_from: None | Owner
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.owner import Owner  # noqa: PLC0415

        id: None | str
        if isinstance(self.id, UUID):
            id = str(self.id)
        else:
            id = self.id

        provider: str = self.provider

        operator_id = str(self.operator_id)

        configured = self.configured

        enabled = self.enabled

        base_url: None | str
        base_url = self.base_url

        minimum_minor: int | None
        minimum_minor = self.minimum_minor

        maximum_minor: int | None
        maximum_minor = self.maximum_minor

        unverified = self.unverified

        inherited_from: dict[str, Any] | None
        if isinstance(self.inherited_from, Owner):
            inherited_from = self.inherited_from.to_dict()
        else:
            inherited_from = self.inherited_from

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "provider": provider,
                "operator_id": operator_id,
                "configured": configured,
                "enabled": enabled,
                "base_url": base_url,
                "minimum_minor": minimum_minor,
                "maximum_minor": maximum_minor,
                "unverified": unverified,
                "inherited_from": inherited_from,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.owner import Owner  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                id_type_0 = UUID(data)

                return id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        id = _parse_id(d.pop("id"))

        provider = check_payment_gateway_shown_provider(d.pop("provider"))

        operator_id = UUID(d.pop("operator_id"))

        configured = d.pop("configured")

        enabled = d.pop("enabled")

        def _parse_base_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        base_url = _parse_base_url(d.pop("base_url"))

        def _parse_minimum_minor(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        minimum_minor = _parse_minimum_minor(d.pop("minimum_minor"))

        def _parse_maximum_minor(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        maximum_minor = _parse_maximum_minor(d.pop("maximum_minor"))

        unverified = d.pop("unverified")

        def _parse_inherited_from(data: object) -> None | Owner:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                inherited_from_type_0 = Owner.from_dict(data)

                return inherited_from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Owner, data)

        inherited_from = _parse_inherited_from(d.pop("inherited_from"))

        payment_gateway_shown = cls(
            id=id,
            provider=provider,
            operator_id=operator_id,
            configured=configured,
            enabled=enabled,
            base_url=base_url,
            minimum_minor=minimum_minor,
            maximum_minor=maximum_minor,
            unverified=unverified,
            inherited_from=inherited_from,
        )

        payment_gateway_shown.additional_properties = d
        return payment_gateway_shown

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
