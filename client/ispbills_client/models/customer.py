from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.customer_billing_cycle import CustomerBillingCycle, check_customer_billing_cycle
from ..models.customer_status import CustomerStatus, check_customer_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="Customer")


@_attrs_define
class Customer:
    """A new customer.

    Attributes:
        code (str): Their code, unique within their operator.
        name (str): Their name.
        operator_id (UUID): Whose customer they are.
        package_id (UUID): What they subscribe to.
        mobile (None | str | Unset): Their mobile, in any spelling of the installation's country; a second one is the
            alternate.
        alternate_mobile (None | str | Unset): Another number of theirs.
        address (str | Unset): Where they live. Default: ''.
        status (CustomerStatus | Unset): Whether they are served. Default: 'active'.
        billing_cycle (CustomerBillingCycle | Unset): How often they are billed; only `monthly` gets invoices. Default:
            'monthly'.
        since (datetime.date | None | Unset): Since when they are a customer; today where nothing is said.
    """

    code: str
    name: str
    operator_id: UUID
    package_id: UUID
    mobile: None | str | Unset = UNSET
    alternate_mobile: None | str | Unset = UNSET
    address: str | Unset = ""
    status: CustomerStatus | Unset = "active"
    billing_cycle: CustomerBillingCycle | Unset = "monthly"
    since: datetime.date | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        name = self.name

        operator_id = str(self.operator_id)

        package_id = str(self.package_id)

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

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        billing_cycle: str | Unset = UNSET
        if not isinstance(self.billing_cycle, Unset):
            billing_cycle = self.billing_cycle

        since: None | str | Unset
        if isinstance(self.since, Unset):
            since = UNSET
        elif isinstance(self.since, datetime.date):
            since = self.since.isoformat()
        else:
            since = self.since

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "name": name,
                "operator_id": operator_id,
                "package_id": package_id,
            }
        )
        if mobile is not UNSET:
            field_dict["mobile"] = mobile
        if alternate_mobile is not UNSET:
            field_dict["alternate_mobile"] = alternate_mobile
        if address is not UNSET:
            field_dict["address"] = address
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
        code = d.pop("code")

        name = d.pop("name")

        operator_id = UUID(d.pop("operator_id"))

        package_id = UUID(d.pop("package_id"))

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

        _status = d.pop("status", UNSET)
        status: CustomerStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_customer_status(_status)

        _billing_cycle = d.pop("billing_cycle", UNSET)
        billing_cycle: CustomerBillingCycle | Unset
        if isinstance(_billing_cycle, Unset):
            billing_cycle = UNSET
        else:
            billing_cycle = check_customer_billing_cycle(_billing_cycle)

        def _parse_since(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.date.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        since = _parse_since(d.pop("since", UNSET))

        customer = cls(
            code=code,
            name=name,
            operator_id=operator_id,
            package_id=package_id,
            mobile=mobile,
            alternate_mobile=alternate_mobile,
            address=address,
            status=status,
            billing_cycle=billing_cycle,
            since=since,
        )

        return customer
