from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UnbilledCustomer")


@_attrs_define
class UnbilledCustomer:
    """A customer without a bill for a month, though a run would make one.

    Attributes:
        customer_id (UUID): The customer.
        code (str): Their code.
        name (str): Their name.
        mobile (None | str): Their mobile in E.164.
        since (datetime.date): Since when they are a customer.
        operator_name (None | str): Their operator.
        package_name (str): Their package.
    """

    customer_id: UUID
    code: str
    name: str
    mobile: None | str
    since: datetime.date
    operator_name: None | str
    package_name: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        code = self.code

        name = self.name

        mobile: None | str
        mobile = self.mobile

        since = self.since.isoformat()

        operator_name: None | str
        operator_name = self.operator_name

        package_name = self.package_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "code": code,
                "name": name,
                "mobile": mobile,
                "since": since,
                "operator_name": operator_name,
                "package_name": package_name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        code = d.pop("code")

        name = d.pop("name")

        def _parse_mobile(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        mobile = _parse_mobile(d.pop("mobile"))

        since = datetime.date.fromisoformat(d.pop("since"))

        def _parse_operator_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        operator_name = _parse_operator_name(d.pop("operator_name"))

        package_name = d.pop("package_name")

        unbilled_customer = cls(
            customer_id=customer_id,
            code=code,
            name=name,
            mobile=mobile,
            since=since,
            operator_name=operator_name,
            package_name=package_name,
        )

        unbilled_customer.additional_properties = d
        return unbilled_customer

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
