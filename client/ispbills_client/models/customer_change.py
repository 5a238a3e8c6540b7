from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.customer_change_billing_cycle import (
    CustomerChangeBillingCycle,
    check_customer_change_billing_cycle,
)
from ..models.customer_change_status import CustomerChangeStatus, check_customer_change_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="CustomerChange")


@_attrs_define
class CustomerChange:
    """Changes of a customer; a number of null takes it away.

    Attributes:
        code (str | Unset): Another code, unique within their operator.
        name (str | Unset): Another name.
        mobile (None | str | Unset): Another mobile, in any spelling of the installation's country; null takes it away.
        alternate_mobile (None | str | Unset): Another number beside it; null takes it away.
        address (str | Unset): Another address.
        operator_id (UUID | Unset): The operator that they move to.
        package_id (UUID | Unset): The package that they change to, for invoices yet to come.
        status (CustomerChangeStatus | Unset): Whether they are served.
        billing_cycle (CustomerChangeBillingCycle | Unset): How often they are billed.
        since (datetime.date | Unset): Since when they are a customer.
    """

    code: str | Unset = UNSET
    name: str | Unset = UNSET
    mobile: None | str | Unset = UNSET
    alternate_mobile: None | str | Unset = UNSET
    address: str | Unset = UNSET
    operator_id: UUID | Unset = UNSET
    package_id: UUID | Unset = UNSET
    status: CustomerChangeStatus | Unset = UNSET
    billing_cycle: CustomerChangeBillingCycle | Unset = UNSET
    since: datetime.date | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        name = self.name

        mobile: None | str | Unset
        if isinstance(self.mobile, Unset):
            mobile = UNSET
        else:
            mobile = self.mobile

        alternate_mobile: None | str | Unset
        if isinstance(self.alternate_mobile, Unset):
            alternate_mobile = UNSET
        else:
            alternate_mobile = self.alternate_mobile

        address = self.address

        operator_id: str | Unset = UNSET
        if not isinstance(self.operator_id, Unset):
            operator_id = str(self.operator_id)

        package_id: str | Unset = UNSET
        if not isinstance(self.package_id, Unset):
            package_id = str(self.package_id)

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        billing_cycle: str | Unset = UNSET
        if not isinstance(self.billing_cycle, Unset):
            billing_cycle = self.billing_cycle

        since: str | Unset = UNSET
        if not isinstance(self.since, Unset):
            since = self.since.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if code is not UNSET:
            field_dict["code"] = code
        if name is not UNSET:
            field_dict["name"] = name
        if mobile is not UNSET:
            field_dict["mobile"] = mobile
        if alternate_mobile is not UNSET:
            field_dict["alternate_mobile"] = alternate_mobile
        if address is not UNSET:
            field_dict["address"] = address
        if operator_id is not UNSET:
            field_dict["operator_id"] = operator_id
        if package_id is not UNSET:
            field_dict["package_id"] = package_id
        if status is not UNSET:
            field_dict["status"] = status
        if billing_cycle is not UNSET:
            field_dict["billing_cycle"] = billing_cycle
        if since is not UNSET:
            field_dict["since"] = since

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code", UNSET)

        name = d.pop("name", UNSET)

        def _parse_mobile(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        mobile = _parse_mobile(d.pop("mobile", UNSET))

        def _parse_alternate_mobile(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        alternate_mobile = _parse_alternate_mobile(d.pop("alternate_mobile", UNSET))

        address = d.pop("address", UNSET)

        _operator_id = d.pop("operator_id", UNSET)
        operator_id: UUID | Unset
        if isinstance(_operator_id, Unset):
            operator_id = UNSET
        else:
            operator_id = UUID(_operator_id)

        _package_id = d.pop("package_id", UNSET)
        package_id: UUID | Unset
        if isinstance(_package_id, Unset):
            package_id = UNSET
        else:
            package_id = UUID(_package_id)

        _status = d.pop("status", UNSET)
        status: CustomerChangeStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_customer_change_status(_status)

        _billing_cycle = d.pop("billing_cycle", UNSET)
        billing_cycle: CustomerChangeBillingCycle | Unset
        if isinstance(_billing_cycle, Unset):
            billing_cycle = UNSET
        else:
            billing_cycle = check_customer_change_billing_cycle(_billing_cycle)

        _since = d.pop("since", UNSET)
        since: datetime.date | Unset
        if isinstance(_since, Unset):
            since = UNSET
        else:
            since = datetime.date.fromisoformat(_since)

        customer_change = cls(
            code=code,
            name=name,
            mobile=mobile,
            alternate_mobile=alternate_mobile,
            address=address,
            operator_id=operator_id,
            package_id=package_id,
            status=status,
            billing_cycle=billing_cycle,
            since=since,
        )

        return customer_change
